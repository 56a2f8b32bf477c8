import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Files, workspaceWith } from "../test/temp-workspace.ts";
import { listFolder, openWorkspace, searchText, type Workspace } from "./index.ts";

const { signal } = new AbortController();

/** The files that list_files shows and those that grep searches: they must be the same. */
async function visible(workspace: Workspace, path = "."): Promise<string[]> {
  const { entries } = await listFolder(workspace, path);
  const listed = entries.filter((entry) => !entry.endsWith("/"));
  const { matches } = await searchText(workspace, { pattern: "needle", path }, signal);
  expect(matches.map((match) => match.path)).toEqual(listed.filter((entry) => !entry.endsWith(".gitignore")));
  return listed;
}

/** Files with a needle each; what is named .gitignore holds its rules. */
function treeWith(rules: Files, ...paths: string[]): Files {
  return { ...rules, ...Object.fromEntries(paths.map((path) => [path, "needle\n"])) };
}

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

  test("letter case counts on every machine", async () => {
    const workspace = await workspaceWith(treeWith({ ".gitignore": "build\n" }, "Build/x"));
    expect(await visible(workspace)).toEqual([".gitignore", "Build/x"]);
  });

  test("a .gitignore that is a folder, or a link, has no rules", async () => {
    const workspace = await workspaceWith(treeWith({}, "src/a", "rules"));
    await mkdir(join(workspace.root, ".gitignore"));
    await symlink("../rules", join(workspace.root, "src/.gitignore"));
    expect((await listFolder(workspace, ".")).entries).toContain("src/a");
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

describe("an excluded folder that is asked for by name", () => {
  test("is listed and searched, and its own rules hold", async () => {
    const rules = { ".gitignore": "dist/*\ndist/\n", "dist/.gitignore": "b\n" };
    const workspace = await workspaceWith(treeWith(rules, "dist/a", "dist/b", "dist/sub/c"));
    expect(await visible(workspace)).toEqual([".gitignore"]);
    expect(await visible(workspace, "dist")).toEqual(["dist/.gitignore", "dist/a", "dist/sub/c"]);
    expect(await visible(workspace, "dist/sub")).toEqual(["dist/sub/c"]);
  });

  test("an excluded file that is asked for by name is searched", async () => {
    const workspace = await workspaceWith(treeWith({ ".gitignore": "*.log\n" }, "a.log"));
    const { matches } = await searchText(workspace, { pattern: "needle", path: "a.log" }, signal);
    expect(matches).toEqual([{ path: "a.log", line: 1, text: "needle" }]);
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
