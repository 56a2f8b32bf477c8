import { expect, test } from "vitest";
import { plain } from "../../test/rendered.ts";
import { widthOf } from "../width.ts";
import { openMarkdown } from "./render.ts";

test("words wrap before the last column", () => {
  expect(plain("one two three four", 14)).toBe("one two three\nfour\n");
  expect(plain("one two three four", 13)).toBe("one two\nthree four\n");
});

test("a word that is wider than the window is left whole, on a line of its own", () => {
  expect(plain("see https://example.org/a/long/path for more", 20)).toBe(
    "see\nhttps://example.org/a/long/path\nfor more\n",
  );
});

test("after a word that is wider than the window, words wrap as before", () => {
  expect(plain("https://long.example.org/with/a/path one two six", 12)).toBe(
    "https://long.example.org/with/a/path\none two six\n",
  );
});

test("an emoji that begins a line is one character", () => {
  expect(plain("😀abcdefghijk", 13)).toBe("😀\nabcdefghijk\n");
});

test("scripts without spaces break anywhere, but not before their punctuation, and emoji stay whole", () => {
  expect(plain("中文没有空格，所以。", 11)).toBe("中文没有空\n格，所以。\n");
  expect(plain("一二三四五，六", 11)).toBe("一二三四\n五，六\n");
  expect(plain("abcdefghij 👨‍👩‍👧", 13)).toBe("abcdefghij\n👨‍👩‍👧\n");
  expect(plain("abcdefghij 👍🏽", 13)).toBe("abcdefghij\n👍🏽\n");
});

test("marks that are drawn over a letter take no room", () => {
  expect(plain("e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301", 11)).toBe(
    "e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301\n",
  );
});

test.each([80, 40, 20])("nothing but code and long words is wider than %i columns", (columns) => {
  const source = `# A heading that goes on ${"and on ".repeat(12)}
- item **bold ${"word ".repeat(30)}** \`code\` 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字
  - nested ${"word ".repeat(20)}
> quote ${"word ".repeat(30)}
> 1. numbered ${"word ".repeat(20)}

| a | b |
|---|---|
| ${"word ".repeat(20)} | ${"more ".repeat(20)} |`;
  for (const line of plain(source, columns).split("\n")) expect(widthOf(line)).toBeLessThan(columns);
});

test("a word is drawn when it is complete, and a mark when it has its other half", () => {
  const drawn: string[] = [];
  const page = openMarkdown({
    put: (text) => drawn.push(text),
    paint: (texts) => texts.map(({ text }) => text).join(""),
    columns: () => 80,
  });
  const after = (piece: string) => {
    page.write(piece);
    return drawn.splice(0).join("");
  };
  expect(after("Hel")).toBe("");
  expect(after("lo wor")).toBe("Hello");
  expect(after("ld, **bo")).toBe(" world,");
  expect(after("ld text")).toBe("");
  expect(after("** and")).toBe(" bold text");
  expect(after("\n")).toBe(" and\n");
  expect(after("```\ncon")).toBe("\n  con".slice(1));
  expect(after("st")).toBe("st");
});

test("a window that gets another width is right from the next word on", () => {
  let columns = 30;
  let drawn = "";
  const page = openMarkdown({
    put: (text) => {
      drawn += text;
    },
    paint: (texts) => texts.map(({ text }) => text).join(""),
    columns: () => columns,
  });
  page.write("- one two three four five six seven ");
  columns = 16;
  page.write("eight nine ten eleven twelve ");
  page.end();
  expect(drawn).toBe("• one two three four five six\n  seven eight\n  nine ten\n  eleven twelve\n");
});

test("text goes on in a line of its own after something else was written", () => {
  let drawn = "";
  const page = openMarkdown({
    put: (text) => {
      drawn += text;
    },
    paint: (texts) => texts.map(({ text }) => text).join(""),
    columns: () => 80,
  });
  page.write("- one two ");
  page.moved();
  drawn += "\n[result]\n";
  page.write("three\n```\ncode");
  page.moved();
  drawn += "\n[result]\n";
  page.write(" more");
  page.end();
  expect(drawn).toBe("• one two\n[result]\n  three\n  code\n[result]\n   more\n");
});

test("a line that goes on after something else was written has the whole width again", () => {
  let drawn = "";
  const page = openMarkdown({
    put: (text) => {
      drawn += text;
    },
    paint: (texts) => texts.map(({ text }) => text).join(""),
    columns: () => 15,
  });
  page.write("one two three ");
  page.moved();
  drawn += "\n[result]\n";
  page.write("four five");
  page.end();
  expect(drawn).toBe("one two three\n[result]\nfour five\n");
});
