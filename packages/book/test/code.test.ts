import { describe, expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { codeOf } from "../src/code-block.ts";
import { coreCoverage } from "../src/core-coverage.ts";
import { aRepo, check, filled, lines, wrong } from "./a-book.ts";

const repo = aRepo({});
const code = (part: string) => codeOf(repo, `phases/2-check/src/check.ts${part}`).body;

describe("core", () => {
  const files = {
    "packages/core/src/index.ts": lines('export * from "./a.ts";'),
    "packages/core/src/a.test.ts": lines("test();"),
    "packages/core/src/a.ts": lines("/** One. */", "export const one = 1;", "", "const two = 2;"),
  };
  const unshown = (path: string, text: string) =>
    coreCoverage(aRepo(files), [readPage(path, text)]).map(
      ({ chapter, line, message }) => `${chapter}:${line}: ${message}`,
    );

  test("is shown when chapters have all of its lines, index and tests apart", () => {
    const two = "<!-- code: packages/core/src/a.ts#two -->\n";
    expect(unshown("docs/01-a.md", `<!-- code: packages/core/src/a.ts#one -->\n\n${two}`)).toEqual([]);
  });

  test.for([
    ["docs/01-a.md", "<!-- code: packages/core/src/a.ts#one -->", ":4: 1 lines are in no chapter (4, …)"],
    [
      "docs/01-a.md",
      '<!-- code: packages/core/src/a.ts "two" -->',
      ":1: 2 lines are in no chapter (1, 2, …)",
    ],
    ["docs/a.md", "<!-- code: packages/core/src/a.ts -->", ":1: 3 lines are in no chapter (1, 2, 4, …)"],
    [
      "docs/01-a.md",
      "<!-- code: packages/core/src/a.ts#gone -->",
      ":1: 3 lines are in no chapter (1, 2, 4, …)",
    ],
  ])("in %s with %s lacks lines, and names them", ([path = "", block = "", message]) => {
    expect(unshown(path, `${block}\n`)).toEqual([
      `packages/core/src/a.ts${message}. Add <!-- code: packages/core/src/a.ts -->.`,
    ]);
  });
});

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
