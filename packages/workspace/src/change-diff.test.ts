import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { diffTexts, planWrite } from "./index.ts";

const lines = (count: number, text = "line") =>
  Array.from({ length: count }, (_, index) => `${text} ${index}\n`).join("");

describe("a diff", () => {
  test("has three lines of context, and the path in both headers", async () => {
    const before = lines(20);
    const after = before.replace("line 9\n", "LINE 9\n");
    expect(await diffTexts("src/a b.ts", before, after)).toEqual({
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

  test("shows a change of a line end, and a missing one at the end of the file", async () => {
    expect((await diffTexts("a", "x\r\n", "x\n")).diff).toContain("-x\r\n+x\n");
    expect((await diffTexts("a", "x", "x\n")).diff).toContain("-x\n\\ No newline at end of file\n+x\n");
  });

  test("of nothing is empty", async () => {
    expect(await diffTexts("a", "same", "same")).toEqual({ diff: "", added: 0, removed: 0 });
  });

  test("counts lines that begin with + or - once", async () => {
    expect(await diffTexts("a", "-x\n--y\n", "+x\n++y\n+++ z\n")).toMatchObject({ added: 3, removed: 2 });
  });
});

describe("a long diff", () => {
  test("of two large files that share nothing is all of both, and does not take minutes", async () => {
    const { diff, added, removed } = await diffTexts("a", lines(5_000, "old"), lines(6_000, "new"));
    expect({ added, removed }).toEqual({ added: 6_000, removed: 5_000 });
    expect(diff).toMatch(/^--- a\/a\n\+\+\+ b\/a\n@@ -1,5000 \+1,6000 @@\n-old 0\n/);
    expect(diff.match(/^[+-](?:old|new) \d+$/gm)).toHaveLength(11_000);
  });

  test("is what git can apply, a missing line end included", async () => {
    const before = `head\n${lines(3000, "old")}tail\nlast`;
    const after = `head\n${lines(4000, "new")}tail\nlast, no more`;
    expect(applyPatch(before, (await diffTexts("a", before, after)).diff)).toBe(after);
  });

  test("is kept without its lines once it has landed", async () => {
    const plan = await planWrite(await workspaceWith(), "a", lines(20_000));
    expect(plan.diff).toContain("+line 19999\n");
    expect((await plan.land()).diff).toBe(
      "--- a/a\n+++ b/a\n(too long to show: 20000 lines added, 0 removed)\n",
    );
  });

  test("does not count the lines that both begin and end with", async () => {
    const both = lines(100);
    const { added, removed } = await diffTexts(
      "a",
      both + lines(3000, "old") + both,
      both + lines(4000, "new") + both,
    );
    expect({ added, removed }).toEqual({ added: 4000, removed: 3000 });
  });

  test("of a new file of many lines counts them all", async () => {
    expect(await diffTexts("a", "", lines(5000))).toMatchObject({ added: 5000, removed: 0 });
    expect(await diffTexts("a", lines(5000), "")).toMatchObject({ added: 0, removed: 5000 });
  });

  test("of one endless line is left out", async () => {
    const { diff } = await diffTexts("a", "x".repeat(5_000_000), "y");
    expect(diff.length).toBeLessThan(200);
  });

  test("of a small change in a large file is shown", async () => {
    const before = lines(200_000);
    const { diff, added, removed } = await diffTexts(
      "a",
      before,
      before.replace("line 150000\n", "changed\n"),
    );
    expect({ added, removed }).toEqual({ added: 1, removed: 1 });
    expect(diff).toContain("-line 150000\n+changed\n");
  });
});
