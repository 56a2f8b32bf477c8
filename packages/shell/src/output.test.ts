import { expect, test } from "vitest";
import { clippedText, sizeOf } from "./output.ts";

function clip(...pieces: string[]): string {
  const text = clippedText();
  for (const piece of pieces) text.push(piece);
  return text.text("all of it is in FILE");
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join("");
}

test("20 K characters are kept as they are", () => {
  const text = "0123456789abcde\n".repeat(1280);
  expect(clip(...(text.match(/[\s\S]{1,1000}/g) ?? []))).toBe(text);
});

test("of more, whole lines of the start and of the end are kept, and the rest is accounted for", () => {
  const clipped = clip(lines(1, 100_000));
  const [, start = "", gap = "", end = ""] = /^([\s\S]*?)(\[….*…\]\n)([\s\S]*)$/.exec(clipped) ?? [];
  const last = Number(/line (\d+)\n$/.exec(start)?.[1]);
  const first = Number(/^line (\d+)\n/.exec(end)?.[1]);
  expect(start).toBe(lines(1, last));
  expect(end).toBe(lines(first, 100_000));
  expect(gap).toBe(`[… ${first - last - 1} lines (1.0 MB) left out; all of it is in FILE …]\n`);
  expect(clipped.length).toBeLessThan(21_000);
  expect(end.length).toBeGreaterThan(start.length);
});

test("the same text is clipped alike in whatever pieces it comes", () => {
  const text = lines(1, 10_000);
  expect(clip(...(text.match(/[\s\S]{1,77}/g) ?? []))).toBe(clip(text));
});

test("one endless line is cut inside", () => {
  const clipped = clip("a".repeat(1_000_000), "b".repeat(1_000_000));
  expect(clipped).toMatch(/^a{8192}\n\[… 1\.9 MB left out; all of it is in FILE …\]\nb{12288}$/);
});

test("a cut through a character of two code units leaves no half of it", () => {
  expect(clip(`x${"🙂".repeat(50_000)}`).isWellFormed()).toBe(true);
});

test("a place that is not known is not named", () => {
  const text = clippedText();
  text.push("a".repeat(30_000));
  expect(text.text("")).toContain("[… 9 KB left out …]");
});

test("sizes are given in the unit that suits them", () => {
  expect([0, 1023, 1024, 20_480, 5_242_880].map(sizeOf)).toEqual([
    "0 bytes",
    "1023 bytes",
    "1 KB",
    "20 KB",
    "5.0 MB",
  ]);
});
