import { describe, expect, test } from "vitest";
import { commonEnds, cutEnd, cutStart, lineEndNear, similarity, viewLines } from "./text.ts";

describe("cutting", () => {
  test.each([
    ["a😀b", 1, "a", "b"],
    ["a😀b", 2, "a", "b"],
    ["a😀b", 3, "a😀", "😀b"],
    ["a😀b", 4, "a😀b", "a😀b"],
    ["a😀b", 0, "", ""],
    ["😀", 1, "", ""],
  ])("%s to %i keeps pairs whole", (text, length, start, end) => {
    expect(cutEnd(text, length)).toBe(start);
    expect(cutStart(text, length)).toBe(end);
  });
});

describe("viewLines", () => {
  test("leads from every index of the view to the same place in the raw text", () => {
    const raw = "a\r\n\r\nb\n\rc\r\rd\r\n";
    const view = viewLines(raw);
    expect(view.text).toBe("a\n\nb\n\nc\n\nd\n");
    const back = Array.from({ length: view.text.length + 1 }, (_, index) => view.rawIndex(index));
    expect(back).toEqual([0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14]);
  });

  test.each([
    ["a\r\nb\n", 0, "\r\n"],
    ["a\r\nb\n", 1, "\r\n"],
    ["a\r\nb\n", 3, "\n"],
    ["a\r\nb", 4, "\r\n"],
    ["a\rb", 3, "\r"],
    ["a\nb", 3, "\n"],
    ["a\nb\rc\n", 2, "\n"],
    ["a\r\r\nb", 0, "\r\n"],
    ["ab", 1, "\n"],
    ["", 0, "\n"],
  ])("the line end near %j at %i is %j", (raw, index, end) => {
    expect(lineEndNear(raw, index)).toBe(end);
  });
});

describe("commonEnds", () => {
  test.each([
    ["one two three", "one 2 three", 4, 6],
    ["aaa", "aa", 2, 0],
    ["same", "same", 4, 0],
    ["", "a", 0, 0],
  ])("of %j and %j", (a, b, start, end) => {
    expect(commonEnds(a, b)).toEqual({ start, end });
  });
});

test("similarity is 1 for the same, 0 for strangers, and more for what is nearer", () => {
  expect(similarity("return x;", "return x;")).toBe(1);
  expect(similarity("abc", "xyz")).toBe(0);
  expect(similarity("", "a")).toBe(0);
  expect(similarity("return total;", "return totals;")).toBeGreaterThan(
    similarity("return total;", "let total;"),
  );
});
