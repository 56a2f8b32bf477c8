import { expect, test } from "vitest";
import { plain, rendered } from "../../test/rendered.ts";

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
  ["quotes", ">".repeat(50_000), "│".repeat(12) + ">".repeat(50_000 - 12)],
  ["cells", `|${"a|".repeat(30_000)}`, `|${"a|".repeat(30_000)}`],
])("a long line of nothing but %s is drawn whole, and without delay", (_, line, words) => {
  const cuts = Array.from({ length: Math.floor(line.length / 7) }, (_, index) => index * 7);
  expect(plain(line, 61, cuts).replace(/\s+/g, "")).toBe(words);
});
