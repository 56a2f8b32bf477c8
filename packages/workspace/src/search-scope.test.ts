import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { found } from "../test/visible.ts";
import { readTextPage, searchText } from "./index.ts";

const { signal } = new AbortController();

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
    [
      { glob: "/" },
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

test("what is behind a link is not among what was searched, and the answer says so", async () => {
  const workspace = await workspaceWith({ "a.txt": "" });
  await symlink("/usr", join(workspace.root, "data"));
  const found = await searchText(workspace, { pattern: "needle" }, signal);
  expect(found.notice).toBe("1 file was searched. Left out: 1 that is a link.");
});

test.each([
  ["caf\u00e9", "cafe\u0301"],
  ["cafe\u0301", "caf\u00e9"],
  ["^(\u00e9t\u00e9|x)$", "e\u0301te\u0301"],
])("%j is found in its other Unicode form, and what only begins like that is not", async (pattern, text) => {
  expect(await found({ a: `${text}\ncafe ete\n` }, pattern)).toEqual([`a:1: ${text}`]);
});

test("a file with a NUL byte, such as a log after a crash, is searched to its end before there is nothing", async () => {
  const workspace = await workspaceWith({ "a.log": "\0\0\0start\nneedle\n", "b.log": "\0", "c.txt": "" });
  const found = await searchText(workspace, { pattern: "needle" }, signal);
  expect(found).toEqual({
    matches: [],
    notice: "a.log matches, and is a binary file. 3 files were searched.",
  });
});

test("of many binary files that match three are named", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const files = Object.fromEntries(names.map((name) => [name, "\0\nneedle\n"]));
  const { notice } = await searchText(await workspaceWith(files), { pattern: "needle" }, signal);
  expect(notice?.match(/[a-e] matches, and is a binary file/g)).toHaveLength(3);
  expect(notice).toContain(" 2 more binary files match. 5 files were searched.");
});

test.each(["a[\\s\\S]*b", "a[\\S\\s]b", "(?s)a.*b", "(?is)a.*b"])(
  "%j, which would match line breaks elsewhere, is said to find nothing across them",
  async (pattern) => {
    const workspace = await workspaceWith({ x: "a\nb\n" });
    for (const path of [".", "x"]) {
      const { notice } = await searchText(workspace, { pattern, path }, signal);
      expect(notice).toContain("matched line by line");
    }
  },
);

test.each(["*.ts{,x}", "{,a}b", "*.y{a,}ml", "a{b,,c}"])(
  "the empty choice of %j, which ripgrep passes over, is refused with another way",
  async (glob) => {
    const searched = searchText(
      await workspaceWith({ "a.ts": "needle\n" }),
      { pattern: "needle", glob },
      signal,
    );
    await expect(searched).rejects.toThrow("write {a,ab}");
  },
);

test.each([
  ["%PDF\0needle", "needle"],
  ["n\0e\0e\0d\0l\0e\0", "needle"],
  [Buffer.from([0x1f, 0x8b, 8, 0xff]), "needle"],
])("a file that is no text, %j, says so when nothing in it matches its pattern", async (content, pattern) => {
  const workspace = await workspaceWith({ x: content });
  const { notice } = await searchText(workspace, { pattern, path: "x" }, signal);
  expect(notice).toMatch(/binary file/);
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
      "lib/#a#",
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
    ["ROOT", "lib", ["lib/#a#", "lib/a.c"]],
    ["ROOT/lib/", "lib", ["lib/#a#", "lib/a.c"]],
    ["/", "lib", ["lib/#a#", "lib/a.c"]],
    ["ROOT/**/*.js", "packages/a", ["packages/a/src/x.js"]],
    ["!ROOT/packages/a/**", "packages", ["packages/b/src/x.ts"]],
    ["app/[id]/*", ".", ["app/[id]/page.tsx", "app/i/page.tsx"]],
    ["[id]/page.tsx", "app", ["app/[id]/page.tsx", "app/i/page.tsx"]],
    ["app/\\[id\\]/*", ".", ["app/[id]/page.tsx"]],
    ["app/[[...all]]/*.[jt]s", ".", ["app/[[...all]]/p.ts"]],
    ["!{app,packages}/**", ".", ["lib/#a#", "lib/a.c"]],
    ["*.[ch]", ".", ["lib/a.c"]],
    ["#*#", "lib", ["lib/#a#"]],
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
