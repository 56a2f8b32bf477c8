import { expect, test } from "vitest";
import { plain, rendered } from "../../test/rendered.ts";

test("headings are bold, set apart, and the first is underlined", () => {
  expect(rendered("text\n# One `x` #\n\n\n\n### Three\n####### seven")).toBe(
    "text\n\n‹bold underline|One ›‹bold underline cyan|x›‹bold underline| #›\n\n‹bold|Three›\n####### seven\n",
  );
});

test("line breaks of the source stay; several blank lines are one; none begin or end the text", () => {
  expect(plain("\n\n  one\ntwo\n\n\n \nthree\n\n")).toBe("one\ntwo\n\nthree\n");
});

test("lists, nested and numbered, with hanging indents", () => {
  const source = `- one that is long enough to wrap at so few columns
- two
  - nested, and long enough to wrap as well
    more of it
    1. deeper
  - back
* star
+ plus

9. nine
10. ten is long enough to wrap here

    a paragraph of ten
11) eleven`;
  expect(plain(source, 31)).toBe(`• one that is long enough to
  wrap at so few columns
• two
  ◦ nested, and long enough to
    wrap as well
    more of it
    1. deeper
  ◦ back
• star
• plus

9. nine
10. ten is long enough to wrap
    here

    a paragraph of ten
11) eleven
`);
});

test("lists that are indented by four, by three or by tabs nest the same way", () => {
  const drawn = "• a\n  ◦ b\n    ◦ c\n";
  expect(plain("- a\n    - b\n        - c")).toBe(drawn);
  expect(plain("- a\n   - b\n      - c")).toBe(drawn);
  expect(plain("- a\n\t- b\n\t\t- c")).toBe(drawn);
});

test("an item of a list that has no text, or begins with something else", () => {
  expect(plain("-\n- # Title\n- > quote\n- - inner\n- ```\n  code\n  ```")).toBe(
    "• \n\n• Title\n• │ quote\n• ◦ inner\n•   code\n",
  );
});

test("quotes have a bar, also on their blank lines and the lines that wrap", () => {
  expect(plain("> one that is long enough to wrap\n>\n> > two\n> - three\n\nafter", 26)).toBe(
    "│ one that is long enough\n│ to wrap\n│\n│ │ two\n│ • three\n\nafter\n",
  );
});

test.each(["---", "***", "___", "- - -", "* * *", "====="])("%s is a rule", (marks) => {
  expect(plain(`above\n\n${marks}\n\nbelow`, 11)).toBe(`above\n\n${"─".repeat(10)}\n\nbelow\n`);
});

test("code is set in, with its language above it, and nothing in it is a mark", () => {
  expect(rendered("Do:\n\n```ts\nconst **x** = `1`;\n\n  # two\n> three\n\tfour\n```\nDone.")).toBe(
    "Do:\n\n‹dim|  ts›\n  ‹cyan|const› **x** = ‹green|`1`›;\n\n    # two\n  > three\n      four\nDone.\n",
  );
});

test("a long line of code is not broken", () => {
  const code = `echo ${"long ".repeat(40)}`.trim();
  expect(plain(`\`\`\`\n${code}\n\`\`\``, 40)).toBe(`  ${code}\n`);
});

test("a fence ends with as many marks of its kind, and with nothing else", () => {
  expect(plain("````md\n```js\nx\n```\n~~~~\n````\nafter")).toBe(
    "  md\n  ```js\n  x\n  ```\n  ~~~~\nafter\n",
  );
  expect(plain("~~~\n```\n~~~")).toBe("  ```\n");
});

test("a fence that is still open shows what came", () => {
  expect(plain("```py\nprint(1)\n  retu")).toBe("  py\n  print(1)\n    retu\n");
});

test("a fence in a list or a quote stands in its place", () => {
  expect(plain("1. Run\n   ```sh\n   npm test\n     && echo\n   ```\n2. Look\n> ```\n> quoted\n> ```")).toBe(
    "1. Run\n     sh\n     npm test\n       && echo\n2. Look\n│   quoted\n",
  );
});

test("an item that begins with an empty fence keeps its mark", () => {
  expect(plain("- ```\n  ```\n  text")).toBe("• text\n");
});

test("a quote that ends ends its fence", () => {
  expect(plain("> ```\n> code\nafter **it**")).toBe("│   code\nafter it\n");
});

test("three backticks in a line of text are inline code", () => {
  expect(rendered("```npm test``` runs them")).toBe("‹cyan|npm test› runs them\n");
});

test("four spaces after a blank line are code; in a paragraph and in a list they are not", () => {
  expect(plain("Do:\n\n    a **b**\n      c\n\nthen")).toBe("Do:\n\n  a **b**\n    c\n\nthen\n");
  expect(plain("text\n    **more**")).toBe("text\nmore\n");
});

const source = `# One *two* \`three\`

Some **bold \`code\`**, ***both***, a [link](https://x.org/a(b)) and ![img](p.png), <https://y.org>.
2*3*4, __init__, \\*no\\*, \`\`a\`b\`\`, **open, [open](never 😀 漢字 e\u0301\r
- one
  - two
    \`\`\`ts
    const x = 1;

      deep
    \`\`\`
10. ten
* * *
> quote
> > nested
> \`\`\`
> code
after

| A | B |
|---|--:|
| \`1\` | **2** |
| not | a | table |

    indented
~~~~
~~~
~~~~
\x1b[31mred\x07 ~~gone~~ end`;

const whole = rendered(source);

test("cut into single characters, a text is drawn the same", () => {
  expect(rendered(source, { cuts: [...source].map((_, index) => index).slice(1) })).toBe(whole);
});

test("cut in two at any place, a text is drawn the same", () => {
  for (let cut = 1; cut < source.length; cut++)
    expect(rendered(source, { cuts: [cut] }), `cut at ${cut}`).toBe(whole);
});

test("a text that stops anywhere is a beginning of the whole, but for its last line", () => {
  for (let end = 1; end < source.length; end++) {
    const lines = rendered(source.slice(0, end)).trimEnd().split("\n").slice(0, -1);
    if (/^\|/m.test(source.slice(source.lastIndexOf("\n\n", end), end))) continue; // a table is drawn when it ends
    expect(whole.startsWith(lines.join("\n")), `stopped at ${end}`).toBe(true);
  }
});

test.each([
  ["marks", "*a ".repeat(30_000), "*a".repeat(30_000)],
  ["brackets", "[".repeat(50_000), "[".repeat(50_000)],
  ["spaces", " ".repeat(50_000), ""],
  ["spaces in a fence", `\`\`\`x${" ".repeat(50_000)}y`, "xy"],
  ["quotes", ">".repeat(50_000), "│".repeat(12) + ">".repeat(50_000 - 12)],
  ["cells", `|${"a|".repeat(30_000)}`, `|${"a|".repeat(30_000)}`],
])("a long line of nothing but %s is drawn whole, and without delay", (_, line, words) => {
  const cuts = Array.from({ length: Math.floor(line.length / 7) }, (_, index) => index * 7);
  expect(plain(line, 61, cuts).replace(/\s+/g, "")).toBe(words);
});
