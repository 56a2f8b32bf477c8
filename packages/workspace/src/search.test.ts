import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Files, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage, searchText } from "./index.ts";

const { signal } = new AbortController();

/** "path:line: text" of each match. */
async function found(
  files: Files,
  pattern: string,
  where: { path?: string; glob?: string } = {},
): Promise<string[]> {
  const { matches } = await searchText(await workspaceWith(files), { pattern, ...where }, signal);
  return matches.map(({ path, line, text }) => `${path}:${line}: ${text}`);
}

const project = {
  "src/parse.ts":
    "import { lex } from './lex.ts';\n\nexport function parse(text) {\r\n  return lex(text);\n}\n",
  "src/lex.ts": "export function lex(text) {}",
  "docs/parse.md": "parse the text\n",
  ".hidden/notes": "parse later\n",
};

describe("a search", () => {
  test("of a folder leaves out what may hold secrets, also when a glob names it; of the file itself it does not", async () => {
    const files = { ".env": "KEY=1\n", "deploy/server.pem": "KEY\n", "a.txt": "KEY=2\n" };
    expect(await found(files, "KEY")).toEqual(["a.txt:1: KEY=2"]);
    expect(await found(files, "KEY", { glob: ".env" })).toEqual([]);
    expect(await found(files, "KEY", { path: "deploy" })).toEqual([]);
    expect(await found(files, "KEY", { path: ".env" })).toEqual([".env:1: KEY=1"]);
  });

  test("finds a regular expression in every file, sorted by path and line", async () => {
    expect(await found(project, "function \\w+|parse")).toEqual([
      ".hidden/notes:1: parse later",
      "docs/parse.md:1: parse the text",
      "src/lex.ts:1: export function lex(text) {}",
      "src/parse.ts:3: export function parse(text) {",
    ]);
  });

  test.each([
    [
      { path: "src" },
      [
        "src/lex.ts:1: export function lex(text) {}",
        "src/parse.ts:1: import { lex } from './lex.ts';",
        "src/parse.ts:4:   return lex(text);",
      ],
    ],
    [{ path: "src/lex.ts" }, ["src/lex.ts:1: export function lex(text) {}"]],
    [{ path: "docs" }, []],
    [{ glob: "*.md" }, []],
    [{ glob: "lex.*" }, ["src/lex.ts:1: export function lex(text) {}"]],
    [
      { glob: "src/p*.ts" },
      ["src/parse.ts:1: import { lex } from './lex.ts';", "src/parse.ts:4:   return lex(text);"],
    ],
    [{ glob: "./src/l*.ts" }, ["src/lex.ts:1: export function lex(text) {}"]],
    [{ glob: "!src/parse.ts" }, ["src/lex.ts:1: export function lex(text) {}"]],
    [{ path: "src", glob: "**/lex.ts" }, ["src/lex.ts:1: export function lex(text) {}"]],
    [
      { path: ".", glob: "" },
      [
        "src/lex.ts:1: export function lex(text) {}",
        "src/parse.ts:1: import { lex } from './lex.ts';",
        "src/parse.ts:4:   return lex(text);",
      ],
    ],
  ])("takes %j", async (where, expected) => {
    expect(await found(project, "lex", where)).toEqual(expected);
  });

  test("that finds nothing is no error", async () => {
    expect(await searchText(await workspaceWith(project), { pattern: "no such text" }, signal)).toEqual({
      matches: [],
      notice: "4 files were searched.",
    });
    expect(await searchText(await workspaceWith(), { pattern: "x" }, signal)).toEqual({
      matches: [],
      notice: "No file was searched: there is none below the path.",
    });
  });

  test.each(["-foo", "--files", "-e", "--", "-"])("%j is a pattern, no flag", async (pattern) => {
    expect(await found({ a: `x ${pattern} y` }, pattern)).toEqual([`a:1: x ${pattern} y`]);
  });

  test.each(["-", "-v", "--files", "a b", "[x]", "line\nbreak"])(
    "a file named %j is a file, no flag",
    async (path) => {
      const shown = path.includes("\n") ? JSON.stringify(path) : path;
      expect(await found({ [path]: "needle" }, "needle", { path })).toEqual([`${shown}:1: needle`]);
      expect(await found({ [path]: "needle" }, "needle")).toEqual([`${shown}:1: needle`]);
    },
  );

  test("reads no configuration of the user's and no ignore files but git's", async () => {
    process.env.RIPGREP_CONFIG_PATH = "/nonexistent/config";
    const files = { ".ignore": "a\n", ".rgignore": "a\n", a: "needle" };
    expect(await found(files, "needle")).toEqual(["a:1: needle"]);
    delete process.env.RIPGREP_CONFIG_PATH;
  });

  test("does not follow links", async () => {
    const workspace = await workspaceWith({ "src/a": "needle" });
    for (const [name, target] of Object.entries({ self: ".", file: "src/a", out: "/etc" })) {
      await symlink(target, join(workspace.root, name));
    }
    const { matches } = await searchText(workspace, { pattern: "needle|root" }, signal);
    expect(matches).toEqual([{ path: "src/a", line: 1, text: "needle" }]);
    expect(await refusal(searchText(workspace, { pattern: "root", path: "out" }, signal))).toContain(
      "is outside",
    );
  });
});

