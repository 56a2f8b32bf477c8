import { expect, test } from "vitest";
import { circles, fragments, importGraph, loadedAtStart } from "./import-graph.ts";
import { repoFiles } from "./repo-files.ts";
import { sources } from "./source.ts";

/** Where a file has to be worth opening: the rooms, and what holds the house together. */
const ROOMS = [
  "core",
  "gate",
  "journal",
  "phase-cli",
  "providers",
  "rules",
  "shell",
  "terminal",
  "trace",
  "workspace",
];

/** All providers have the same files, so that one knows where to look: there, a short file has its reason. */
const SAME_FOR_ALL = /^packages\/providers\/src\/[^/]+\/(request|reply|errors|quirks)\.ts$/;

const graph = importGraph(sources);
const mains = repoFiles.map(({ path }) => path).filter((path) => /^phases\/[^/]+\/src\/main\.ts$/.test(path));

test.for(mains)("%s loads no package and no child process before its prompt", (main) => {
  const slow = [...loadedAtStart(main, graph)].filter(
    ([specifier]) => !specifier.startsWith("node:") || specifier === "node:child_process",
  );
  expect(slow.map(([specifier, path]) => `${path} imports ${specifier}`)).toEqual([]);
});

test("no files load each other in a circle", () => {
  expect(circles(graph).map((circle) => circle.join(" → "))).toEqual([]);
});

test("a file under 40 lines that a single file uses is part of that file", () => {
  const held = fragments(sources, graph).filter(
    ({ path }) => ROOMS.some((room) => path.startsWith(`packages/${room}/src/`)) && !SAME_FOR_ALL.test(path),
  );
  expect(held).toEqual([]);
});

/** A room of the given files, and its graph. */
function roomOf(texts: Record<string, string>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return { files, graph: importGraph(files, { "@eightfold/core": "packages/core/src/index.ts" }) };
}

test("what is loaded at start is found through files and entries, and not through types and import()", () => {
  const { graph } = roomOf({
    "phases/1-a/src/main.ts": `import "@eightfold/core"; import type { XStatic } from "typebox/schema"; import data from "./data.json";`,
    "packages/core/src/index.ts": `export { y } from "./y.ts"; export const z = () => import("openai");`,
    "packages/core/src/y.ts": `import { diffLines } from "diff"; export const y = diffLines;`,
  });
  expect([...loadedAtStart("phases/1-a/src/main.ts", graph)]).toEqual([["diff", "packages/core/src/y.ts"]]);
});

test("a circle is found through re-exports and packages, once, and types make none", () => {
  const { graph } = roomOf({
    "packages/core/src/index.ts": `export * from "./a.ts";`,
    "packages/core/src/a.ts": `import { b } from "./b.ts"; export const a = b;`,
    "packages/core/src/b.ts": `import { a } from "@eightfold/core"; export const b = () => a;`,
    "packages/core/src/c.ts": `import type { D } from "./d.ts"; export const c = 1;`,
    "packages/core/src/d.ts": `import { c } from "./c.ts"; export type D = typeof c;`,
  });
  const [index, a, b] = ["index", "a", "b"].map((name) => `packages/core/src/${name}.ts`);
  expect(circles(graph)).toEqual([[index, a, b, index]]);
});

test("a fragment is short and has one user, directly or through an index; tests are no users", () => {
  const { files, graph } = roomOf({
    "packages/core/src/index.ts": `export { once } from "./once.ts"; export { twice } from "./twice.ts";`,
    "packages/core/src/once.ts": `export const once = 1;\n`,
    "packages/core/src/twice.ts": `import { part } from "./part.ts"; import { long } from "./long.ts";\nexport function twice() {}\n`,
    "packages/core/src/part.ts": `export const part = 1;\n`,
    "packages/core/src/long.ts": `export const long = 1;\n${"// more\n".repeat(40)}`,
    "packages/core/src/part.test.ts": `import { part } from "./part.ts";`,
    "phases/1-a/src/main.ts": `import { once, twice } from "@eightfold/core";`,
    "phases/1-a/src/agent.ts": `import { twice } from "@eightfold/core";`,
  });
  expect(fragments(files, graph)).toEqual([
    { path: "packages/core/src/once.ts", user: "phases/1-a/src/main.ts" },
    { path: "packages/core/src/part.ts", user: "packages/core/src/twice.ts" },
  ]);
});
