import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { phase, temporaryRepo, writeFiles } from "../test/temporary-repo.ts";

/** Five phases: 1 adds agent.ts, 2 and 3 carry it, 4 changes it, 5 carries what 4 made of it. */
function fivePhases(): string {
  const carries = { declares: { adds: [], changes: [] }, files: { "src/agent.ts": "old\n" } };
  return temporaryRepo({
    "1-a": { ...carries, declares: { adds: ["src/agent.ts"], changes: [] } },
    "2-b": carries,
    "3-c": carries,
    "4-d": { declares: { adds: [], changes: ["src/agent.ts"] }, files: { "src/agent.ts": "other\n" } },
    "5-e": { ...carries, files: { "src/agent.ts": "other\n" } },
  });
}

const agents = (root: string) =>
  ["1-a", "2-b", "3-c", "4-d", "5-e"].map((name) =>
    readFileSync(join(root, "phases", name, "src/agent.ts"), "utf8"),
  );

function edit(root: string, name: string, text = "new\n"): string {
  writeFiles(join(root, "phases", name), { "src/agent.ts": text });
  return `phases/${name}/src/agent.ts`;
}

test("an edit goes to each phase that carries the file, up to the one that changes it", () => {
  const root = fivePhases();
  const { code, stdout, stderr } = phase(root, ["carry", edit(root, "1-a")]);
  expect(agents(root)).toEqual(["new\n", "new\n", "new\n", "other\n", "other\n"]);
  expect(stdout).toBe("Copied to phases/2-b/src/agent.ts\nCopied to phases/3-c/src/agent.ts\n");
  expect(stderr).toBe(
    "phases/4-d changes src/agent.ts: make the edit there by hand, then carry that file.\n",
  );
  expect(code).toBe(0);
});

test("an edit of the changed file goes on from there", () => {
  const root = fivePhases();
  const { code, stdout, stderr } = phase(root, ["carry", edit(root, "4-d")]);
  expect(agents(root)).toEqual(["old\n", "old\n", "old\n", "new\n", "new\n"]);
  expect([code, stdout, stderr]).toEqual([0, "Copied to phases/5-e/src/agent.ts\n", ""]);
});

test("nothing is copied when the next phase changes the file", () => {
  const root = fivePhases();
  const { code, stderr } = phase(root, ["carry", edit(root, "3-c")]);
  expect(agents(root)).toEqual(["old\n", "old\n", "new\n", "other\n", "other\n"]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    "phases/4-d changes src/agent.ts: make the edit there by hand, then carry that file.\n",
  );
});

test("nothing is copied over a copy that was edited itself", () => {
  const root = fivePhases();
  edit(root, "3-c", "precious\n");
  const { code, stderr } = phase(root, ["carry", edit(root, "1-a")]);
  expect(agents(root)).toEqual(["new\n", "old\n", "precious\n", "other\n", "other\n"]);
  expect(code).toBe(1);
  expect(stderr).toContain("phases/2-b and phases/3-c have different versions of src/agent.ts");
});

test("a new file is carried into phases that have none", () => {
  const root = fivePhases();
  writeFiles(join(root, "phases/4-d"), { "src/tools/new.ts": "tool\n" });
  expect(phase(root, ["carry", "phases/4-d/src/tools/new.ts"]).code).toBe(0);
  expect(readFileSync(join(root, "phases/5-e/src/tools/new.ts"), "utf8")).toBe("tool\n");
});

test("a path is meant from where the command was typed", () => {
  const root = fivePhases();
  edit(root, "4-d");
  const pnpm = {
    npm_lifecycle_event: "phase",
    npm_package_json: join(root, "package.json"),
    INIT_CWD: join(root, "phases/4-d"),
  };
  const { code } = phase(root, ["carry", "src/agent.ts"], pnpm);
  expect([code, agents(root)[4]]).toEqual([0, "new\n"]);
});

test("what is no phase's file is refused", () => {
  const root = fivePhases();
  expect(phase(root, ["carry", "README.md"]).stderr).toContain("is not in a phase");
  expect(phase(root, ["carry", "phases/2-b/src/none.ts"]).stderr).toBe(
    "There is no file phases/2-b/src/none.ts.\n",
  );
  expect(phase(root, ["carry", "phases/2-b/package.json"]).stderr).toContain("package.json is in neither");
});
