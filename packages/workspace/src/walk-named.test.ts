import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitAt, repositoryWith } from "../test/temp-repository.ts";
import { workspaceWith, writeFiles } from "../test/temp-workspace.ts";
import { treeWith, visible } from "../test/visible.ts";
import { listFolder, openWorkspace, searchText } from "./index.ts";

const { signal } = new AbortController();

describe("what is tracked and ignored is listed and searched", () => {
  test("a file, in an ignored folder too, and nothing beside it", async () => {
    const root = await repositoryWith({ "src/a.ts": "needle\n" });
    const workspace = await openWorkspace(root);
    await writeFiles(root, treeWith({ ".gitignore": "*.log\ndist/\n" }, "kept.log", "dist/deep/main.js"));
    await writeFiles(root, treeWith({ "sub/.gitignore": "gen*\n" }, "sub/gen-1", "sub/gen 2/a", "dist-x"));
    await gitAt(root, "add", "--force", ".");
    await writeFiles(root, treeWith({}, "new.log", "dist/deep/new.js", "dist/x", "sub/gen-3", "sub/gen 2/b"));
    const files = [".gitignore", "dist-x", "dist/deep/main.js", "kept.log", "src/a.ts"];
    const inSub = ["sub/.gitignore", "sub/gen 2/a", "sub/gen-1"];
    for (const version of ["2", "4"]) {
      await gitAt(root, "update-index", "--index-version", version);
      expect(await visible(workspace)).toEqual([...files, ...inSub]);
      expect(await visible(workspace, "sub")).toEqual(inSub);
      expect(await visible(await openWorkspace(join(root, "sub")))).toEqual(
        inSub.map((path) => path.slice(4)),
      );
    }
  });

  test("as far as a glob asks for it, and no secret or folder that a tool fills is", async () => {
    const root = await repositoryWith({ ".gitignore": "*\n" });
    const paths = ["a.log", "a.txt", "dist/a.log", "dist/.env", "venv/a.log", "node_modules/a.log"];
    await writeFiles(root, treeWith({}, ...paths));
    await gitAt(root, "add", "--force", ".");
    const workspace = await openWorkspace(root);
    const found = async (glob?: string) =>
      (await searchText(workspace, { pattern: "needle", glob }, signal)).matches.map(({ path }) => path);
    expect(await found()).toEqual(["a.log", "a.txt", "dist/a.log"]);
    expect(await found("*.log")).toEqual(["a.log", "dist/a.log"]);
    expect(await found("!dist")).toEqual(["a.log", "a.txt"]);
  });

  test("and an index that names what lies outside leads nowhere", async () => {
    const root = await repositoryWith({ ".gitignore": "*\n", "d/a.txt": "needle\n" });
    await gitAt(root, "add", "--force", ".");
    await writeFiles(join(root, ".."), { "o.t": "needle\n", "out/a.txt": "needle\n" });
    const index = await readFile(join(root, ".git/index"));
    await rm(join(root, "d"), { recursive: true });
    await symlink("../out", join(root, "d"));
    const search = async () => searchText(await openWorkspace(root), { pattern: "needle" }, signal);
    expect((await search()).matches).toEqual([]);
    for (const name of ["../o.t", "/tmp/xx", ".git/xy"]) {
      await writeFile(join(root, ".git/index"), index.toString("latin1").replace("d/a.txt", name), "latin1");
      expect((await search()).matches).toEqual([]);
    }
  });

  test("in a worktree, and not with an index that is broken", async () => {
    const root = await repositoryWith({ ".gitignore": "*.log\n" });
    await writeFiles(root, treeWith({}, "a.log"));
    await gitAt(root, "add", "--force", "a.log");
    await gitAt(root, "commit", "--quiet", "--message=Log");
    await gitAt(root, "worktree", "add", "--quiet", "../tree");
    expect(await visible(await openWorkspace(join(root, "../tree")))).toEqual([".gitignore", "a.log"]);
    for (const broken of ["", "DIRC", "DIRC\0\0\0\u0002\uffff\uffff\uffff"]) {
      await writeFile(join(root, ".git/index"), broken);
      expect(await visible(await openWorkspace(root))).toEqual([".gitignore"]);
    }
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

test.skipIf(process.platform !== "linux")(
  "the kernel's folders are no part of a workspace that is /",
  async () => {
    const workspace = await openWorkspace("/");
    const { entries, notice } = await listFolder(workspace, ".", 1);
    expect([entries.includes("etc/"), entries.includes("proc/"), entries.includes("sys/")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(notice).toContain("proc, sys");
    const others = (await readdir("/")).filter((name) => !["etc", "proc", "sys"].includes(name));
    const request = { pattern: "^root:x:0:0:|^Linux version", glob: `!/{${others.join()}}` };
    const { matches } = await searchText(workspace, request, signal); // of all the files in /proc, some are never read to their end
    expect(new Set(matches.map(({ path }) => path.split("/")[0]))).toEqual(new Set(["etc"]));
  },
);
