import { describe, expect, test } from "vitest";
import { filled, lines, wrong } from "./a-book.ts";

describe("a table", () => {
  test("of the phases has their names, what they add and their lines", async () => {
    expect(await filled("README.md", "<!-- table: phases -->\n")).toContain(
      lines("| 1 | [sum](phases/1-sum) | a sum | 12 |", "| 2 | [check](phases/2-check) | a check | 21 |"),
    );
  });

  test("of a chapter has its files and the tools that it gains", async () => {
    const files = {
      "phases/2-check/src/tool.ts": 'export const t = defineTool({\n  name: "read_it",\n});\n',
    };
    const page = await filled("docs/02-check.md", "<!-- table: map 2 -->\n", files);
    expect(page).toContain("| [src/add.ts](../phases/2-check/src/add.ts) | changed | +4 −3 |");
    expect(page).toContain("| 3 files | | +15 −3 |\n\nTools gained: `read_it`.\n\n<!-- end -->");
  });

  test("that went stale names the chapter and the block", async () => {
    const page = (await filled("docs/x.md", "<!-- table: map 2 -->\n")).replace("+4", "+5");
    expect(await wrong("docs/x.md", page)).toEqual([
      expect.stringMatching(/^docs\/x\.md:1: table: map 2: Line 5/),
    ]);
    expect(await wrong("docs/x.md", "<!-- table: mop -->\n")).toEqual([
      "docs/x.md:1: table: mop: The tables are phases, map with a phase (map 5), and failures with a room (failures shell).",
    ]);
  });
});

describe("a table of failures", () => {
  const readme = lines(
    "| without this room | the test that shows it |",
    "|---|---|",
    '| a sum is wrong | [sum](src/sum.test.ts): "adds"; [more](test/more.test.ts) |',
    "| a sum is slow | [fast](src/fast.test.ts) |",
    "| file | [sum](src/sum.ts) |",
  );
  const files = { "packages/sum/README.md": readme };

  test("is that of the room's README, with links from the page", async () => {
    const page = await filled("docs/x.md", "<!-- table: failures sum -->\n", files);
    expect(page.split("\n").filter((line) => line.startsWith("|"))).toEqual([
      "| without this room | the test that shows it |",
      "|---|---|",
      '| a sum is wrong | [sum](../packages/sum/src/sum.test.ts): "adds"; [more](../packages/sum/test/more.test.ts) |',
      "| a sum is slow | [fast](../packages/sum/src/fast.test.ts) |",
    ]);
  });

  test("has the rows of the tests that it names", async () => {
    const page = await filled("docs/x.md", "<!-- table: failures sum fast -->\n", files);
    expect(page).toContain("a sum is slow");
    expect(page).not.toContain("a sum is wrong");
  });

  test.for([
    ["failures sum slow", "The README of packages/sum has no failure with a test slow."],
    ["failures som", "The README of packages/som has no failure with a test at all."],
  ])("%s names nothing, and says so", async ([text = "", message]) => {
    expect(await wrong("docs/x.md", `<!-- table: ${text} -->\n`, files)).toEqual([
      `docs/x.md:1: table: ${text}: ${message}`,
    ]);
  });
});
