import { symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusal, workspaceWith } from "../test/temp-workspace.ts";
import { found } from "../test/visible.ts";
import { searchText } from "./index.ts";

const { signal } = new AbortController();

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
    [{ pattern: "x", glob: "x".repeat(5_000_000) }, /^The glob has 5000000 characters. Give a part of it/],
    [{ pattern: "x", glob: "a\0b" }, /^The glob holds a NUL character, which no path can\.$/],
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

test("an ignore file that is a link shows no line of where it leads", async () => {
  const workspace = await workspaceWith({ "a.txt": "found\n", "src/b.txt": "found\n" });
  const outside = join(dirname(workspace.root), "outside.txt");
  await writeFile(outside, "SECRET[z-a]{\n");
  await symlink(outside, join(workspace.root, ".gitignore"));
  await symlink(outside, join(workspace.root, "src/.gitignore"));
  for (const path of [".", "src", "src/b.txt"]) {
    const found = await searchText(workspace, { pattern: "found", path }, new AbortController().signal);
    expect(JSON.stringify(found)).not.toContain("SECRET");
    expect(found.matches.length).toBeGreaterThan(0);
  }
});