describe("an empty answer says what was looked at", () => {
  const files = {
    ".gitignore": "*.log\n",
    "a.log": "needle\n",
    ".env": "needle\n",
    "src/a.ts": "",
    "src/b.ts": "",
    "node_modules/x/a.ts": "needle\n",
  };

  test.each([
    [
      {},
      "3 files were searched. Left out: node_modules, 1 that .gitignore excludes, 1 that may hold secrets: name such a file with path.",
    ],
    [{ path: "src" }, "2 files were searched."],
    [{ glob: "a.ts" }, "1 file was searched. Left out: node_modules, 1 that .gitignore excludes."],
    [
      { glob: "*.log" },
      "No file was searched: none of the 4 below the path fits the glob, which counts from there. Left out: node_modules, 1 that .gitignore excludes.",
    ],
    [
      { path: "src", glob: "src/*.ts" },
      "No file was searched: none of the 2 below the path fits the glob, which counts from there.",
    ],
    [
      { glob: "!**/*" },
      "No file was searched: none of the 4 below the path fits the glob, which counts from there. Left out: node_modules, 1 that .gitignore excludes.",
    ],
    [
      { glob: "!src" },
      "1 file was searched. Left out: node_modules, 1 that .gitignore excludes, 1 that may hold secrets: name such a file with path.",
    ],
    [
      { glob: ".env" },
      "No file was searched. Left out: node_modules, 1 that .gitignore excludes, 1 that may hold secrets: name such a file with path.",
    ],
  ])("%j", async (where, notice) => {
    const workspace = await workspaceWith(files);
    const found = await searchText(workspace, { pattern: "needle", ...where }, signal);
    expect(found).toEqual({ matches: [], notice });
  });
});

describe("a glob", () => {
  const files = Object.fromEntries(
    [
      "packages/a/src/x.ts",
      "packages/a/src/x.js",
      "packages/b/src/x.ts",
      "app/[id]/page.tsx",
      "app/i/page.tsx",
      "app/[[...all]]/p.ts",
      "lib/a.c",
    ].map((path) => [path, "needle\n"]),
  );

  test.each([
    ["src/*.ts", "packages/a", ["packages/a/src/x.ts"]],
    ["/src/*.ts", "packages/a", ["packages/a/src/x.ts"]],
    ["./src/*.ts", "packages/a", ["packages/a/src/x.ts"]],
    ["src/", "packages/a", ["packages/a/src/x.js", "packages/a/src/x.ts"]],
    ["*.{ts,js}", "packages", ["packages/a/src/x.js", "packages/a/src/x.ts", "packages/b/src/x.ts"]],
    ["{a,c}/**/*.ts", "packages", ["packages/a/src/x.ts"]],
    ["!*.ts", "packages", ["packages/a/src/x.js"]],
    ["!./a/src", "packages", ["packages/b/src/x.ts"]],
    ["ROOT/packages/a/**/*.ts", ".", ["packages/a/src/x.ts"]],
    ["ROOT/packages/a/**/*.ts", "packages/a", ["packages/a/src/x.ts"]],
    ["ROOT/**/*.js", "packages/a", ["packages/a/src/x.js"]],
    ["!ROOT/packages/a/**", "packages", ["packages/b/src/x.ts"]],
    ["app/[id]/*", ".", ["app/[id]/page.tsx", "app/i/page.tsx"]],
    ["[id]/page.tsx", "app", ["app/[id]/page.tsx", "app/i/page.tsx"]],
    ["app/\\[id\\]/*", ".", ["app/[id]/page.tsx"]],
    ["app/[[...all]]/*.[jt]s", ".", ["app/[[...all]]/p.ts"]],
    ["!{app,packages}/**", ".", ["lib/a.c"]],
    ["*.[ch]", ".", ["lib/a.c"]],
  ])("%j counts from %j", async (glob, path, expected) => {
    const workspace = await workspaceWith(files);
    const where = { path, glob: glob.replace("ROOT", workspace.root) };
    const { matches } = await searchText(workspace, { pattern: "needle", ...where }, signal);
    expect(matches.map((match) => match.path)).toEqual(expected);
  });

  test("that does not fit the file that path names is passed over", async () => {
    expect(await found(files, "needle", { path: "lib/a.c", glob: "*.ts" })).toEqual(["lib/a.c:1: needle"]);
  });
});

