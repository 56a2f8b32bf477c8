import { expect, test } from "vitest";
import { plain, rendered } from "../../test/rendered.ts";

const source = `| Name | Size | Middle | What it does |
|------|-----:|:------:|:-------------|
| \`a.ts\` | 12 | x | Parses the *input* |
| b.ts | 1234 | ✅ | 漢字 |
| short |
| a \\| b | 1 | 2 | 3 | too many |
`;

test("columns are aligned as the source says, with wide characters", () => {
  expect(plain(source)).toBe(`Name   Size  Middle  What it does
─────  ────  ──────  ────────────────
a.ts     12    x     Parses the input
b.ts   1234    ✅    漢字
short
a | b     1    2     3
`);
});

test("names are bold, the rule is dim, cells have their own looks", () => {
  expect(rendered("|A|B|\n|-|-|\n|`x`|**y**|")).toBe(
    "‹bold|A›  ‹bold|B›\n‹dim|─›  ‹dim|─›\n‹cyan|x›  ‹bold|y›\n",
  );
});

test("cells wrap where the table is too wide", () => {
  expect(
    plain("| Flag | Text |\n|---|---|\n| --steps | how many steps it may take |\n| --x | one<br>two |", 27),
  ).toBe(`Flag     Text
───────  ─────────────────
--steps  how many steps it
         may take
--x      one
         two
`);
});

test("where its words have no room, each row is a list", () => {
  expect(
    plain(
      "| Option | Default | Description |\n|---|---|---|\n| --max-steps | fifty | the limit of steps |\n| --x | | y |",
      25,
    ),
  ).toBe(`Option: --max-steps
Default: fifty
Description: the limit
  of steps

Option: --x
Default:
Description: y
`);
});

test("a table ends with the first line that is none of its rows, and stands in its list", () => {
  expect(plain("- item\n  | A |\n  |---|\n  | 1 |\n- next\n\n|B|\n|:-:|\ntext")).toBe(
    "• item\n  A\n  ─\n  1\n• next\n\nB\n─\ntext\n",
  );
});

test("a table without names has no head", () => {
  expect(plain("| | |\n|---|---|\n| a | b |\n| ccc | d |")).toBe("a    b\nccc  d\n");
});

test("rows without a line of dashes are text", () => {
  expect(plain("| not *a* table |\n| at all |\n\n|alone|")).toBe("| not a table |\n| at all |\n\n|alone|\n");
});

test("control characters in a cell are shown", () => {
  expect(plain("|A|\n|-|\n|\x1b[2J|")).toBe(
    "A\n───────\n\\x1b[2J\n".replace("───────", "────────".slice(0, 7)),
  );
});

test("an emoji of several parts is not broken in a narrow column", () => {
  expect(plain("|A|B|\n|-|-|\n|👨‍👩‍👧|x|\n|👍🏽|y|")).toContain("\n👨‍👩‍👧  x\n👍🏽");
});
