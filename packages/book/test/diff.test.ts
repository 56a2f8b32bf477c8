import { describe, expect, test } from "vitest";
import { filled, lines, newAdd, wrong } from "./a-book.ts";

const directive = (part: string) => `<!-- diff: phases/1-sum -> phases/2-check ${part} -->`;

async function fences(...parts: string[]): Promise<string[][]> {
  const page = await filled("docs/02-check.md", lines(...parts.flatMap((part) => [directive(part), ""])));
  return page
    .split("```diff\n")
    .slice(1)
    .map((text) => (text.split("\n```")[0] ?? "").split("\n"));
}

describe("a diff block", () => {
  test("has the lines that go and come, and three around them", async () => {
    expect(await fences("src/add.ts#add")).toEqual([
      [
        ' import { log } from "./log.ts";',
        "",
        "-/** The sum. */",
        "+/** The sum of two numbers. */",
        " export function add(a: number, b: number): number {",
        "-  log(a);",
        "+  check(a, b);",
        "   return a + b;",
        " }",
        "",
      ],
    ]);
  });

  test("starts from what the blocks above have left, and the last takes the rest", async () => {
    const [, rest] = await fences("src/add.ts#add", "src/add.ts");
    expect(rest).toEqual([
      "@@ -1,4 +1,5 @@",
      ' import { log } from "./log.ts";',
      '+import { check } from "./check.ts";',
      "",
      " /** The sum of two numbers. */",
      " export function add(a: number, b: number): number {",
      "@@ -6,4 +7,4 @@",
      "   return a + b;",
      " }",
      "",
      "-export const nothing = 0;",
      "+export const one = 1;",
    ]);
  });

  test("takes the runs of lines that contain a text, or the lines between two", async () => {
    const [one, two] = await fences('src/add.ts "check(a"', 'src/add.ts#add,imports "import".."numbers"');
    expect(one?.filter((line) => /^[+-]/.test(line))).toEqual(["-  log(a);", "+  check(a, b);"]);
    expect(two?.filter((line) => /^[+-]/.test(line))).toEqual([
      '+import { check } from "./check.ts";',
      "-/** The sum. */",
      "+/** The sum of two numbers. */",
    ]);
  });

  test("takes what is left from a text on", async () => {
    const [tail] = await fences('src/add.ts "check(a".."" ');
    expect(tail?.filter((line) => /^[+-]/.test(line))).toEqual([
      "+  check(a, b);",
      "-export const nothing = 0;",
      "+export const one = 1;",
    ]);
  });

  test("finds what went away by the name it had", async () => {
    const [gone] = await fences("src/add.ts#nothing");
    expect(gone?.filter((line) => /^[+-]/.test(line))).toEqual(["-export const nothing = 0;"]);
  });

  test("says where its hunks stand when there are several", async () => {
    const [hunks] = await fences('src/add.ts "import" "export const one"');
    expect(hunks?.filter((line) => line.startsWith("@@"))).toEqual(["@@ -1,4 +1,5 @@", "@@ -6,4 +7,4 @@"]);
  });

  test.for([
    ["src/main.ts", "src/main.ts is the same in phases/1-sum and phases/2-check, or in neither."],
    ["src/add.ts#ad", "There is no ad in src/add.ts. There are: imports, add, one, nothing."],
    ['src/add.ts "return"', 'No changed line of src/add.ts contains "return".'],
  ])("of %s is not possible, and says so", async ([part = "", message]) => {
    const [first] = await wrong("docs/x.md", `${directive(part)}\n`);
    expect(first).toBe(`docs/x.md:1: diff: phases/1-sum -> phases/2-check ${part}: ${message}`);
  });

  test("that has nothing left to show is an error", async () => {
    const page = await filled(
      "docs/02-check.md",
      lines(directive("src/add.ts"), "", directive("src/add.ts#add")),
    );
    expect(await wrong("docs/02-check.md", page)).toContainEqual(expect.stringContaining("is shown above"));
  });

  test("fails when the phase changes, and names the chapter and the block", async () => {
    const page = await filled("docs/x.md", `${directive("src/add.ts#one")}\n`);
    expect(await wrong("docs/x.md", page)).toEqual([]);
    const files = { "phases/2-check/src/add.ts": newAdd.replace("one = 1", "one = 2") };
    expect(await wrong("docs/x.md", page, files)).toEqual([
      expect.stringMatching(
        /^docs\/x\.md:1: diff: .*src\/add\.ts#one: Line \d+ must be "\+export const one = 2;"/,
      ),
    ]);
  });
});

test("a diff of two examples is one of files, step by step as well", async () => {
  const files = {
    "docs/examples/a-1.ts": "let a = 1;\n",
    "docs/examples/a-2.ts": "let a = 2;\nlet b = 1;\n",
  };
  const diff = (part: string) => `<!-- diff: docs/examples/a-1.ts -> docs/examples/${part} -->`;
  const page = await filled("docs/x.md", lines(diff("a-2.ts#b"), "", diff("a-2.ts")), files);
  expect(page).toContain(" let a = 1;\n+let b = 1;\n```\n\n<sub>[docs/examples/a-2.ts](examples/a-2.ts#L2)");
  expect(page).toContain("-let a = 1;\n+let a = 2;\n let b = 1;\n");
  expect(await wrong("docs/x.md", diff("a-3.ts"), files)).toEqual([
    expect.stringContaining("There is no file docs/examples/a-3.ts."),
  ]);
});
