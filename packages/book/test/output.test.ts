import { describe, expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { diffsOf } from "../src/exercises.ts";
import { isSameRun, normalise } from "../src/normalise.ts";
import { printJson } from "../src/print-json.ts";
import { readScript } from "../src/run-block.ts";
import { chainsOf } from "../src/slow.ts";

describe("what a terminal showed", () => {
  test.for([
    ["folder  /tmp/e-aB3dE6/eightfold-playground-Qw12eR", "folder  /tmp/eightfold-playground-x1Y2z3"],
    ["/private/tmp/e-aB3dE6/eightfold/playground", "~/eightfold/playground"],
    ["~22k in · ~393 out · $0 · 12 s", "~22k in · ~393 out · $0 · 0.5 s"],
    ["~22k in · ~393 out · $0 · 1 min 2 s", "~22k in · ~393 out · $0 · 0.5 s"],
    ["  exit 1, 12.3 s (timed out after 120 s)", "  exit 1, 0.5 s (timed out after 120 s)"],
    ["✔ adds (3.14159ms)", "✔ adds (1.2ms)"],
    ["ℹ duration_ms 61.2345", "ℹ duration_ms 1.2"],
    ["20270102-030405-a1b2c3  2027-01-02 03:04", "20261120-152840-x1y2z3  2026-11-20 15:28"],
    ["http://127.0.0.1:51234/v1", "http://127.0.0.1:4321/v1"],
  ])("%s reads the same each time", ([text = "", same]) => {
    expect(normalise(text)).toEqual([same]);
  });

  test("is folded at spaces where it is long, and commands are not", () => {
    const words = Array.from({ length: 30 }, () => "word").join(" ");
    expect(normalise(`  ${words}`).map((line) => line.length)).toEqual([96, 56]);
    expect(normalise(`$ ${words}`)).toHaveLength(1);
  });

  test("ends before the prompt that was left", () => {
    expect(normalise("› hi\n\nHello.\n\n›\n$ ls\na\n\n›")).toEqual(["› hi", "", "Hello.", "$ ls", "a"]);
  });

  test("is the same run with nearly the same estimates, and with nothing else", () => {
    expect(isSameRun(["~638 in · ~24 out · ~1.8k"], ["~649 in · ~25 out ·  ~1.7k"])).toBe(true);
    expect(isSameRun(["~638 in · ~24 out"], ["~1.8k in · ~24 out"])).toBe(false);
    expect(isSameRun(["~2,636 tokens"], ["~2.7k tokens"])).toBe(true);
    expect(isSameRun(["~638 in", "exit 0"], ["~638 in", "exit 1"])).toBe(false);
  });
});

describe("the lines of a run block", () => {
  test("are commands, and what is typed into them", () => {
    const { script, keys } = readScript("pnpm phase 1 start\n> it's me\n>\"Allow?\" y^M\nls 'a b'");
    expect(script).toBe(
      "set -e\nprintf '%s\\n' '$ pnpm phase 1 start'\npnpm phase 1 start\nprintf '%s\\n' '$ ls '\\''a b'\\'''\nls 'a b'",
    );
    expect(keys).toEqual([{ press: "it's me\r" }, { after: "Allow?", press: "y\r" }, { press: "\x04" }]);
  });

  test("go on where the block before them ended, if they say so", () => {
    const text = ["run: a", "run (same folder): b", "break: c", "run (broken, exit 1): d", "wire: e"];
    const { blocks } = readPage(
      "docs/x.md",
      text.map((each) => `<!-- ${each.replace(/:/, ":")} -->`).join("\n"),
    );
    expect(chainsOf(blocks).map((chain) => chain.map((block) => block.text))).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e"],
    ]);
  });
});

describe("JSON for a reader", () => {
  test("stands on one line where it fits, and on several where it does not", () => {
    const value = { model: "m", list: [{ text: "x".repeat(60) }, { text: "y".repeat(60) }], none: {} };
    expect(printJson(value)).toEqual([
      "{",
      '  "model": "m",',
      '  "list": [',
      `    { "text": "${"x".repeat(60)}" },`,
      `    { "text": "${"y".repeat(60)}" }`,
      "  ],",
      '  "none": {}',
      "}",
    ]);
  });

  test("has long texts cut, and of the schemas inside the names of their properties", () => {
    expect(printJson("é".repeat(80))).toEqual([`"${"é".repeat(76)}…"`]);
    const schema = { type: "object", properties: { path: { type: "string" }, limit: {} } };
    expect(printJson({ tools: [{ parameters: schema }] })).toEqual([
      '{ "tools": [{ "parameters": { "…": "path, limit" } }] }',
    ]);
    expect(printJson(schema)[0]).toContain('"path": { "type": "string" }');
  });
});

describe("the diffs of an answer", () => {
  test("are of the file in the directive, or of those that they name", () => {
    expect(diffsOf(["-a", "+b"], "src/a.ts")).toEqual([{ path: "src/a.ts", diff: ["-a", "+b"] }]);
    expect(
      diffsOf(["--- src/a.ts", "+++ src/a.ts", "@@", " a", "--- /dev/null", "+++ b/src/b.ts", "+b"]),
    ).toEqual([
      { path: "src/a.ts", diff: ["@@", " a"] },
      { path: "src/b.ts", diff: ["+b"] },
    ]);
    expect(() => diffsOf(["-a"])).toThrow("Name the file that it changes");
  });
});
