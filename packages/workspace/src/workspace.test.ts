import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { UsageError } from "@eightfold/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { refusal, tempFolder, workspaceWith } from "../test/temp-workspace.ts";
import { agentFolder, openWorkspace } from "./index.ts";
import { copyPlayground } from "./workspace.ts";

describe("opening a workspace", () => {
  test("gives its real path, and nothing read yet", async () => {
    const folder = await tempFolder();
    await symlink(folder, join(folder, "link"));
    for (const path of [folder, `${folder}/`, join(folder, "link")]) {
      expect(await openWorkspace(path)).toEqual({ root: await realpath(folder), lastRead: new Map() });
    }
  });

  test.each([
    ["nope", /There is no folder .*nope\. Name one that exists with --cwd\./],
    ["file/below", /There is no folder/],
    ["file", /file is not a folder/],
    ["dangling", /There is no folder/],
    ["loop", /cannot be opened \(ELOOP\)/],
  ])("%s is refused as wrong usage", async (name, message) => {
    const folder = await tempFolder();
    await writeFile(join(folder, "file"), "");
    await symlink("gone", join(folder, "dangling"));
    await symlink("loop", join(folder, "loop"));
    const opening = openWorkspace(join(folder, name));
    await expect(opening).rejects.toThrow(UsageError);
    expect(await refusal(opening)).toMatch(message);
  });

  test("an empty name is refused, and is not the current folder", async () => {
    await expect(openWorkspace("")).rejects.toThrow(UsageError);
  });

  test("without a folder: each time a fresh copy of the playground in the temp folder", async () => {
    const [one, two] = [await openWorkspace(undefined), await openWorkspace(undefined)];
    onTestFinished(async () => {
      for (const { root } of [one, two]) await rm(root, { recursive: true });
    });
    expect(one.root).not.toBe(two.root);
    expect(dirname(one.root)).toBe(await realpath(tmpdir()));
    expect(basename(one.root)).toMatch(/^eightfold-playground-\w{6}$/);
    const original = join(import.meta.dirname, "../../../playground");
    const names = (await readdir(original)).filter(
      (name) => !["node_modules", ".git", ".eightfold"].includes(name),
    );
    expect((await readdir(one.root)).sort()).toEqual([".git", ...names].sort());
    const status = execFileSync("git", ["-C", one.root, "status", "--short", "--branch"], {
      encoding: "utf8",
    });
    expect(status).toMatch(/^## No commits yet on main\n\?\? README.md\n/);
    expect(await readFile(join(one.root, "package.json"))).toEqual(
      await readFile(join(original, "package.json")),
    );
  });

  test("a copy of the playground is a repository of its own, whatever tools have left in the playground", async () => {
    const { root } = await workspaceWith({
      "README.md": "# Ladle\n",
      ".git/refs/heads/main": "0123456789\n",
      ".eightfold/sessions/x.jsonl": "{}\n",
      "node_modules/a/index.js": "",
    });
    const copy = await copyPlayground(root);
    onTestFinished(() => rm(copy, { recursive: true }));
    expect((await readdir(copy)).sort()).toEqual([".git", "README.md"]);
    const status = execFileSync("git", ["-C", copy, "status", "--short", "--branch"], { encoding: "utf8" });
    expect(status).toBe("## No commits yet on main\n?? README.md\n");
  });
});

describe("the agent's folder", () => {
  test("is made when it is first needed, for the user alone, and git ignores it", async () => {
    const { root } = await workspaceWith();
    const [folder] = await Promise.all([agentFolder(root), agentFolder(root)]);
    expect(folder).toBe(join(root, ".eightfold"));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("keeps what is in it, and is closed to others again", async () => {
    const { root } = await workspaceWith({ ".eightfold/.gitignore": "mine", ".eightfold/a": "kept" });
    await chmod(join(root, ".eightfold"), 0o755);
    const folder = await agentFolder(root);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("mine");
    expect((await readdir(folder)).sort()).toEqual([".gitignore", "a"]);
  });

  test("is refused when a link would carry it elsewhere, or a file is in its place", async () => {
    const { root } = await workspaceWith({ "taken/.eightfold": "a file" });
    await mkdir(join(root, "../out"));
    await symlink("../out", join(root, ".eightfold"));
    expect(await refusal(agentFolder(root))).toContain("is a link");
    expect(await readdir(join(root, "../out"))).toEqual([]);
    expect(await refusal(agentFolder(join(root, "taken")))).toContain("a file is in the way");
  });
});
