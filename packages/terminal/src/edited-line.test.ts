import { expect, test } from "vitest";
import { breakLine, emptyLine, expand, insert, paste, press, remember } from "./edited-line.ts";

/** The line after keys, with `|` for the cursor. */
function afterKeys(text: string, ...keys: string[]): string {
  const line = emptyLine();
  insert(line, text);
  for (const key of keys) press(line, key);
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

const characters = [
  ["a family", "👨‍👩‍👧‍👦"],
  ["a flag", "🇩🇪"],
  ["a flag of a part of a country", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  ["a keycap", "1️⃣"],
  ["a skin tone", "👍🏽"],
  ["an accent", "e\u0301"],
  ["several accents", "a\u0323\u0302"],
  ["Hangul in jamo", "\u1100\u1161\u11a8"],
  ["Devanagari", "क्षि"],
  ["Thai", "กำ"],
] as const;

test.each(characters)("%s moves and goes as one", (_, character) => {
  expect(afterKeys(`x${character}y`, "left", "left")).toBe(`x|${character}y`);
  expect(afterKeys(`x${character}y`, "home", "right", "right")).toBe(`x${character}|y`);
  expect(afterKeys(`x${character}y`, "left", "backspace")).toBe("x|y");
  expect(afterKeys(`x${character}y`, "left", "left", "delete")).toBe("x|y");
  expect(afterKeys(`x${character}y`, "left", "left", "ctrl-d")).toBe("x|y");
  expect(afterKeys(`${character}${character}`, "left")).toBe(`${character}|${character}`);
});

test.each(characters)("a word with %s is deleted without splitting it", (_, character) => {
  for (let line = `one ${character}x${character}`, last = ""; line !== "|" && line !== last; ) {
    last = line;
    line = afterKeys(line.replace("|", ""), "ctrl-w");
    expect(["", "one ", `one ${character}`, `one ${character}x`, "one"]).toContain(line.replace("|", ""));
  }
});

test.each([
  ["ctrl-w", "one two |", "one |"],
  ["ctrl-w", "one two| three", "one | three"],
  ["alt-d", "one| two three", "one| three"],
  ["ctrl-u", "one two| three", "| three"],
  ["ctrl-k", "one two| three", "one two|"],
  ["alt-b", "one two|", "one |two"],
  ["alt-f", "|one two", "one| two"],
  ["ctrl-a", "one two|", "|one two"],
  ["ctrl-e", "|one two", "one two|"],
  ["alt-z", "one| two", "one| two"],
])("%s makes %j %j", (key, before, after) => {
  const [start = "", end = ""] = before.split("|");
  const line = emptyLine();
  insert(line, end);
  press(line, "home");
  insert(line, start);
  press(line, key);
  expect(`${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`).toBe(after);
});

test("Ctrl-Y gives back what Ctrl-W cut, all of it when it was pressed in a row", () => {
  expect(afterKeys("one two three", "ctrl-w", "ctrl-y")).toBe("one two three|");
  expect(afterKeys("one two three", "ctrl-w", "ctrl-w", "ctrl-y")).toBe("one two three|");
  expect(afterKeys("one two three", "ctrl-w", "left", "ctrl-w", "end", "ctrl-y")).toBe("one  two|");
  expect(afterKeys("one two", "alt-b", "ctrl-u", "ctrl-k", "ctrl-y")).toBe("one two|");
});

test("Ctrl-Y gives back only what was cut last, where something was typed in between", () => {
  const line = emptyLine();
  insert(line, "first");
  press(line, "ctrl-u");
  insert(line, "hello world");
  for (const key of ["ctrl-w", "ctrl-y"]) press(line, key);
  expect(line.text).toBe("hello world");
  press(line, "ctrl-u");
  breakLine(line);
  insert(line, "next");
  for (const key of ["ctrl-w", "ctrl-y"]) press(line, key);
  expect(line.text).toBe("\nnext");
});

test("Ctrl-R looks for the line as it is now, where something was typed after the last one", () => {
  const line = emptyLine();
  for (const request of ["test one", "tea", "test", "push"]) remember(line, request);
  insert(line, "te");
  press(line, "ctrl-r");
  expect(line.text).toBe("test");
  insert(line, " o");
  press(line, "ctrl-r");
  expect(line.text).toBe("test one");
});

test("Up past the oldest request keeps it, and Down comes back to what was typed", () => {
  const line = emptyLine();
  for (const request of ["first", "second", "second"]) remember(line, request);
  insert(line, "half");
  const shown = ["up", "up", "up", "up", "down", "down", "down"].map((key) => {
    press(line, key);
    return line.text;
  });
  expect(shown).toEqual(["second", "first", "first", "first", "second", "half", "half"]);
});

test("Ctrl-R goes back from one request to the next that has what was typed in it", () => {
  const line = emptyLine();
  for (const request of ["fix the tests", "explain", "run the tests"]) remember(line, request);
  insert(line, "tests");
  const shown = ["ctrl-r", "ctrl-r", "ctrl-r", "down", "down", "down"].map((key) => {
    press(line, key);
    return line.text;
  });
  expect(shown).toEqual([
    "run the tests",
    "fix the tests",
    "fix the tests",
    "explain",
    "run the tests",
    "tests",
  ]);
});

test("of earlier conversations, what was pasted comes back as a mark, and is whole when it is sent", () => {
  const long = "x".repeat(600);
  const added: string[] = [];
  const line = emptyLine({ load: () => ["one\ntwo", long], add: (request) => void added.push(request) });
  remember(line, "now");
  for (const key of ["up", "up"]) press(line, key);
  expect([line.text, expand(line, line.text)]).toEqual(["[paste 1: 600 characters]", long]);
  remember(line, line.text);
  expect(added).toEqual(["now", long]);
  for (const key of ["up", "up", "up", "up"]) press(line, key);
  expect(line.text).toBe("one\ntwo");
});

test("in a request of several lines, arrows move between them before they go to other requests", () => {
  const line = emptyLine();
  remember(line, "before");
  insert(line, "one long");
  breakLine(line);
  insert(line, "漢字 two");
  const places = ["home", "up", "end", "down", "up", "up", "down"].map((key) => {
    press(line, key);
    return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
  });
  expect(places).toEqual([
    "one long\n|漢字 two",
    "|one long\n漢字 two",
    "one long|\n漢字 two",
    "one long\n漢字 two|",
    "one lo|ng\n漢字 two",
    "before|",
    "one long\n漢字 two|",
  ]);
});

test("a paste of several lines is one character", () => {
  const line = emptyLine();
  insert(line, "x");
  paste(line, "one\rtwo\r");
  insert(line, "y");
  expect(line.text).toBe("x[paste 1: 2 lines]y");
  press(line, "left");
  press(line, "left");
  expect(line.cursor).toBe(1);
  press(line, "delete");
  expect(line.text).toBe("xy");
});

test("text that is put into the line never holds what would end it or move the cursor", () => {
  expect(afterKeys("a\rb\nc\x1b[2J\x9bd\ud800")).toBe("abc[2Jd\ufffd|");
});
