import { findPhases, repoRoot } from "@eightfold/phase-cli";
import { describe, expect, test } from "vitest";
import { functionSizes, linesOf } from "./budgets.ts";
import { repoFiles } from "./repo-files.ts";
import { sources } from "./source.ts";

const phases = findPhases(repoRoot).map(({ number }) => number);

/** The files whose path matches, but for tests. */
const sourceFiles = (path: RegExp) =>
  repoFiles.filter((file) => path.test(file.path) && !file.path.endsWith(".test.ts"));

/** The lines of all files whose path matches, together. */
function linesOfAll(path: RegExp): number {
  return sourceFiles(path).reduce((sum, file) => sum + linesOf(file), 0);
}

test.for(phases.filter((number) => number <= 7))(
  "the loop and its wiring in phase %i take at most 128 lines",
  (number) => {
    expect(linesOfAll(new RegExp(`^phases/${number}-[^/]+/src/(main|agent)\\.ts$`))).toBeLessThanOrEqual(128);
  },
);

test("a tool takes at most 45 lines", () => {
  const tools = sources.filter(({ path }) => /^phases\/[^/]+\/src\/tools\//.test(path));
  expect(tools.filter((file) => linesOf(file) > 45).map(({ path }) => path)).toEqual([]);
});

const sourceBudgets = [
  { number: 5, lines: 450 },
  { number: 8, lines: 1800 },
];
test.for(sourceBudgets.filter(({ number }) => phases.includes(number)))(
  "the source of phase $number takes at most $lines lines",
  ({ number, lines }) => {
    expect(linesOfAll(new RegExp(`^phases/${number}-[^/]+/src/`))).toBeLessThanOrEqual(lines);
  },
);

const rooms = ["core", "providers", "workspace", "shell", "gate", "terminal", "journal", "trace"];

// With what the first edition could do the rooms took 12,496 lines in 108 files, and the limit was 12,500. What came since is a
// list of promises, each with tests: the faults that users of such agents reported, the box, a fifth provider, what servers really
// send, traces that play again, a terminal to stay in (a line that lives during a turn, a history, commands seen while they run, a
// page for results, a list of sessions, a list of what may be meant while one types, and the user's own editor), what a user may
// set of a model, no key in a trace, wherever it was kept and however a model says it, and traces that anybody wrote. Then, of the
// same kinds: calls and thoughts in the markup of more models, events under whatever ids and places, broken frames and codes of more
// services, the reasons of refusals; a box with a filter, and without the sockets, keyrings and open files of others; one list of
// what steers other programs; ignore files, undos and sessions that are damaged; commands shown as bash reads them. Then all of it
// was read again for what stands there twice: 480 lines and five files went, and the limit goes down with them.
// A limit goes up only for such a list, and by a commit that says which.
const roomBudgets = [
  { what: "core", parts: ["core"], lines: 1_000, files: 12 },
  { what: "core to journal", parts: rooms, lines: 20_373, files: 160 },
];
test.for(roomBudgets)("$what: at most $lines lines of source in $files files", ({ parts, lines, files }) => {
  const source = new RegExp(`^packages/(${parts.join("|")})/src/.*\\.ts$`);
  expect(linesOfAll(source)).toBeLessThanOrEqual(lines);
  expect(sourceFiles(source).length).toBeLessThanOrEqual(files);
});

test("a file takes at most 250 lines", () => {
  expect(sources.filter((file) => linesOf(file) > 250).map(({ path }) => path)).toEqual([]);
});

test("a function takes at most 50 lines", () => {
  expect(sources.flatMap(functionSizes).filter(({ lines }) => lines > 50)).toEqual([]);
});

describe("lines are counted", () => {
  test.each([
    ["a", 1],
    ["a\n", 1],
    ["a\n\nb\n", 3],
  ])("%j has %i", (text, lines) => {
    expect(linesOf({ path: "a.ts", text })).toBe(lines);
  });

  test.each([
    ["a function", "function f() {\n  f();\n}", 3],
    ["an arrow function", "const f = () =>\n  1;", 2],
    ["a method", "const a = {\n  f() {\n    a.f();\n  },\n};", 3],
    ["a generator", "async function* f() {\n  yield 1;\n}", 3],
    ["a callback of a test", "test('t', () => {\n});", 2],
  ])("of %s", (_, text, lines) => {
    expect(functionSizes({ path: "a.ts", text }).map((size) => size.lines)).toEqual([lines]);
  });

  test("of the tests in a describe, and not of the describe", () => {
    const text = "describe.for([1])('d', () => {\n  test('t', () => {\n  });\n});";
    expect(functionSizes({ path: "a.ts", text })).toEqual([{ place: "a.ts:2", lines: 2 }]);
  });
});
