import { describe, expect, test } from "vitest";
import { applyDiff } from "../src/apply-diff.ts";
import { Problem } from "../src/problem.ts";
import { check, filled, lines, wholeChapter, wrong } from "./a-book.ts";

const path = "docs/02-check.md";
const followed = async (page: string, files = {}) =>
  (await wrong(path, page, files)).filter((failure) => /follower|place|belongs/.test(failure));

describe("the follower", () => {
  test("has the phase, to the byte, when the chapter shows all of it", async () => {
    expect(await wrong(path, await filled(path, wholeChapter))).toEqual([]);
  });

  test("builds the first phase from nothing", async () => {
    const directives = lines(
      "# Sum",
      "<!-- code: phases/1-sum/src/add.ts -->",
      "",
      "<!-- code: phases/1-sum/src/main.ts -->",
    );
    expect(await wrong("docs/01-sum.md", await filled("docs/01-sum.md", directives))).toEqual([]);
  });

  test("has another program when a line of a diff is wrong", async () => {
    const page = (await filled(path, wholeChapter)).replace("+  check(a, b);", "+  check(b, a);");
    expect(await followed(page)).toContain(
      `${path}:1: follower: Typed as the chapter says, src/add.ts has "  check(b, a);" in line 6; the phase has "  check(a, b);".`,
    );
  });

  test("has another program when a line of code is wrong", async () => {
    const page = (await filled(path, wholeChapter)).replace("limit = 9", "limit = 8");
    expect(await followed(page)).toEqual([
      expect.stringContaining('src/check.ts has "const limit = 8;" in line 3'),
    ]);
  });

  test("lacks what no block shows", async () => {
    const page = await filled(path, wholeChapter.replace(/<!-- code: .*#check -->\n/, ""));
    expect(await followed(page)).toEqual([expect.stringContaining("src/check.ts has nothing in line 4")]);
  });

  test("takes what is not shown from the phase", async () => {
    const directives = wholeChapter.replace("<!-- code: phases/2-check/src/check.ts#check -->", notShown);
    expect(await followed(await filled(path, directives))).toEqual([]);
  });

  test("has no place for a block out of its order", async () => {
    const [first = "", second = "", ...rest] = (await filled(path, wholeChapter)).split(/(?=<!-- diff)/);
    const [third = ""] = rest;
    expect(await followed(first + third + second)).toContainEqual(
      expect.stringContaining("is not where this hunk belongs"),
    );
  });

  test("takes away a file that is gone", async () => {
    const files = { "phases/1-sum/src/old.ts": "old();\n" };
    const gone = "<!-- diff: phases/1-sum -> phases/2-check src/old.ts -->";
    const page = await filled(path, `${wholeChapter}\n${gone}\n`, files);
    expect(await wrong(path, page, files)).toEqual([]);
    expect(await followed(await filled(path, wholeChapter, files), files)).toHaveLength(1);
  });
});

const notShown = "<!-- not-shown: src/check.ts#check -- a reader knows it -->";

describe("coverage", () => {
  test("fails for a changed line that stands in no block, and names it", async () => {
    const page = await filled(path, wholeChapter.replace(/<!-- diff: .*add\.ts -->\n/, ""));
    expect(await wrong(path, page)).toContain(
      `${path}:1: coverage: src/add.ts: 3 changed lines stand (+2 \`import { check } from "./check.ts";\`, -9 \`export const nothing = 0;\`, +10 \`export const one = 1;\`) in no block. Add <!-- diff: phases/1-sum -> phases/2-check src/add.ts -->, or not-shown.`,
    );
  });

  test("does not count a line that goes away as shown by the new code", async () => {
    const page = await filled(path, lines("<!-- code: phases/2-check/src/add.ts -->"));
    expect(await wrong(path, page)).toContainEqual(expect.stringContaining("-3 `/** The sum. */`"));
  });

  test("holds for the lines of code blocks by the same count", async () => {
    const page = await filled(path, wholeChapter.replace(/<!-- code: .*#check -->\n/, ""));
    expect(await wrong(path, page)).toContainEqual(
      expect.stringContaining("src/check.ts: 5 changed lines stand"),
    );
  });

  test("lets fewer than a tenth be left out, with a reason", async () => {
    const directives = wholeChapter.replace("<!-- code: phases/2-check/src/check.ts#check -->", notShown);
    expect(await wrong(path, await filled(path, directives))).toEqual([
      `${path}:28: coverage: 5 of 15 changed lines are not shown; fewer than a tenth may be.`,
    ]);
    const long = {
      "phases/2-check/src/check.ts": `${check}\n${Array.from({ length: 40 }, (_, n) => `f(${n});\n`).join("")}`,
    };
    const shown = `<!-- code: phases/2-check/src/check.ts "f(0)".."f(39)" -->\n\n`;
    expect(await wrong(path, await filled(path, directives + shown, long), long)).toEqual([]);
  });

  test("asks for the reason", async () => {
    const directives = `${wholeChapter}\n<!-- not-shown: src/add.ts#one -->\n`;
    expect(await wrong(path, await filled(path, directives))).toEqual([
      expect.stringContaining("not-shown: src/add.ts#one: Write it as src/file.ts#symbol -- why"),
    ]);
  });
});

describe("a diff is applied", () => {
  const file = ["a", "b", "", "a", "c"];

  test("where its lines stand, or where its header says", () => {
    expect(applyDiff([" a", "-c", "+d"], file)).toEqual(["a", "b", "", "a", "d"]);
    expect(applyDiff(["@@ -1,1 +1,2 @@", " a", "+x", "@@ -4,1 +5,1 @@", "-a", "+y"], file)).toEqual([
      "a",
      "x",
      "b",
      "",
      "y",
      "c",
    ]);
    expect(applyDiff(["+new"], [])).toEqual(["new"]);
  });

  test.for([
    [[" z"], "no place"],
    [[" a", "+x"], "at 2 places"],
    [["@@ -2,1 +2,1 @@", "-a"], "not where this hunk belongs"],
    [["a"], "Not a line of a diff"],
  ] as const)("never by guess: %o", ([diff, message]) => {
    expect(() => applyDiff(diff, file)).toThrow(Problem);
    expect(() => applyDiff(diff, file)).toThrow(message);
  });
});

describe("a reader types by the rule that is printed, and by no other", () => {
  const typed = async (...directives: string[]) => {
    const page = await filled(path, lines("# Check", "", ...directives));
    return { page, wrong: await wrong(path, page) };
  };

  test("code goes below what its file has, so a piece shown too early ends in another program", async () => {
    const { wrong } = await typed(
      "<!-- code: phases/2-check/src/check.ts#check -->",
      "",
      "<!-- code: phases/2-check/src/check.ts#imports,limit -->",
    );
    expect(wrong).toContainEqual(expect.stringContaining('src/check.ts has "/** Throws. */" in line 1'));
  });

  test("what is shown too early can be put in its place by a diff", async () => {
    const { page, wrong } = await typed(
      "<!-- code: phases/2-check/src/check.ts#check -->",
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/check.ts -->",
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/add.ts -->",
    );
    expect(wrong).toEqual([]);
    expect(page).toContain(
      '```diff\n+import { fail } from "./fail.ts";\n+\n+const limit = 9;\n+\n /** Throws. */\n',
    );
  });

  test("a line that comes later is left out of code, and comes by a diff", async () => {
    const { page, wrong } = await typed(
      '<!-- code: phases/2-check/src/check.ts without "if (" -->',
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/check.ts -->",
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/add.ts -->",
    );
    expect(wrong).toEqual([]);
    expect(page.match(/if \(numbers/g)).toHaveLength(1);
  });

  test("a step that turns no check green is named", async () => {
    const steps = (green: string) =>
      wholeChapter
        .replace("\n\n<!-- diff", `\n\n${green}\n\n<!-- diff`)
        .replace("# Check", "# Check\n\n## Step 1: Add");
    const reading = async (green: string) => (await typed(...steps(green).split("\n"))).wrong;
    expect(await reading("<!-- green: 2.reads-a-file -->")).toEqual([]);
    expect(await reading("")).toEqual([
      expect.stringContaining("step 1: It turns no check green. Add <!-- green: ID -->"),
    ]);
  });

  test("a line for now is typed, and goes when the phase has another", async () => {
    const { page, wrong } = await typed(
      "<!-- draft: src/check.ts -->",
      "```ts",
      "export const check = (...all: number[]) => void all;",
      "```",
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/add.ts#imports,add -->",
      "",
      "<!-- draft: src/add.ts -->",
      "```diff",
      "-  check(a, b);",
      "+  check(b, a);",
      "```",
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/check.ts -->",
      "",
      "<!-- diff: phases/1-sum -> phases/2-check src/add.ts -->",
    );
    expect(wrong).toEqual([]);
    expect(page).toContain("<sub>src/check.ts · for now</sub>");
    expect(page).toContain(
      " export function add(a: number, b: number): number {\n-  check(a, b);\n+  check(b, a);\n   return",
    );
    expect(page).toContain("-export const check = (...all: number[]) => void all;\n");
  });
});
