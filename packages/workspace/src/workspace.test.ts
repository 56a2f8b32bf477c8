import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { UsageError } from "@eightfold/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { refusal, tempFolder, workspaceWith } from "../test/temp-workspace.ts";
import {
  listFolder,
  makeStateFolder,
  openWorkspace,
  readTextPage,
  replaceText,
  searchText,
  stateFolder,
  writeText,
} from "./index.ts";
import { copyPlayground, stateHome } from "./workspace.ts";

describe("opening a workspace", () => {
  test("gives its real path, and nothing read yet", async () => {
    const folder = await tempFolder();
    await symlink(folder, join(folder, "link"));
    for (const path of [folder, `${folder}/`, join(folder, "link")]) {
      expect(await openWorkspace(path)).toEqual({ root: await realpath(folder), lastRead: new Map() });
    }
  });

  test("that begins with a tilde, which a shell leaves in --cwd=~/app, is below the home folder", async () => {
    const home = await tempFolder();
    vi.stubEnv("HOME", home);
    onTestFinished(() => void vi.unstubAllEnvs());
    await mkdir(join(home, "app"));
    expect((await openWorkspace("~/app")).root).toBe(join(await realpath(home), "app"));
    expect((await openWorkspace("~")).root).toBe(await realpath(home));
    await expect(openWorkspace("~app")).rejects.toThrow(/There is no folder .*~app/);
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
    const names = (await readdir(original)).filter((name) => !["node_modules", ".git"].includes(name));
    expect((await readdir(one.root)).sort()).toEqual([".git", ...names].sort());
    const status = execFileSync("git", ["-C", one.root, "status", "--short", "--branch"], {
      encoding: "utf8",
    });
    expect(status).toMatch(/^## No commits yet on main\n\?\? README.md\n/);
    expect(await readFile(join(one.root, "package.json"))).toEqual(
      await readFile(join(original, "package.json")),
    );
  });

  test("without a folder, and with no temp folder either: --cwd is named", async () => {
    vi.stubEnv("TMPDIR", "/nothing/there");
    onTestFinished(() => void vi.unstubAllEnvs());
    const opening = openWorkspace(undefined);
    await expect(opening).rejects.toThrow(UsageError);
    expect(await refusal(opening)).toMatch(/to \/nothing\/there: it does not exist\. .* --cwd\./);
  });

  test("a copy of the playground is a repository of its own, whatever tools have left in the playground", async () => {
    const { root } = await workspaceWith({
      "README.md": "# Ladle\n",
      ".git/refs/heads/main": "0123456789\n",
      "node_modules/a/index.js": "",
    });
    const copy = await copyPlayground(root);
    onTestFinished(() => rm(copy, { recursive: true }));
    expect((await readdir(copy)).sort()).toEqual([".git", "README.md"]);
    const status = execFileSync("git", ["-C", copy, "status", "--short", "--branch"], { encoding: "utf8" });
    expect(status).toBe("## No commits yet on main\n?? README.md\n");
  });
});

describe("the state of a workspace", () => {
  function inStateHome(path: string): void {
    vi.stubEnv("XDG_STATE_HOME", path);
    onTestFinished(() => void vi.unstubAllEnvs());
  }

  test("is in the user's state folder, for the user alone, and made when it is first needed", async () => {
    const { root } = await workspaceWith();
    const home = join(root, "../state");
    inStateHome(home);
    const [folder] = await Promise.all([makeStateFolder(root), makeStateFolder(root)]);
    expect(folder).toBe(join(home, "eightfold", root, ".eightfold"));
    for (const path of [folder, join(home, "eightfold")]) expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(await readdir(root)).toEqual([]);
    await chmod(folder, 0o755);
    await makeStateFolder(root);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test("of a folder and of one inside it are two", () => {
    expect(stateFolder("/a/b")).not.toBe(stateFolder("/a"));
    expect(stateFolder("/a/.eightfold")).not.toBe(stateFolder("/a"));
  });

  test("is where systems keep such things, and a relative XDG_STATE_HOME counts as none", () => {
    inStateHome("state");
    expect(stateHome()).toBe(join(homedir(), ".local/state/eightfold"));
  });

  test.each(["", "relative"])("is never counted from the folder that $HOME=%j would lead to", (home) => {
    inStateHome("");
    vi.stubEnv("HOME", home);
    expect(isAbsolute(stateHome())).toBe(true);
  });

  test("is told when a file is in its place", async () => {
    const { root } = await workspaceWith({ taken: "a file" });
    inStateHome(join(root, "taken"));
    expect(await refusal(makeStateFolder(root))).toContain("a file is where a folder should be");
  });

  test.skipIf(process.platform !== "linux")("is told when it is where no folder can be made", async () => {
    const { root } = await workspaceWith();
    inStateHome("/proc/nowhere");
    expect(await refusal(makeStateFolder(root))).toBe("no folder can be made in /proc");
  });

  test("is not for tools to read or change, though the workspace holds it", async () => {
    const { root } = await workspaceWith();
    inStateHome(join(root, ".local/state"));
    const session = join(await makeStateFolder(root), "sessions/20260101-000000-aaaaaa.jsonl");
    await mkdir(dirname(session));
    await writeFile(session, "needle\n");
    await symlink(".local", join(root, "link"));
    const workspace = await openWorkspace(root);
    for (const path of [
      session,
      session.replace(".local", "link"),
      dirname(session),
      ".local/state/eightfold",
    ]) {
      expect(await refusal(readTextPage(workspace, path))).toContain("which the agent keeps for itself");
      expect(await refusal(writeText(workspace, path, "x"))).toContain("which the agent keeps for itself");
      expect(await refusal(listFolder(workspace, path))).toContain("which the agent keeps for itself");
    }
    const { signal } = new AbortController();
    expect((await searchText(workspace, { pattern: "needle" }, signal)).matches).toEqual([]);
    expect((await listFolder(workspace, ".")).entries.join(" ")).not.toContain("sessions");
  });

  test("lets whoever was told its name read output that was too long to show, and nobody change or list it", async () => {
    const { root } = await workspaceWith();
    inStateHome(join(root, "../state"));
    const file = join(await makeStateFolder(root), "output/a.stdout.txt");
    await mkdir(dirname(file));
    await writeFile(file, "one\ntwo needle\n");
    const workspace = await openWorkspace(root);
    expect(await readTextPage(workspace, file)).toMatchObject({ lines: ["one", "two needle"] });
    const { signal } = new AbortController();
    const found = await searchText(workspace, { pattern: "needle", path: file }, signal);
    expect(found.matches).toEqual([{ path: file, line: 2, text: "two needle" }]);
    expect(await refusal(writeText(workspace, file, "x"))).toContain("It can be read, and not be changed.");
    expect(await refusal(replaceText(workspace, file, "one", "x"))).toContain(
      "It can be read, and not be changed.",
    );
    expect(await refusal(listFolder(workspace, dirname(file)))).toContain("which the agent keeps for itself");
    const other = await workspaceWith();
    expect(await refusal(readTextPage(other, file))).toContain("which the agent keeps for itself");
  });
});
