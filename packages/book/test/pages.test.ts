import { describe, expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { missingPages, pagePaths } from "../src/book.ts";
import { diffPages } from "../src/diff-pages.ts";
import { anchorsOf, links } from "../src/links.ts";
import { plainMarkdown } from "../src/plain-markdown.ts";
import { commandsOf, handWritten } from "../src/shell-fences.ts";
import { wordLimits, wordsOf } from "../src/words.ts";
import { aRepo, filled, lines, repoOf } from "./a-book.ts";

describe("words", () => {
  const chapter = (count: number) => readPage("docs/02-check.md", `${"word ".repeat(count)}\n`);

  test.for([1499, 4501])("%i in a chapter are too few or too many", (count) => {
    expect(wordLimits(chapter(count), true)).toMatchObject([
      { chapter: "docs/02-check.md", block: "words", message: `${count} words; 1500 to 4500 are asked for.` },
    ]);
  });

  test("1500 to 4500 are right, and other pages have as many as they like", () => {
    expect([...wordLimits(chapter(1500), true), ...wordLimits(chapter(4500), true)]).toEqual([]);
    expect(wordLimits(readPage("docs/09-next.md", "few\n"), false)).toEqual([]);
  });

  test("are counted without code, tables, captions and the targets of links", async () => {
    const page = await filled(
      "docs/02-check.md",
      lines(
        "# One two",
        "",
        "<!-- code: phases/2-check/src/check.ts -->",
        "<!-- table: phases -->",
        "[three](a/b.md)",
      ),
    );
    expect(wordsOf(readPage("docs/02-check.md", page))).toBe(3);
  });
});

describe("a link", () => {
  const repo = repoOf({ "docs/a.md": "# One: `two`\n\n## Twice\n\n## Twice\n", "src/b.ts": "1\n2\n" });
  const messages = (text: string) =>
    links(repo, readPage("docs/x.md", text)).map(
      ({ line, block, message }) => `${line}: ${block}: ${message}`,
    );

  test.for([
    "[a](a.md#one-two) [a](a.md#twice-1) [b](../src/b.ts#L1-L2) [c](../src) [d](#here)\n# Here",
    "[a](https://github.com/a/b/blob/v1.2/c.ts) <https://ollama.com> `[no](link)`",
    "```md\n[no](link)\n```",
  ])("leads somewhere: %s", (text) => {
    expect(messages(text)).toEqual([]);
  });

  test.for([
    ["\n[a](b.md)", "2: link: b.md: There is no docs/b.md."],
    [
      "[a](a.md#three)",
      "1: link: a.md#three: docs/a.md has no heading #three. It has: one-two, twice, twice-1.",
    ],
    ["[b](../src/b.ts#L1-L3)", "1: link: ../src/b.ts#L1-L3: src/b.ts has 2 lines."],
    ['<img src="no.svg">', "1: link: no.svg: There is no docs/no.svg."],
    [
      "<https://evil.example>",
      "1: link: https://evil.example: evil.example is not among the known hosts in packages/book/src/links.ts.",
    ],
    ["[a](http://github.com/a)", "1: link: http://github.com/a: Link with https."],
    [
      "[a](https://github.com/a/b/tree/main/c)",
      "1: link: https://github.com/a/b/tree/main/c: It follows a branch: link to a tag or a commit.",
    ],
  ])("%s leads nowhere, and says so", ([text = "", message]) => {
    expect(messages(text)).toEqual([message]);
  });

  test("finds headings as GitHub names them", () => {
    expect(anchorsOf(readPage("docs/a.md", "## What `run_bash` does, & why\n# [A](b.md) −/+ x"))).toEqual([
      "what-run_bash-does--why",
      "a--x",
    ]);
  });
});

describe("a fence without a directive", () => {
  test("of output is wrong in a chapter, and right elsewhere", () => {
    const text = "```console\n$ ls\n```\n";
    expect(handWritten(readPage("docs/01-a.md", text))).toMatchObject([{ chapter: "docs/01-a.md", line: 1 }]);
    expect(handWritten(readPage("docs/providers.md", text))).toEqual([]);
  });

  test("of commands that are not run needs a reason above it", () => {
    expect(handWritten(readPage("docs/01-a.md", "\n```sh no-run\npnpm test\n```\n"))).toMatchObject([
      { line: 2 },
    ]);
    const page = readPage("docs/01-a.md", "<!-- it takes minutes -->\n```sh no-run\npnpm test\n```\n");
    expect([handWritten(page), commandsOf(page)]).toEqual([[], []]);
  });

  test("of commands has those that begin with pnpm tried", () => {
    const page = readPage("docs/01-a.md", "```sh\nls\npnpm phase list\n```\n");
    expect(commandsOf(page)).toEqual([{ command: "pnpm phase list", line: 3 }]);
  });
});

describe("a page on GitHub and on the site", () => {
  const messages = (text: string) =>
    plainMarkdown(readPage("docs/01-a.md", text)).map(
      ({ line, block, message }) => `${line}: ${block}: ${message}`,
    );

  test("is plain Markdown below a title", () => {
    const text =
      "# T\n`{{ x }}` and `Promise<T>`, <b>bold</b>, a < b > c\n```ts\nconst a: Promise<T> = {{}};\n```\n";
    expect(messages(text)).toEqual([]);
  });

  test.for([
    ["---\ntitle: x\n---", "1: Markdown: A chapter begins with its title: # …"],
    ["# T\na {{ b }}", "2: Markdown: The site takes {{ for a formula: put it in code."],
    ["# T\n::: tip", "2: Markdown: GitHub shows this as text: it is the site's own syntax."],
    ["# T\na Promise<string>", "2: Markdown: Both take this for an HTML tag: put it in code."],
    ["# T\na <Badge>", "2: Markdown: Both take this for an HTML tag: put it in code."],
  ])("is not %s", ([text = "", message]) => {
    expect(messages(text)).toEqual([message]);
  });
});

describe("the pages of diffs", () => {
  test("have each neighbouring pair, with all its lines", () => {
    const [[path, text] = []] = diffPages(aRepo({ "docs/02-check.md": "" }));
    expect(path).toBe("docs/diffs/01-02.md");
    expect(text).toContain("[Chapter 2](../02-check.md) explains it.");
    expect(text).toContain("| [src/check.ts](../../phases/2-check/src/check.ts) | new | +8 |");
    expect(text).toContain("Carried, the same to the byte: [src/main.ts](../../phases/2-check/src/main.ts).");
    expect(text).toContain("## src/add.ts\n\n```diff\n import { log }");
  });

  test("fail when they are stale", () => {
    const repo = aRepo({});
    expect(missingPages(repo, ["docs/05-shell.md"])).toContainEqual(
      expect.objectContaining({ chapter: "docs/05-shell.md", message: "It is not there." }),
    );
    expect(missingPages(repo, [])).toMatchObject([{ chapter: "docs/diffs/01-02.md", block: "diffs" }]);
    expect(missingPages(aRepo(Object.fromEntries(diffPages(repo))), [])).toEqual([]);
  });
});

test("a page is found by the start of its name, a chapter by its number", () => {
  const repo = aRepo({ "docs/05-shell.md": "", "docs/providers.md": "", "docs/diffs/04-05.md": "" });
  expect(pagePaths(repo)).toEqual(["README.md", "docs/05-shell.md", "docs/providers.md"]);
  expect(["5", "05", "05-shell", "docs/05-shell.md", "prov"].map((name) => pagePaths(repo, name))).toEqual([
    ...Array.from({ length: 4 }, () => ["docs/05-shell.md"]),
    ["docs/providers.md"],
  ]);
});
