import { diffTexts } from "@eightfold/workspace";
import { expect, test } from "vitest";
import { styledDiff } from "./diff-view.ts";

const before = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join("\n");
const diffOf = async (...change: Parameters<typeof diffTexts>) => (await diffTexts(...change)).diff;
const textOf = (diff: string, columns = 80, maxLines = 24) =>
  styledDiff(diff, columns, maxLines)
    .map(({ text }) => text)
    .join("");

test("lines have their numbers, of the new file or, for what is gone, of the old one", async () => {
  const after = before.replace("line 3\n", "line three\nand a half\n").replace("line 25", "line 25!");
  expect(textOf(await diffOf("a.txt", before, after))).toBe(`   1   line 1
   2   line 2
   3 − line 3
   3 + line three
   4 + and a half
   5   line 4
   6   line 5
   7   line 6
     ⋯
  23   line 22
  24   line 23
  25   line 24
  25 − line 25
  26 + line 25!
  27   line 26
  28   line 27
  29   line 28
`);
});

test("what was added is green and what is gone is red, with dim numbers", async () => {
  const runs = styledDiff(await diffOf("a", "one\n", "two\n"), 80, 24);
  expect(runs.map(({ text, format }) => `${format}|${text}`)).toEqual([
    "dim|  1 ",
    "red|− one",
    "|\n",
    "dim|  1 ",
    "green|+ two",
    "|\n",
  ]);
});

test("a file that is new, or loses its last newline", async () => {
  expect(textOf(await diffOf("a", "", "one\ntwo\n"))).toBe("  1 + one\n  2 + two\n");
  expect(textOf(await diffOf("a", "one\n", "one"))).toBe(
    "  1 − one\n  1 + one\n      \\ No newline at end of file\n",
  );
});

test("a long diff is cut, and says how much is hidden", async () => {
  const diff = await diffOf("a", "", before);
  expect(textOf(diff, 80, 3)).toBe(
    "   1 + line 1\n   2 + line 2\n   3 + line 3\n  … 28 more lines, Ctrl-O shows them\n",
  );
  expect(textOf(diff, 80, 30)).not.toContain("more lines");
});

test("lines that are too wide go on below themselves, after a space or anywhere, with wide characters whole", async () => {
  const drawn = async (line: string) => textOf(await diffOf("a", "", `${line}\n`), 28);
  expect(await drawn("const answer = 42; // 漢字漢字")).toBe("  1 + const answer = 42;\n      // 漢字漢字\n");
  expect(await drawn("漢字漢字漢字漢字漢字漢字")).toBe("  1 + 漢字漢字漢字漢字漢字\n      漢字\n");
  expect(await drawn(`${" ".repeat(15)}indented`)).toBe(`  1 + ${" ".repeat(15)}indent\n      ed\n`);
});

test("control characters and tabs of a file are not obeyed", async () => {
  expect(textOf(await diffOf("a", "", "\ta\x1b[2J\r\n"))).toBe("  1 +     a\\x1b[2J\\r\n");
});

test("a diff that was too long to keep says so", () => {
  expect(textOf("--- a/x\n+++ b/x\n(too long to show: 3000 lines added, 1 removed)\n")).toBe(
    "      (too long to show: 3000 lines added, 1 removed)\n",
  );
});

test("what is invisible in a change is shown", async () => {
  const diff = await diffOf("a", "one\n", "one\u200b\u2066\n");
  expect(textOf(diff)).toBe("  1 − one\n  1 + one\\u200b\\u2066\n");
});

test.each([
  ["a tab for blanks", "\techo", "    echo", "  1 − \\techo\n  1 +     echo\n"],
  ["blanks at the end", "foo", "foo  ", "  1 − foo\n  1 + foo[2 × blank]\n"],
  ["a tab at the end", "foo", "foo\t", "  1 − foo\n  1 + foo\\t\n"],
  ["blanks on an empty line", "", " ", "  1 −\n  1 + [1 × blank]\n"],
  ["a blank before a tab", "\ta", " \ta", "  1 − \\ta\n  1 +  \\ta\n"],
  ["a letter in another Unicode form", "caf\u00e9", "cafe\u0301", "  1 − caf\\xe9\n  1 + cafe\\u0301\n"],
  ["a word between tabs", "\ta", "\tb", "  1 −     a\n  1 +     b\n"],
])("%s: two lines that differ look different", async (_, old, now, shown) => {
  expect(textOf(await diffOf("a", `${old}\n`, `${now}\n`))).toBe(shown);
});

/** A diff as it is painted: `‹word›` is marked as changed. */
const marked = (diff: string, columns = 80) =>
  styledDiff(diff, columns)
    .map(({ text, format }) => (format.includes("inverse") ? `‹${text}›` : text))
    .join("");

test("the words that changed in a line are marked, where the rest of it stayed", () => {
  expect(
    marked("@@ -1,2 +1,2 @@\n-let limit = 10;\n-let b = one;\n+let limit = 250;\n+let b = one + 1;\n"),
  ).toBe("  1 − let limit = ‹10›;\n  2 − let b = one;\n  1 + let limit = ‹250›;\n  2 + let b = one‹ + 1›;\n");
});

test.each([
  ["another line altogether", "@@ -1 +1 @@\n-one two\n+three four\n"],
  ["more lines than went", "@@ -1 +1,2 @@\n-let a = 1;\n+let a = 2;\n+let b = 1;\n"],
  ["blanks at its end", "@@ -1 +1 @@\n-let abc = 1;  \n+let abc = 1; \n"],
])("nothing is marked in a line with %s", (_, diff) => {
  expect(marked(diff)).not.toContain("‹");
});

test("a line that does not fit the screen is shown whole, without marks", () => {
  expect(marked("@@ -1 +1 @@\n-let limit = 10 + 20;\n+let limit = 11 + 20;\n", 20)).not.toContain("‹");
});
