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

describe("a long line", () => {
  const minified = "x".repeat(500_000);
  const changed = (diff: string) => diff.split("\n").filter((line) => /^[-+](?![-+])/.test(line));

  test("is reduced to what differs in it, and something around that", async () => {
    const { diff } = await diffTexts("app.min.js", `${minified}done();`, `${minified}done();fetch("//x?");`);
    expect(changed(diff)).toEqual([
      `-⋯ 499,927 characters ⋯${"x".repeat(73)}done();`,
      `+⋯ 499,927 characters ⋯${"x".repeat(73)}done();fetch("//x?");`,
    ]);
  });

  test("that changes in the middle says how much is left out on both sides", async () => {
    const { diff } = await diffTexts("a", `${minified}old${minified}\n`, `${minified}new${minified}\n`);
    const around = "x".repeat(80);
    expect(changed(diff)).toEqual([
      `-⋯ 499,920 characters ⋯${around}old${around}⋯ 499,920 characters ⋯`,
      `+⋯ 499,920 characters ⋯${around}new${around}⋯ 499,920 characters ⋯`,
    ]);
  });

  test("that is broken in two, or joined, shows what was put there", async () => {
    const { diff } = await diffTexts(
      "a",
      minified,
      `${minified.slice(0, 300_000)}{\n}${minified.slice(300_000)}`,
    );
    expect(changed(diff)).toEqual([
      `-⋯ 299,920 characters ⋯${"x".repeat(160)}⋯ 199,920 characters ⋯`,
      `+⋯ 299,920 characters ⋯${"x".repeat(80)}{`,
      `+}${"x".repeat(80)}⋯ 199,920 characters ⋯`,
    ]);
    expect((await diffTexts("a", "one\ntwo\n", `one${minified}two\n`)).diff).toContain(`one${minified}two`);
  });

  test("is reduced each by itself where several change", async () => {
    const { diff } = await diffTexts("a", `${minified}a\n${minified}b\n`, `${minified}c\n${minified}d\n`);
    expect(changed(diff).map((line) => line.at(-1))).toEqual(["a", "b", "c", "d"]);
    expect(diff.length).toBeLessThan(1_000);
  });

  test("that did not change shows how it begins", async () => {
    const { diff } = await diffTexts("a", `${minified}\nold\n`, `${minified}\nnew\n`);
    expect(diff).toContain(` ${"x".repeat(80)}⋯ 499,920 characters ⋯\n-old\n+new\n`);
  });

  test("is not cut inside a character", async () => {
    const smiles = "😀".repeat(1_000);
    for (const before of ["", "x"]) {
      const { diff } = await diffTexts(
        "a",
        `${before}${smiles}old${smiles}x`,
        `${before}${smiles}new${smiles}x`,
      );
      expect(diff.isWellFormed()).toBe(true);
    }
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
