import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { treeWith, visible } from "../test/visible.ts";
import { listFolder, openWorkspace, searchText } from "./index.ts";

const { signal } = new AbortController();

describe("what .gitignore files exclude is neither listed nor searched", () => {
  test("at the root: names, folders, anchored and negated rules", async () => {
    const rules = { ".gitignore": "*.log\n!keep.log\n/only-here\nbuild/\n# comment\n\n\\#hash\n" };
    const workspace = await workspaceWith(
      treeWith(
        rules,
        "a.log",
        "keep.log",
        "only-here",
        "src/only-here",
        "src/b.log",
        "build/x",
        "src/build/y",
        "#hash",
      ),
    );
    expect(await visible(workspace)).toEqual([".gitignore", "keep.log", "src/only-here"]);
  });

  test("nested: a folder's own rules reach it and what is below it", async () => {
    const rules = { ".gitignore": "*.gen\n", "src/.gitignore": "!ours.gen\nlocal\n/top\ndeep/er\n" };
    const workspace = await workspaceWith(
      treeWith(
        rules,
        "x.gen",
        "ours.gen",
        "local",
        "src/ours.gen",
        "src/sub/ours.gen",
        "src/local",
        "src/sub/local",
        "src/top",
        "src/sub/top",
        "src/deep/er",
        "src/sub/deep/er",
      ),
    );
    expect(await visible(workspace)).toEqual([
      ".gitignore",
      "local",
      "src/.gitignore",
      "src/ours.gen",
      "src/sub/deep/er",
      "src/sub/ours.gen",
      "src/sub/top",
    ]);
  });

  test("nothing comes back out of an excluded folder, but a folder may come back", async () => {
    const rules = {
      ".gitignore": "out/\nbuild/\n!keep\n",
      "src/.gitignore": "!build/\n",
      "out/.gitignore": "!*\n",
    };
    const workspace = await workspaceWith(treeWith(rules, "out/keep", "build/keep", "src/build/x", "keep"));
    expect(await visible(workspace)).toEqual([".gitignore", "keep", "src/.gitignore", "src/build/x"]);
  });

  test("in a folder whose name looks like a pattern", async () => {
    const rules = { "[ab]*/.gitignore": "x\n", "a/.gitignore": "# nothing\n" };
    const workspace = await workspaceWith(treeWith(rules, "[ab]*/x", "a/x"));
    expect(await visible(workspace)).toEqual(["[ab]*/.gitignore", "a/.gitignore", "a/x"]);
  });

  test("with Windows line ends, a byte order mark and trailing blanks", async () => {
    const workspace = await workspaceWith(treeWith({ ".gitignore": "\uFEFFa\r\nb   \r\n" }, "a", "b", "c"));
    expect(await visible(workspace)).toEqual([".gitignore", "c"]);
  });

  test("a sign stands for a byte, as it does for git and ripgrep", async () => {
    const workspace = await workspaceWith(treeWith({ ".gitignore": "caf?\n" }, "cafe", "caf\u00e9"));
    expect(await visible(workspace)).toEqual([".gitignore", "caf\u00e9"]);
  });

  test("letter case counts on every machine", async () => {
    const workspace = await workspaceWith(treeWith({ ".gitignore": "build\n" }, "Build/x"));
    expect(await visible(workspace)).toEqual([".gitignore", "Build/x"]);
  });

  test("a .gitignore that is a link has the rules of what it leads to; one that is a folder has none", async () => {
    const workspace = await workspaceWith(
      treeWith({ "shared/rules": "*.log\n" }, "src/a.log", "src/b", "c/a.log"),
    );
    await mkdir(join(workspace.root, "c/.gitignore"));
    await symlink("../shared/rules", join(workspace.root, "src/.gitignore"));
    const { entries } = await listFolder(workspace, ".");
    expect(entries).toEqual(
      expect.arrayContaining(["c/a.log", "src/b", "src/.gitignore -> ../shared/rules"]),
    );
    expect(entries).not.toContain("src/a.log");
    const { matches } = await searchText(workspace, { pattern: "needle" }, signal);
    expect(matches.map(({ path }) => path)).toEqual(["c/a.log", "src/b"]);
  });

  test.each([
    ["blanks and tabs at the end", "a.log \t\nb.log\t\nc\\ \n"],
    ["alternatives in braces", "{a,b}.log\n{c ,x}\n"],
    ["sets, ranges and escapes", "[ab].lo[!h]\n\\a*\nc?\n"],
    ["stars across folders", "**/*.log\n/c*\n"],
    ["what is no glob beside what is", "{\n*.log\nc \\\n**/c\\ \n"],
  ])("written with %s", async (_, rules) => {
    const workspace = await workspaceWith(
      treeWith({ ".gitignore": rules }, "a.log", "sub/b.log", "c ", "sub/d"),
    );
    expect(await visible(workspace)).toEqual([".gitignore", "sub/d"]);
  });
});

describe("rules from outside of the workspace", () => {
  const rules = { ".gitignore": "*.log\n/packages/app/dist\n", "packages/.gitignore": "tmp\n" };
  const paths = ["packages/app/a.log", "packages/app/dist/x", "packages/app/tmp", "packages/app/src/ok"];

  test("reach a workspace that is a subfolder of a repository, info/exclude too", async () => {
    const outer = await workspaceWith({
      ...treeWith({ ...rules, ".git/info/exclude": "secret\n" }, ...paths, "packages/app/secret"),
      ".git/HEAD": "ref: refs/heads/main\n",
    });
    const workspace = await openWorkspace(join(outer.root, "packages/app"));
    expect(await visible(workspace)).toEqual(["src/ok"]);
    expect(await visible(outer, "packages/app")).toEqual(["packages/app/src/ok"]);
  });

  test("do not where there is no repository", async () => {
    const outer = await workspaceWith(treeWith(rules, ...paths));
    const workspace = await openWorkspace(join(outer.root, "packages/app"));
    expect(await visible(workspace)).toEqual(["a.log", "dist/x", "src/ok", "tmp"]);
  });

  test("do not when they are in a repository further up", async () => {
    const outer = await workspaceWith({
      ...treeWith({ ".gitignore": "*.log\n" }, "inner/a.log"),
      ".git/HEAD": "",
      "inner/.git/HEAD": "",
    });
    expect(await visible(await openWorkspace(join(outer.root, "inner")))).toEqual(["a.log"]);
  });
});

describe(".git and node_modules", () => {
  test("are never listed and never searched, at any depth, whatever a glob says", async () => {
    const paths = [
      ".git/config",
      "node_modules/x/a.js",
      "packages/p/node_modules/y/b.js",
      "sub/.git",
      "src/c.js",
    ];
    const workspace = await workspaceWith(treeWith({}, ...paths));
    expect(await visible(workspace)).toEqual(["src/c.js"]);
    for (const glob of ["*", "**/*.js", "node_modules/**", ".git/**"]) {
      const { matches } = await searchText(workspace, { pattern: "needle", glob }, signal);
      expect(matches.filter(({ path }) => path !== "src/c.js")).toEqual([]);
    }
  });
});
