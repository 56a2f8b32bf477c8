import { expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { figuresOf, figuresTable } from "../src/figures.ts";
import { lines } from "./a-book.ts";

test("the figures of a chapter are of what its author wrote", () => {
  const page = readPage(
    "docs/02-check.md",
    lines(
      "# A title of five words",
      "One two three. Four five `six seven`",
      "eight? Nine.",
      "",
      "- Ten eleven.",
      "",
      "```ts",
      "a;",
      "b;",
      "```",
      "",
      "| a | table |",
      "",
      "```ts",
      "c;",
      "```",
      "<details><summary>folded</summary>",
      "",
      "```ts",
      "d;",
      "e;",
      "f;",
      "g;",
      "```",
      "</details>",
    ),
  );
  expect(figuresOf(page)).toEqual({ words: 19, code: 70, stretch: 3, sentence: [2, 3, 4] });
  expect(figuresTable([page, readPage("docs/providers.md", "One.\n")]).split("\n")).toEqual([
    "chapter   words  code  lines without prose  words a sentence  half have",
    "02-check     19  70 %                    3                 3     2 to 4",
    "",
  ]);
});
