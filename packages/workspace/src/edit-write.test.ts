import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage, replaceText, writeText } from "./index.ts";

describe("a new file", () => {
  test("is written with its parent folders, and may be changed at once", async () => {
    const workspace = await workspaceWith();
    expect(await writeText(workspace, "src/deep/er/a.ts", "one\ntwo\n")).toEqual({
      path: "src/deep/er/a.ts",
      diff: "--- a/src/deep/er/a.ts\n+++ b/src/deep/er/a.ts\n@@ -0,0 +1,2 @@\n+one\n+two\n",
      added: 2,
      removed: 0,
      created: true,
    });
    await writeText(workspace, "src/deep/er/a.ts", "three\n");
    await replaceText(workspace, "src/deep/er/a.ts", "three", "four");
    expect(await contentOf(workspace, "src/deep/er/a.ts")).toBe("four\n");
  });

  test("has the content as it is given, line ends and all", async () => {
    const workspace = await workspaceWith();
    const content = "\uFEFFa\r\nb\nc\r😀";
    await writeText(workspace, "a", content);
    expect(await contentOf(workspace, "a")).toBe(content);
  });

  test("may be empty", async () => {
    const workspace = await workspaceWith();
    expect(await writeText(workspace, "a", "")).toMatchObject({ diff: "", added: 0, created: true });
    expect(await contentOf(workspace, "a")).toBe("");
  });

  test("has the mode that any new file has", async () => {
    const workspace = await workspaceWith();
    await writeText(workspace, "a", "");
    expect((await stat(join(workspace.root, "a"))).mode & 0o777).toBe(0o666 & ~process.umask());
  });
});

describe("an existing file", () => {
  test("that was read is replaced, and the change is told", async () => {
    const workspace = await workspaceWith({ a: "one\ntwo\n" });
    await readTextPage(workspace, "a");
    expect(await writeText(workspace, "a", "one\n2\n")).toMatchObject({
      added: 1,
      removed: 1,
      created: false,
      diff: "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n",
    });
  });

  test.each([
    ["a byte order mark stays", "\uFEFFa\n", "b\n", "\uFEFFb\n"],
    ["a byte order mark that is given is the only one", "\uFEFFa\n", "\uFEFFb\n", "\uFEFFb\n"],
    ["a byte order mark stays in an emptied file", "\uFEFFa\n", "", "\uFEFF"],
    ["a mark that is given to a file without one is written", "a\n", "\uFEFFb\n", "\uFEFFb\n"],
    ["CRLF stays", "a\r\nb\r\n", "c\nd\n", "c\r\nd\r\n"],
    ["CR alone stays", "a\rb\r", "c\nd\n", "c\rd\r"],
    ["CRLF that is given is written", "a\n", "b\r\n", "b\r\n"],
    ["CRLF and LF that are given are written as given", "a\r\nb\r\n", "c\r\nd\n", "c\r\nd\n"],
    ["CRLF stays where a CR stands inside a line", 'a,"x\ry"\r\nb\r\n', "c\nd\n", "c\r\nd\r\n"],
    ["CRLF stays behind another CR", "a\r\r\nb\r\n", "c\nd\n", "c\r\nd\r\n"],
    ["LF stays where a CR stands inside a line", "a\rb\nc\n", "c\nd\n", "c\nd\n"],
    ["mixed line ends have no kind to keep", "a\r\nb\n", "c\nd\n", "c\nd\n"],
    ["no line end is added at the end", "a\r\n", "b\nc", "b\r\nc"],
    ["a file without line ends has no kind", "a", "b\n", "b\n"],
    ["mark and CRLF stay", "\uFEFFa\r\n", "b\n", "\uFEFFb\r\n"],
    ["$& is just text", "a\r\n", "$&\n", "$&\r\n"],
  ])("written whole: %s", async (_, before, content, after) => {
    const workspace = await workspaceWith({ a: before });
    await readTextPage(workspace, "a");
    await writeText(workspace, "a", content);
    expect(await contentOf(workspace, "a")).toBe(after);
  });

  test("is never emptied by a missing content", async () => {
    const workspace = await workspaceWith({ a: "one" });
    await readTextPage(workspace, "a");
    for (const content of [undefined, null, 42, {}]) {
      const nothing = content as unknown as string;
      expect(await refusal(writeText(workspace, "a", nothing))).toContain("There is no content");
      expect(await refusal(replaceText(workspace, "a", "one", nothing))).toContain("There is no new_text");
      expect(await refusal(replaceText(workspace, "a", nothing, "one"))).toContain("There is no old_text");
    }
    expect(await contentOf(workspace, "a")).toBe("one");
  });
});

describe("what cannot be written is told, and leaves no trace", () => {
  test.each([
    ["src", "src is a folder"],
    [".", ". is a folder"],
    ["new/", "new/ names a folder. Name a file in it, such as new/index.ts."],
    ["src/a.ts/b.ts", "a file is where a folder should be"],
  ])("%s", async (path, reason) => {
    const workspace = await workspaceWith({ "src/a.ts": "" });
    expect(await refusal(writeText(workspace, path, "text"))).toContain(reason);
    expect(await refusal(replaceText(workspace, path, "", "text"))).toContain(reason);
    expect(await readdir(workspace.root, { recursive: true })).toEqual(["src", join("src", "a.ts")]);
  });

  const isRoot = process.getuid?.() === 0;

  test.skipIf(!isRoot)(
    "a full disk, and a read-only one (only root can mount them)",
    async ({ onTestFinished }) => {
      const workspace = await workspaceWith();
      const disk = join(workspace.root, "disk");
      await mkdir(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", disk]);
      onTestFinished(() => void execFileSync("umount", [disk]));
      await writeText(workspace, "disk/a", "one");
      const tooBig = "x".repeat(200_000);
      expect(await refusal(replaceText(workspace, "disk/a", "one", tooBig))).toContain("the disk is full");
      expect(await refusal(writeText(workspace, "disk/b", tooBig))).toContain("the disk is full");
      execFileSync("mount", ["-o", "remount,ro", disk]);
      for (const path of ["disk/b", "disk/new/b"]) {
        expect(await refusal(writeText(workspace, path, "x"))).toContain("the file system is read-only");
      }
      expect(await refusal(replaceText(workspace, "disk/a", "one", "two"))).toContain(
        "the file system is read-only",
      );
      expect(await readdir(disk)).toEqual(["a"]);
      expect(await readFile(join(disk, "a"), "utf8")).toBe("one");
    },
  );

  test.skipIf(isRoot)("a read-only folder, and a read-only file (nothing is read-only to root)", async () => {
    const workspace = await workspaceWith({ "src/a": "one", b: "one" });
    for (const path of ["src/a", "b"]) await readTextPage(workspace, path);
    await chmod(join(workspace.root, "src"), 0o555);
    await chmod(join(workspace.root, "b"), 0o444);
    for (const path of ["src/a", "b"]) {
      expect(await refusal(replaceText(workspace, path, "one", "two"))).toContain("permission is denied");
    }
    await chmod(join(workspace.root, "src"), 0o755);
    expect(await readdir(workspace.root, { recursive: true })).toEqual(["b", "src", join("src", "a")]);
  });
});
