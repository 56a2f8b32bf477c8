import { describe, expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { filled, lines, wrong } from "./a-book.ts";

describe("a page", () => {
  test("has its blocks, each with its fence and its caption", () => {
    const text = lines(
      "# T",
      "<!-- code (x): a.ts#b -->",
      "```ts",
      "b();",
      "```",
      "",
      "<sub>[a](b)</sub>",
      "prose",
    );
    const { blocks, prose } = readPage("docs/01-t.md", text);
    expect(blocks).toMatchObject([
      {
        kind: "code",
        options: "x",
        text: "a.ts#b",
        line: 2,
        start: 2,
        end: 7,
        fence: { info: "ts", body: ["b();"] },
      },
    ]);
    expect(prose.map((line) => line.text)).toEqual(["# T", "", "<sub>[a](b)</sub>", "prose"]);
  });

  test("may have a directive of several lines", () => {
    const { blocks } = readPage("docs/01-t.md", lines("<!-- run:", "pnpm phase 1 start", "> hello", "-->"));
    expect(blocks).toMatchObject([{ kind: "run", text: "pnpm phase 1 start\n> hello", end: 4 }]);
  });

  test("shows a directive in a fence as it is", () => {
    expect(readPage("docs/01-t.md", lines("````md", "<!-- code: a.ts -->", "```", "````")).blocks).toEqual(
      [],
    );
  });

  test("keeps comments that are no directives", async () => {
    expect(
      await wrong("docs/x.md", lines("<!-- Network access is needed. -->", "<!-- see https://a.b -->")),
    ).toEqual([]);
  });

  test.each([
    "<!-- run (same folder) (exit 1): ls -->",
    "<!-- run ls -->",
    "<!--run: ls-->",
    " <!-- run: ls -->",
    "<!-- Run: ls -->",
  ])("fails for what looks like a directive and is read as a comment: %s", async (comment) => {
    expect(await wrong("docs/x.md", lines("", comment, "```console", "$ ls", "```"))).toEqual([
      `docs/x.md:2: ${comment}: It is read as a comment. Write a directive as <!-- kind (options): text -->.`,
    ]);
  });

  test("fails with the kinds there are for a kind there is not", async () => {
    expect(await wrong("docs/x.md", lines("", "<!-- dif: a -> b c -->"))).toEqual([
      "docs/x.md:2: dif: a -> b c: There is no such block. There are: code, diff, draft, table, not-shown, run, wire, break, answer, green.",
    ]);
  });
});

describe("filling", () => {
  test("puts a fence, a caption and a blank line behind a bare directive", async () => {
    expect(
      await filled("docs/x.md", lines("<!-- code: phases/2-check/src/check.ts#limit -->", "Prose.")),
    ).toBe(
      lines(
        "<!-- code: phases/2-check/src/check.ts#limit -->",
        "```ts",
        "const limit = 9;",
        "```",
        "",
        "<sub>[src/check.ts](../phases/2-check/src/check.ts#L3) · limit · line 3</sub>",
        "",
        "Prose.",
      ),
    );
  });

  test("changes nothing the second time, and replaces what went stale", async () => {
    const text = lines("<!-- code: phases/2-check/src/check.ts -->", "", "<!-- table: phases -->", "Prose.");
    const once = await filled("docs/x.md", text);
    expect(await filled("docs/x.md", once)).toBe(once);
    expect(await filled("docs/x.md", once.replace("limit = 9", "limit = 8"))).toBe(once);
  });

  test("leaves alone what the author wrote below", async () => {
    const own = lines("```sh", "ls", "```", "", "<sub>[mine](a)</sub>");
    const page = await filled("docs/x.md", `<!-- code: phases/2-check/src/check.ts#limit -->\n\n${own}`);
    expect(page).toContain(own);
    const table = lines(
      "<!-- table: map 2 -->",
      "Mine.",
      "<!-- table: phases -->",
      "",
      "<!-- end -->",
      "Mine too.",
    );
    expect((await filled("docs/x.md", table)).match(/^Mine.*|^<!-- end -->/gm)).toEqual([
      "<!-- end -->",
      "Mine.",
      "<!-- end -->",
      "Mine too.",
    ]);
  });

  test("takes a longer fence around code that has one inside", async () => {
    const files = { "packages/a.md": lines("```sh", "ls", "```") };
    expect(await filled("docs/x.md", "<!-- code: packages/a.md -->\n", files)).toContain(
      "````md\n```sh\nls\n```\n````",
    );
  });
});
