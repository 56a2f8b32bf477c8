import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryRepo, writeFiles } from "../test/temporary-repo.ts";
import { undeclared } from "./declarations.ts";
import { findPhases } from "./phases.ts";

/** Two phases in order: the second carries main.ts and a test, changes tools/index.ts and adds tools/grep.ts. */
function twoPhases(): string {
  const first = { "src/main.ts": "main", "src/tools/index.ts": "one", "test/checks.test.ts": "checks" };
  return temporaryRepo({
    "1-first": { declares: { adds: Object.keys(first), changes: [] }, files: first },
    "2-second": {
      declares: { adds: ["src/tools/grep.ts"], changes: ["src/tools/index.ts"] },
      files: { ...first, "src/tools/index.ts": "two", "src/tools/grep.ts": "grep" },
    },
  });
}

function problems(root: string): string[] {
  const phases = findPhases(root);
  return phases.flatMap((phase, index) => undeclared(phases[index - 1], phase));
}

test("nothing is said of phases whose declarations are true", () => {
  expect(problems(twoPhases())).toEqual([]);
});

describe("each untrue declaration is named", () => {
  test.each([
    [
      "an edit of a carried file",
      "src/main.ts",
      "edited",
      "src/main.ts is declared carried, but it is changed.",
    ],
    ["one byte more", "src/main.ts", "main\n", "src/main.ts is declared carried, but it is changed."],
    [
      "an edit of a carried test",
      "test/checks.test.ts",
      "",
      "test/checks.test.ts is declared carried, but it is changed.",
    ],
    [
      "a change taken back",
      "src/tools/index.ts",
      "one",
      "src/tools/index.ts is declared changed, but it is carried.",
    ],
    ["a file nobody declared", "src/new.ts", "", "src/new.ts is declared carried, but it is new."],
  ])("%s", (_, path, text, problem) => {
    const root = twoPhases();
    writeFiles(join(root, "phases/2-second"), { [path]: text });
    expect(problems(root)).toEqual([`2-second: ${problem}`]);
  });

  test.each([
    ["a carried file that is gone", "src/main.ts", "src/main.ts is declared carried, but it is gone."],
    [
      "a changed file that is gone",
      "src/tools/index.ts",
      "src/tools/index.ts is declared changed, but it is gone.",
    ],
    [
      "an added file that is gone",
      "src/tools/grep.ts",
      "src/tools/grep.ts is declared, but there is no such file.",
    ],
  ])("%s", (_, path, problem) => {
    const root = twoPhases();
    rmSync(join(root, "phases/2-second", path));
    expect(problems(root)).toEqual([`2-second: ${problem}`]);
  });

  test("a file declared new that the phase before has", () => {
    const files = { "src/main.ts": "main" };
    const declares = { adds: ["src/main.ts"], changes: [] };
    const root = temporaryRepo({ "1-a": { declares, files }, "2-b": { declares, files } });
    expect(problems(root)).toEqual(["2-b: src/main.ts is declared new, but it is carried."]);
  });
});

test("phases come in the order of their numbers, and a folder without package.json is none", () => {
  const declares = { adds: [], changes: [] };
  const root = temporaryRepo({
    "10-ten": { declares },
    "2-two": { declares },
    "3-left-over": {},
    notes: { declares },
  });
  expect(findPhases(root).map(({ number, name }) => [number, name])).toEqual([
    [2, "2-two"],
    [10, "10-ten"],
  ]);
});
