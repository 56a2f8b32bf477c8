import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitAt, repositoryWith } from "../test/temp-repository.ts";
import { type Files, workspaceWith } from "../test/temp-workspace.ts";
import { listFolder, openWorkspace, searchText, type Workspace } from "./index.ts";

const { signal } = new AbortController();
const isRules = (entry: string) => /\.git(ignore|modules)$/.test(entry);

/** The files that list_files shows and those that grep searches: they must be the same. */
async function visible(workspace: Workspace, path = "."): Promise<string[]> {
  const { entries } = await listFolder(workspace, path);
  const listed = entries.filter((entry) => !entry.endsWith("/"));
  const { matches } = await searchText(workspace, { pattern: "needle", path }, signal);
  expect(matches.map((match) => match.path)).toEqual(listed.filter((entry) => !isRules(entry)));
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

describe("a repository's own excludes", () => {
  test("reach a worktree and a submodule, whose .git is a file", async () => {
    const root = await repositoryWith({ "a.txt": "needle\n" });
    await mkdir(join(root, ".git/info"));
    await writeFile(join(root, ".git/info/exclude"), "cache/\n");
    await gitAt(root, "worktree", "add", "--quiet", "../tree");
    const tree = await openWorkspace(join(root, "../tree"));
    await mkdir(join(tree.root, "cache"));
    await writeFile(join(tree.root, "cache/x"), "needle\n");
    expect(await visible(tree)).toEqual(["a.txt"]);

    const outer = await openWorkspace(await repositoryWith({ "b.txt": "needle\n" }));
    await gitAt(outer.root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", root, "sub");
    await mkdir(join(outer.root, ".git/modules/sub/info"), { recursive: true });
    await writeFile(join(outer.root, ".git/modules/sub/info/exclude"), "cache/\n");
    await mkdir(join(outer.root, "sub/cache"));
    await writeFile(join(outer.root, "sub/cache/x"), "needle\n");
    expect((await visible(outer)).filter((path) => path !== ".gitmodules")).toEqual(["b.txt", "sub/a.txt"]);
    expect(await visible(outer, "sub")).toEqual(["sub/a.txt"]);
    expect(await visible(await openWorkspace(join(outer.root, "sub")))).toEqual(["a.txt"]);
  });

  test("do not reach a repository below, and nor does a .gitignore", async () => {
    const root = await repositoryWith({ ".gitignore": "*.log\n" });
    const workspace = await openWorkspace(root);
    await mkdir(join(root, "below/.git/info"), { recursive: true });
    await writeFile(join(root, "below/.git/HEAD"), "ref: refs/heads/main\n");
    await writeFile(join(root, "below/.git/info/exclude"), "x\n");
    for (const name of ["a.log", "x", "b"]) await writeFile(join(root, "below", name), "needle\n");
    expect(await visible(workspace)).toEqual([".gitignore", "below/a.log", "below/b"]);
    expect(await visible(workspace, "below")).toEqual(["below/a.log", "below/b"]);
  });

  test("of the user are not read: everyone's agent sees the same files", async () => {
    const root = await repositoryWith({ "a.log": "needle\n" });
    await gitAt(root, "config", "core.excludesFile", join(root, ".git/mine"));
    await writeFile(join(root, ".git/mine"), "*.log\n");
    expect(await visible(await openWorkspace(root))).toEqual(["a.log"]);
  });
});

describe("folders that are no source", () => {
  const paths = [
    ".venv/lib/a.py",
    "venv/a.py",
    "src/__pycache__/a.pyc",
    ".mypy_cache/a",
    "src/a.py",
    "lib/venv",
  ];

  test("are left out by name, and the answers say so", async () => {
    const workspace = await workspaceWith(treeWith({}, ...paths));
    expect(await visible(workspace)).toEqual(["lib/venv", "src/a.py"]);
    const names = ".mypy_cache, .venv, __pycache__, venv";
    expect((await listFolder(workspace, ".")).notice).toBe(`Left out by name: ${names}.`);
    const { notice } = await searchText(workspace, { pattern: "no such" }, signal);
    expect(notice).toBe(`2 files were searched. Left out: ${names}.`);
  });

  test("are listed and searched when a path leads into them", async () => {
    const workspace = await workspaceWith(treeWith({ ".gitignore": ".venv\n" }, ...paths));
    expect(await visible(workspace, ".venv")).toEqual([".venv/lib/a.py"]);
    expect(await visible(workspace, "src/__pycache__")).toEqual(["src/__pycache__/a.pyc"]);
  });
});

describe("an excluded folder that is asked for by name", () => {
  test.each([
    "scripts/*",
    "scripts/**",
    "/scripts/*",
    "**/scripts/**",
    "scripts",
    "scripts/",
    "*",
    "s*/*",
    "scripts/*\n!scripts/b",
  ])("is searched when the rule is written %j", async (rule) => {
    for (const fromGit of [true, false]) {
      const git = fromGit ? { ".git/HEAD": "" } : {};
      const workspace = await workspaceWith({
        ...git,
        ...treeWith({ ".gitignore": `${rule}\n` }, "scripts/a", "scripts/sub/c"),
      });
      expect(await visible(workspace, "scripts")).toEqual(["scripts/a", "scripts/sub/c"]);
      expect(await visible(workspace, "./scripts/sub/")).toEqual(["scripts/sub/c"]);
    }
  });

  test("is searched when its own .gitignore excludes all; the workspace's own holds", async () => {
    const rules = { ".gitignore": "*\n!/src/\n!*.ts\n", "logs/.gitignore": "*\n!.gitignore\n" };
    const workspace = await workspaceWith(treeWith(rules, "logs/a", "src/a.ts", "src/a.js"));
    expect(await visible(workspace)).toEqual(["src/a.ts"]);
    expect(await visible(workspace, "logs")).toEqual(["logs/.gitignore", "logs/a"]);
  });

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
