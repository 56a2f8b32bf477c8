import { expect, test } from "vitest";
import { fitColumns, widthOf, wrap } from "./width.ts";

test.each([
  ["abc", 3],
  ["你好", 4],
  ["é", 1],
  ["e\u0301", 1],
  ["😀!", 3],
  ["", 0],
  ["👨‍👩‍👧", 2],
  ["👍🏽", 2],
  ["❤️", 2],
  ["1️⃣", 2],
  ["🇩🇪", 2],
  ["a\u200bb", 2],
  ["\u200d", 0],
])("%j takes %i columns", (line, columns) => {
  expect(widthOf(line)).toBe(columns);
});

test.each([
  ["src/parse.ts", 12, "src/parse.ts"],
  ["src/parse.ts", 11, "src/parse.…"],
  ["你好吗", 6, "你好吗"],
  ["你好吗", 5, "你好…"],
  ["你好吗", 4, "你…"],
  ["👨‍👩‍👧👍🏽❤️", 6, "👨‍👩‍👧👍🏽❤️"],
  ["👨‍👩‍👧👍🏽❤️", 5, "👨‍👩‍👧👍🏽…"],
])("%j in %i columns is %j", (line, columns, clipped) => {
  expect(fitColumns(line, columns)).toBe(clipped);
  expect(widthOf(clipped)).toBeLessThanOrEqual(columns);
});

test("a long line is broken between words, and a long word stays whole", () => {
  expect(wrap("the folder /a/very/long/path is not there", 12)).toEqual([
    "the folder",
    "/a/very/long/path",
    "is not there",
  ]);
});
