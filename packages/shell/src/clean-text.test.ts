import { expect, test } from "vitest";
import { textCleaner } from "./clean-text.ts";

function clean(...pieces: string[]): string {
  const cleaner = textCleaner();
  return pieces.map((piece) => cleaner.push(piece)).join("") + cleaner.end();
}

test.each([
  ["colours", "\u001b[31;1mred\u001b[0m text", "red text"],
  ["colours in one C1 character", "\u009b31mred\u009b0m", "red"],
  ["a window title", "\u001b]0;title\u0007text", "text"],
  ["a link", "\u001b]8;;https://x.org\u001b\\name\u001b]8;;\u001b\\", "name"],
  ["a device string", "\u001bPq#0\u001b\\text", "text"],
  ["character sets and cursor keys", "\u001b(B\u001b7\u001b=text\u001bM", "text"],
  ["bells and other control characters", "a\u0007b\u0000c\u007fd\u0085e", "abcde"],
  ["an escape that never ends", "\u001b[31", "[31"],
])("%s are taken out", (_, raw, text) => {
  expect(clean(raw)).toBe(text);
});

test("tabs, empty lines and every script stay", () => {
  expect(clean("a\tb\n\nнет 日本 🙂\n")).toBe("a\tb\n\nнет 日本 🙂\n");
});

test("Windows line ends become plain ones", () => {
  expect(clean("one\r\ntwo\r\r\nthree")).toBe("one\ntwo\nthree");
});

test("of a line that was written over, the last writing is left", () => {
  expect(clean("before\n10%\r 50%\r100%\nafter")).toBe("before\n100%\nafter");
  expect(clean("100%\r\u001b[K\nafter\n")).toBe("\nafter\n");
});

test("bold in a manual page is read once", () => {
  expect(clean("N\bNA\bAM\bME\bE\n")).toBe("NAME\n");
  expect(clean("a\n\b\bb")).toBe("a\nb");
});

test("a sequence, a progress line and a line end may be cut anywhere", () => {
  const raw = "a\u001b[31mred\u001b[0m\r\n10%\r20%\r\nN\bNO\n\u001b]0;t\u0007end";
  expect(clean(...raw)).toBe("ared\n20%\nNO\nend");
});

test("a sequence cut in the middle of a very long line is taken out too", () => {
  const long = "x".repeat(20_000);
  expect(clean(`${long}\u001b[3`, `1m${long}`)).toBe(long + long);
});

test("the last lines of a progress bar that never ends its line come out at the end", () => {
  const cleaner = textCleaner();
  expect(cleaner.push("1%\r2%\r")).toBe("");
  expect(cleaner.push("3%\r")).toBe("");
  expect(cleaner.end().trimEnd()).toBe("3%");
});

test.each([
  ["carriage returns", "\r"],
  ["escapes", "\u001b"],
  ["open titles", "\u001b]0;"],
  ["open sequences", "\u001b["],
  ["backspaces", "x\b"],
])("megabytes of %s are read in time that grows with their length only", (_, piece) => {
  const chunk = piece.repeat(65_536 / piece.length);
  const cleaner = textCleaner();
  for (let count = 0; count < 64; count++) cleaner.push(`${chunk}x`);
  expect(cleaner.end().length).toBeLessThan(70_000);
});