describe("lines", () => {
  test.each(["1;$", "^const a = 1;$", "\\w;$"])(
    "%j finds the end of a line before LF and before CRLF",
    async (pattern) => {
      const files = { "lf.js": "const a = 1;\n", "win.js": "const a = 1;\r\nx\r\n" };
      expect(await found(files, pattern)).toEqual(["lf.js:1: const a = 1;", "win.js:1: const a = 1;"]);
    },
  );

  test.each(["\\r$", "1;\\x0d", "[\\r]"])("%j finds the CR itself", async (pattern) => {
    expect(await found({ lf: "a = 1;\n", crlf: "a = 1;\r\n" }, pattern)).toEqual(["crlf:1: a = 1;"]);
  });

  test.each([
    ["one\ntwo\rstill two\nthree needle\n"],
    ["one\r\ntwo\r\nneedle\r\n"],
    ["one\rtwo\rneedle\rfour\r"],
    ["a\fb\vc\u2028d\u2029e\u0085f\nneedle"],
    ["\uFEFFa\n\n\nneedle"],
    ["a\r\rb\nneedle\n"],
    ["\rneedle"],
  ])("of %j have the same numbers in grep and read_file", async (content) => {
    for (const text of [content, Buffer.from(`\uFEFF${content}`, "utf16le")]) {
      const workspace = await workspaceWith({ a: text });
      const [match] = (await searchText(workspace, { pattern: "needle" }, signal)).matches;
      const page = await readTextPage(workspace, "a", { offset: match?.line, limit: 1 });
      expect(page.lines).toEqual([match?.text]);
      expect(page.lines[0]).toMatch(/^(three )?needle$/);
    }
  });

  test("of a file whose lines end in CR alone are found each for itself", async () => {
    expect(await found({ a: "needle\rx\rneedle needle\rneedle" }, "needle")).toEqual([
      "a:1: needle",
      "a:3: needle needle",
      "a:4: needle",
    ]);
  });
});

describe("a pattern or a path that cannot be searched", () => {
  test.each([
    [{ pattern: "foo(" }, /regex parse error:[\s\S]*unclosed group\nTo search for characters such as/],
    [{ pattern: "[z-a]" }, /invalid character class range/],
    [{ pattern: "(?<=a)b" }, /look-around.*is not supported(?![\s\S]*--)/],
    [{ pattern: "(a)\\1" }, /backreferences are not supported(?![\s\S]*--)/],
    [{ pattern: "" }, /The pattern is empty/],
    [{ pattern: "a\nb" }, /it cannot hold a line break/],
    [{ pattern: "a\\nb" }, /it cannot hold a line break/],
    [{ pattern: "a\0b" }, /it cannot hold a line break/],
    [{ pattern: "x".repeat(20_000) }, /The pattern has 20000 characters/],
    [{ pattern: "a", glob: "[" }, /error parsing glob '\[': unclosed character class/],
    [{ pattern: "a", path: "nope.ts" }, /^nope\.ts does not exist/],
    [{ pattern: "a", path: "../" }, /is outside the workspace/],
    [{ pattern: "a", path: ".git" }, /\.git is never listed or searched/],
    [{ pattern: "a", path: "src/node_modules/x" }, /node_modules is never listed or searched/],
  ])("%j", async (request, message) => {
    expect(await refusal(searchText(await workspaceWith(project), request, signal))).toMatch(message);
  });
});

describe("files that are not plain UTF-8", () => {
  test("a line with other bytes is shown with them marked", async () => {
    const files = { a: Buffer.from("caf\xe9 needle \xff\n", "latin1") };
    expect(await found(files, "needle")).toEqual(["a:1: caf\ufffd needle \ufffd"]);
  });

  test("UTF-16 and a byte order mark are read", async () => {
    const files = { a: Buffer.from("\uFEFFone\r\nneedle é\r\n", "utf16le"), b: "\uFEFFneedle\r\n" };
    expect(await found(files, "needle")).toEqual(["a:2: needle é", "b:1: needle"]);
  });

  test("a binary file is left out, and is mentioned when something in it matched", async () => {
    const workspace = await workspaceWith({ bin: "needle\0\nneedle\n", text: "needle" });
    expect((await searchText(workspace, { pattern: "needle" }, signal)).matches).toEqual([
      { path: "text", line: 1, text: "needle" },
    ]);
    expect(await searchText(workspace, { pattern: "needle", path: "bin" }, signal)).toEqual({
      matches: [],
      notice: "bin matches, and is a binary file.",
    });
  });
});
