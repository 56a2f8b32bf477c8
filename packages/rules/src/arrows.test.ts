import { expect, test } from "vitest";
import { loadedAtStart, wrongImports } from "./arrows.ts";
import { repoFiles } from "./repo-files.ts";
import { sources } from "./source.ts";

test("imports run one way", () => {
  expect(sources.flatMap(wrongImports)).toEqual([]);
});

test.each([
  ["phases/5-shell/src/agent.ts", `import { runTurn } from "../../4-write/src/agent.ts";`],
  ["phases/5-shell/src/agent.ts", `import type { Agent } from "@eightfold/phase-4";`],
  ["phases/5-shell/src/agent.ts", `const { checks } = await import("@eightfold/checker");`],
  ["phases/5-shell/test/agent.test.ts", `export { startWire } from "@eightfold/wire";`],
  ["packages/core/src/index.ts", `type Wire = import("@eightfold/wire").WireServer;`],
  ["packages/core/test/model-of.test.ts", `export * from "../../wire/src/index.ts";`],
  ["packages/wire/src/index.ts", `import "@eightfold/checker";`],
  ["packages/gate/src/index.ts", `import { runMain } from "@eightfold/terminal";`],
  ["packages/terminal/src/index.ts", `import { resolvePath } from "@eightfold/workspace";`],
  ["packages/phase-cli/src/start.ts", `import { chooseModel } from "@eightfold/providers";`],
])("%s must not have %s", (path, text) => {
  expect(wrongImports({ path, text })).toHaveLength(1);
});

test.each([
  ["phases/5-shell/src/tools/grep.ts", `import { searchText } from "@eightfold/workspace";`],
  ["phases/5-shell/src/tools/grep.ts", `import { join } from "node:path"; import "../agent.ts";`],
  ["phases/5-shell/test/agent.test.ts", `import { checks } from "@eightfold/checker";`],
  ["packages/checker/src/index.ts", `import { startWire } from "@eightfold/wire";`],
])("%s may have %s", (path, text) => {
  expect(wrongImports({ path, text })).toEqual([]);
});

const entries = Object.fromEntries(
  repoFiles
    .filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path))
    .flatMap(({ path, text }) => {
      const { name, exports = {} } = JSON.parse(text);
      return Object.entries<string>(exports).map(([entry, file]) => [
        name + entry.slice(1),
        path.replace("/package.json", file.slice(1)),
      ]);
    }),
);
const mains = repoFiles.map(({ path }) => path).filter((path) => /^phases\/[^/]+\/src\/main\.ts$/.test(path));

test.for(mains)("%s loads no package and no child process before its prompt", (main) => {
  const slow = [...loadedAtStart(main, sources, entries)].filter(
    ([specifier]) => !specifier.startsWith("node:") || specifier === "node:child_process",
  );
  expect(slow.map(([specifier, path]) => `${path} imports ${specifier}`)).toEqual([]);
});

test("what is loaded at start is found through files and entries, and not through types and import()", () => {
  const files = [
    { path: "phases/1-a/src/main.ts", text: `import "@eightfold/core/x"; import type { Z } from "zod";` },
    {
      path: "packages/core/src/x.ts",
      text: `export { y } from "./y.ts"; export const z = () => import("openai");`,
    },
    { path: "packages/core/src/y.ts", text: `import { diffLines } from "diff"; export const y = diffLines;` },
  ];
  const loaded = loadedAtStart("phases/1-a/src/main.ts", files, {
    "@eightfold/core/x": "packages/core/src/x.ts",
  });
  expect([...loaded]).toEqual([["diff", "packages/core/src/y.ts"]]);
});
