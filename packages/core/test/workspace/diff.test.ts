import { describe, expect, test } from "vitest";
import { diffTexts } from "../../src/workspace/diff.ts";

const lines = (count: number, text = "line") =>
  Array.from({ length: count }, (_, index) => `${text} ${index}\n`).join("");

describe("a diff", () => {
  test("has three lines of context, and the path in both headers", () => {
    const before = lines(20);
    const after = before.replace("line 9\n", "LINE 9\n");
    expect(diffTexts("src/a b.ts", before, after)).toEqual({
      diff: [
        "--- a/src/a b.ts",
        "+++ b/src/a b.ts",
        "@@ -7,7 +7,7 @@",
        " line 6",
        " line 7",
        " line 8",
        "-line 9",
        "+LINE 9",
        " line 10",
        " line 11",
        " line 12",
        "",
      ].join("\n"),
      added: 1,
      removed: 1,
    });
  });

  test("shows a change of a line end, and a missing one at the end of the file", () => {
    expect(diffTexts("a", "x\r\n", "x\n").diff).toContain("-x\r\n+x\n");
    expect(diffTexts("a", "x", "x\n").diff).toContain("-x\n\\ No newline at end of file\n+x\n");
  });

  test("of nothing is empty", () => {
    expect(diffTexts("a", "same", "same")).toEqual({ diff: "", added: 0, removed: 0 });
  });

  test("counts lines that begin with + or - once", () => {
    expect(diffTexts("a", "-x\n--y\n", "+x\n++y\n+++ z\n")).toMatchObject({ added: 3, removed: 2 });
  });
});

describe("a diff that is too long to show", () => {
  test("of two large files that share nothing is counted, and does not take minutes", () => {
    const { diff, added, removed } = diffTexts("a", lines(50_000, "old"), lines(60_000, "new"));
    expect({ added, removed }).toEqual({ added: 60_000, removed: 50_000 });
    expect(diff).toBe("--- a/a\n+++ b/a\n(too long to show: 60000 lines added, 50000 removed)\n");
  });

  test("does not count the lines that both begin and end with", () => {
    const both = lines(100);
    const { added, removed } = diffTexts(
      "a",
      both + lines(3000, "old") + both,
      both + lines(4000, "new") + both,
    );
    expect({ added, removed }).toEqual({ added: 4000, removed: 3000 });
  });

  test("of a new file of many lines counts them all", () => {
    expect(diffTexts("a", "", lines(5000))).toMatchObject({ added: 5000, removed: 0 });
    expect(diffTexts("a", lines(5000), "")).toMatchObject({ added: 0, removed: 5000 });
  });

  test("of one endless line is left out", () => {
    const { diff } = diffTexts("a", "x".repeat(5_000_000), "y");
    expect(diff.length).toBeLessThan(200);
  });

  test("of a small change in a large file is shown", () => {
    const before = lines(200_000);
    const { diff, added, removed } = diffTexts("a", before, before.replace("line 150000\n", "changed\n"));
    expect({ added, removed }).toEqual({ added: 1, removed: 1 });
    expect(diff).toContain("-line 150000\n+changed\n");
  });
});
