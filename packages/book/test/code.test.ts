import { describe, expect, test } from "vitest";
import { codeOf } from "../src/code-block.ts";
import { aRepo, check, filled, lines, wrong } from "./a-book.ts";

const repo = aRepo({});
const code = (part: string) => codeOf(repo, `phases/2-check/src/check.ts${part}`).body;

describe("a code block", () => {
  test("is the symbol with its comment", () => {
    expect(code("#check")).toEqual([
      "/** Throws. */",
      "export function check(...numbers: number[]): void {",
      "  if (numbers.some((number) => number > limit)) fail();",
      "}",
    ]);
  });

  test("is several symbols, with the blank lines that lie between neighbours", () => {
    expect(code("#limit,imports")).toEqual(['import { fail } from "./fail.ts";', "", "const limit = 9;"]);
    expect(code("#imports,check").slice(0, 3)).toEqual([
      'import { fail } from "./fail.ts";',
      "",
      "/** Throws. */",
    ]);
  });

  test("is what lies between two texts, or the line of one", () => {
    expect(code('#check "export".."some"')).toHaveLength(2);
    expect(code('#check "some"..""')).toHaveLength(2);
    expect(code('#imports,limit "".."import"')).toHaveLength(1);
    expect(code(' "some("')).toEqual(["  if (numbers.some((number) => number > limit)) fail();"]);
  });

  test.for([
    [
      "phases/2-check/src/check.ts#chek",
      "There is no chek in phases/2-check/src/check.ts. There are: imports, limit, check.",
    ],
    ["phases/2-check/src/chek.ts", "There is no file phases/2-check/src/chek.ts."],
    ['phases/2-check/src/check.ts#limit "fail"', 'There is no "fail" in phases/2-check/src/check.ts.'],
  ])("%s does not exist, and the chapter and block are named", async ([text = "", message]) => {
    expect(await wrong("docs/x.md", `<!-- code: ${text} -->\n`)).toEqual([
      `docs/x.md:1: code: ${text}: ${message}`,
    ]);
  });

  test("goes by what a nameless statement calls", () => {
    const files = { "a.ts": lines("await runMain(async () => {", "  go();", "});") };
    expect(codeOf(aRepo(files), "a.ts#runMain").body).toHaveLength(3);
  });

  test("fails when its source changes, and names the chapter and the block", async () => {
    const page = await filled("docs/x.md", "<!-- code: phases/2-check/src/check.ts#limit -->\n");
    expect(await wrong("docs/x.md", page)).toEqual([]);
    const files = { "phases/2-check/src/check.ts": check.replace("= 9", "= 8") };
    expect(await wrong("docs/x.md", page, files)).toEqual([
      'docs/x.md:1: code: phases/2-check/src/check.ts#limit: Line 3 must be "const limit = 8;", and is "const limit = 9;". Run pnpm book --write x.',
    ]);
  });

  test("fails when its caption says other lines", async () => {
    const page = await filled("docs/x.md", "<!-- code: phases/2-check/src/check.ts#limit -->\n");
    const files = { "phases/2-check/src/check.ts": `// One line more.\n${check}` };
    expect(await wrong("docs/x.md", page, files)).toEqual([expect.stringContaining("· limit · line 4")]);
  });
});
