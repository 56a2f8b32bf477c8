import { expect, test } from "vitest";
import { exactLine, safeLine, safeText, safeTextStream } from "./safe-text.ts";

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

test.each([
  ["rm \u200b-rf\u2060 a\u00adb", "rm \\u200b-rf\\u2060 a\\xadb"],
  ["a\u00a0b\u3000c\u2028d", "a\\xa0b\\u3000c\\u2028d"],
  ["\u3164=1 \u2800 \ue000", "\\u3164=1 \\u2800 \\ue000"],
  ["a\u{1d159}b\u{13441}c\u{16fe4}", "a\\u{1d159}b\\u{13441}c\\u{16fe4}"],
  ["tag\u{e0041}s x\ufe0f", "tag\\u{e0041}s x\\ufe0f"],
  ["a\r\nb\tc", "a\\r\\nb\\tc"],
  ["Grüße  你好 👩‍👩‍👧 ⚠️ ❤️‍🔥", "Grüße  你好 👩‍👩‍👧 ⚠️ ❤️‍🔥"],
  ["Step 1\ufe0f\u20e3 and #\ufe0f\u20e3, 1\ufe0f", "Step 1\ufe0f\u20e3 and #\ufe0f\u20e3, 1\\ufe0f"],
  ["👩🏽\u200d💻 🤷🏿\u200d♂️ 🏽\u200d", "👩🏽\u200d💻 🤷🏿\u200d♂️ 🏽\\u200d"],
])("what must be read exactly has nothing invisible: %j is shown as %j", (text, shown) => {
  expect(exactLine(text)).toBe(shown);
});

test.each([
  [" ".repeat(3000), "[3,000 × blank]"],
  ["\u200b".repeat(2000), "[2,000 × \\u200b]"],
  ["\u0301\u0316".repeat(1500), "[3,000 × combining mark]"],
  ["\u{1d165}".repeat(20), "[20 × combining mark]"],
  ["\u0301".repeat(3), "\u0301".repeat(3)],
])("many of what takes no room, or shows nothing, are shown as a count", (run, shown) => {
  expect(exactLine(`a${run}b`)).toBe(`a${shown}b`);
});

test("a text in pieces is shown as the whole text, wherever it is cut", () => {
  const text = "a\x1b[31m 😀 b\r\nc\rd 👩‍👩‍👧\u009b";
  for (let cut = 0; cut <= text.length; cut++) {
    const safe = safeTextStream();
    expect(safe(text.slice(0, cut)) + safe(text.slice(cut))).toBe(safeText(text));
  }
});
