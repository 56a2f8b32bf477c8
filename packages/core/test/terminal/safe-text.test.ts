import { expect, test } from "vitest";
import { safeLine, safeText, safeTextStream } from "../../src/terminal/safe-text.ts";

test.each([
  ["\x1b[2J", "\\x1b[2J"],
  ["bell \x07 nul \0 del \x7f", "bell \\x07 nul \\x00 del \\x7f"],
  ["\u009b31m", "\\x9b31m"],
  ["over\rwritten", "over\\rwritten"],
  ["abc\u202ecba\u2066", "abc\\u202ecba\\u2066"],
  ["half \ud83d of", "half \ufffd of"],
  ["one\r\ntwo\n\tthree", "one\ntwo\n\tthree"],
  ["Grüße 你好 👩‍👩‍👧 שלום", "Grüße 你好 👩‍👩‍👧 שלום"],
])("%j is shown as %j", (text, shown) => {
  expect(safeText(text)).toBe(shown);
});

test("one line stays one line", () => {
  expect(safeLine("cat <<E\n\tx\r\nE")).toBe("cat <<E\\n\\tx\\nE");
});

test("a text in pieces is shown as the whole text, wherever it is cut", () => {
  const text = "a\x1b[31m 😀 b\r\nc\rd 👩‍👩‍👧\u009b";
  for (let cut = 0; cut <= text.length; cut++) {
    const safe = safeTextStream();
    expect(safe(text.slice(0, cut)) + safe(text.slice(cut))).toBe(safeText(text));
  }
});
