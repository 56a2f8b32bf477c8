import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { expect, test } from "vitest";
import { phase, temporaryRepo } from "../test/temporary-repo.ts";
import { filesBelow, findPhases, repoRoot } from "./phases.ts";

const repo = () =>
  temporaryRepo({
    "4-write": {
      declares: {},
      files: {
        "src/agent.ts": "loop\n",
        "src/tools/index.ts": "a\nb\n",
        "src/old.ts": "gone\n",
        "test/t.ts": "1\n",
      },
    },
    "5-shell": {
      declares: {},
      files: {
        "src/agent.ts": "loop\n",
        "src/tools/index.ts": "a\nc\n",
        "src/tools/run.ts": "run\n",
        "test/t.ts": "2\n",
      },
    },
  });

const index = `--- phases/4-write/src/tools/index.ts
+++ phases/5-shell/src/tools/index.ts
@@ -1,2 +1,2 @@
 a
-b
+c
`;
const run = `--- /dev/null
+++ phases/5-shell/src/tools/run.ts
@@ -0,0 +1,1 @@
+run
`;
const old = `--- phases/4-write/src/old.ts
+++ /dev/null
@@ -1,1 +0,0 @@
-gone
`;

test("a diff holds the source files that differ and no other, new ones as added", () => {
  const { code, stdout, stderr } = phase(repo(), ["diff", "4", "5"]);
  expect(stdout).toBe(old + index + run);
  expect(stderr).toBe("Files: 1 new, 1 changed, 1 gone, 1 carried. Lines: +2 −2.\n");
  expect(code).toBe(0);
});

test("one phase's diff is the diff from the phase before it", () => {
  expect(phase(repo(), ["5", "diff"]).stdout).toBe(old + index + run);
});

test("all of the first phase is new", () => {
  const { stdout } = phase(repo(), ["4", "diff", "agent.ts"]);
  expect(stdout).toBe("--- /dev/null\n+++ phases/4-write/src/agent.ts\n@@ -0,0 +1,1 @@\n+loop\n");
});

test.each([["src/tools/index.ts"], ["tools/index.ts"], ["index.ts"], ["phases/4-write/src/tools/index.ts"]])(
  "a file can be named as %s",
  (file) => {
    expect(phase(repo(), ["diff", "4", "5", file]).stdout).toBe(index);
  },
);

test("a file that is in neither phase is an error that lists those that are", () => {
  const { code, stdout, stderr } = phase(repo(), ["diff", "4", "5", "dex.ts"]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("src/agent.ts, src/old.ts, src/tools/index.ts, src/tools/run.ts");
});

test("it needs no git", () => {
  expect(phase(repo(), ["diff", "4", "5"], { PATH: "" }).stdout).toBe(old + index + run);
});

test("a reader that stops early ends it quietly", () => {
  const main = join(repoRoot, "packages/phase-cli/src/main.js");
  const script = `"${process.execPath}" "${main}" diff 1 2 | "${process.execPath}" -e "process.stdin.destroy()"`;
  const { stderr } = spawnSync(script, { shell: true, encoding: "utf8" });
  expect(stderr).not.toContain("EPIPE");
});

test("lines are coloured where colours are wanted", () => {
  const { stdout } = phase(repo(), ["diff", "4", "5", "index.ts"], { FORCE_COLOR: "1" });
  expect(stdout).toContain("\u001b[31m-b\u001b[39m\n\u001b[32m+c\u001b[39m\n");
});

test("a phase's diff, applied to the phase before, gives the phase", () => {
  const phases = findPhases(repoRoot);
  for (const [before, { number, folder }] of phases.slice(1).map((each, at) => [phases[at], each] as const)) {
    const read = (of: string, path: string) => readFileSync(join(of, "src", path), "utf8");
    const built = new Map(
      filesBelow(join(before?.folder ?? "", "src")).map((path) => [path, read(before?.folder ?? "", path)]),
    );
    for (const patch of parsePatch(phase(repoRoot, [String(number), "diff"]).stdout)) {
      const path = patch.newFileName?.replace(/^phases\/[^/]+\/src\//, "") ?? "";
      built.set(path, applyPatch(built.get(path) ?? "", patch) || "");
    }
    const whole = filesBelow(join(folder, "src")).map((path) => [path, read(folder, path)]);
    expect(Object.fromEntries(built)).toEqual(Object.fromEntries(whole));
  }
});
