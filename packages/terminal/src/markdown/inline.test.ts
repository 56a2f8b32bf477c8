import { expect, test } from "vitest";
import { bare, plain, rendered } from "../../test/rendered.ts";

test.each([
  ["**bold** and *italic* and _italic_", "‹bold|bold› and ‹italic|italic› and ‹italic|italic›"],
  ["***both*** and ~~gone~~", "‹bold italic|both› and ‹strikethrough|gone›"],
  ["**bold *nested* more**", "‹bold|bold ›‹bold italic|nested›‹bold| more›"],
  ["*a **b***", "‹italic|a ›‹italic bold|b›"],
  ["**全角：**这是", "‹bold|全角：›这是"],
  ["`code` and ``a`b`` and ` `` `", "‹cyan|code› and ‹cyan|a`b› and ‹cyan|``›"],
  ["**`code` in bold**", "‹bold cyan|code›‹bold| in bold›"],
  ["`*no*` and \\*no\\*", "‹cyan|*no*› and *no*"],
])("%s", (markdown, drawn) => {
  expect(rendered(markdown)).toBe(`${drawn}\n`);
});

test.each([
  "2*3*4 and x**2 + y**2",
  "snake_case_name and __init__ and _private",
  "src/**/*.ts and *.js, *.ts",
  "f(**kwargs) and a * b * c",
  "**never closed and *neither",
  "a ` single tick, a \\path\\to, 5 < 6, a! b",
  "arr[0], [ ] open, [x] done, (parens), [INFO] text",
  "#hashtag, ~about, ~/home, a|b",
  "<details> and <T extends U>",
  `a ${"*".repeat(20)}`,
])("what is no mark stays as it is: %s", (text) => {
  expect(rendered(text)).toBe(`${text}\n`);
});

test("a bold stretch of more than 400 characters is shown with its marks", () => {
  const long = `**${"word ".repeat(100)}end**`;
  expect(plain(long).replaceAll("\n", " ").trim()).toBe(long);
});

test.each([
  ["[the docs](https://x.org/a_b)", "the docs‹dim| (https://x.org/a_b)›"],
  ["[https://x.org](https://x.org)", "‹underline|https://x.org›"],
  ["<https://x.org>", "‹underline|https://x.org›"],
  ["[`parse`](src/parse.ts) here", "‹cyan|parse›‹dim| (src/parse.ts)› here"],
  ['[a](<b>) [c](d "title") [e](f(g))', "a‹dim| (b)› c‹dim| (d)› e‹dim| (f(g))›"],
  ["![a picture](p.png)", "a picture‹dim| (p.png)›"],
  ["[text] (apart) and [text][ref]", "[text] (apart) and [text][ref]"],
])("a link shows where it leads: %s", (markdown, drawn) => {
  expect(rendered(markdown)).toBe(`${drawn}\n`);
});

test("control characters are shown, never obeyed, also in code and links", () => {
  expect(plain("a\x1b[2J `b\x07` [c\x1b](d\x9b)")).toBe("a\\x1b[2J b\\x07 c\\x1b (d\\x9b)\n");
});

test("where nothing can be painted, code keeps its backticks and a heading its marks", () => {
  expect(bare("## The `end`\n\nRun ``a`b``, **now**.")).toBe("## The `end`\n\nRun ``a`b``, now.\n");
});
