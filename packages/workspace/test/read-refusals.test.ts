import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readTextPage, searchText } from "../src/index.ts";
import { refusal, workspaceWith } from "./temp-workspace.ts";

describe("what is no text file is named for what it is", () => {
  test("a folder, with the way to look into it", async () => {
    const workspace = await workspaceWith({ "src/a.ts": "" });
    expect(await refusal(readTextPage(workspace, "src"))).toBe(
      "src is a folder. See what is in it with list_files.",
    );
  });

  test("a named pipe, without waiting for its writer", async () => {
    const workspace = await workspaceWith();
    execFileSync("mkfifo", [join(workspace.root, "pipe")]);
    await symlink("pipe", join(workspace.root, "link"));
    for (const path of ["pipe", "link"]) {
      expect(await refusal(readTextPage(workspace, path))).toContain("pipe is a named pipe.");
    }
    const { signal } = new AbortController();
    expect(await refusal(searchText(workspace, { pattern: "x", path: "pipe" }, signal))).toContain(
      "a named pipe",
    );
  });

  test("a socket", async () => {
    const workspace = await workspaceWith();
    const server = createServer().listen(join(workspace.root, "socket"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await refusal(readTextPage(workspace, "socket"))).toContain("socket is a socket.");
  });

  test.skipIf(process.getuid?.() !== 0)("a device (only root can make one)", async () => {
    const workspace = await workspaceWith();
    execFileSync("mknod", [join(workspace.root, "zero"), "c", "1", "5"]);
    expect(await refusal(readTextPage(workspace, "zero"))).toContain("zero is a device.");
  });

  test.each([
    ["a NUL", Buffer.from("text\0more"), "is a binary file (9 bytes)"],
    [
      "a NUL far into the file",
      Buffer.from(`${"text\n".repeat(100_000)}\0`),
      "is a binary file (500001 bytes)",
    ],
    ["a PNG", Buffer.from("89504e470d0a1a0a0000000d", "hex"), "is not UTF-8 text"],
    ["Latin-1", Buffer.from("caf\xe9\n", "latin1"), "is not UTF-8 text"],
    ["a character cut off at the end", Buffer.from("é").subarray(0, 1), "is not UTF-8 text"],
    ["an encoded surrogate", Buffer.from([0xed, 0xa0, 0x80]), "is not UTF-8 text"],
    ["UTF-32", Buffer.from("fffe000041000000", "hex"), "is a binary file"],
    ["half a UTF-16 pair", Buffer.from("fffe3dd8", "hex"), "is not UTF-8 text"],
  ])("a binary file: %s", async (_, content, reason) => {
    expect(await refusal(readTextPage(await workspaceWith({ "a.bin": content }), "a.bin"))).toContain(
      `a.bin ${reason}`,
    );
  });
});

describe("a missing file", () => {
  const files = {
    "src/index.ts": "",
    "src/parser/parse-line.ts": "",
    "test/index.test.ts": "",
    "dist/indec.ts": "",
    ".gitignore": "dist/\n",
    "node_modules/x/indez.ts": "",
  };

  test.each([
    ["index.ts", "src/index.ts"],
    ["src/indx.ts", "src/index.ts"],
    ["src/Index.TS", "src/index.ts"],
    ["lib/parse-line.ts", "src/parser/parse-line.ts"],
    ["src\\parser\\parse-line.ts", "src/parser/parse-line.ts"],
    ["src/index.ts/inner/index.ts", "src/index.ts"],
  ])("%s: did you mean %s", async (path, nearest) => {
    const message = await refusal(readTextPage(await workspaceWith(files), path));
    expect(message).toBe(`${path} does not exist. Did you mean ${nearest}?`);
  });

  test("with nothing like it says so, and what is excluded is not suggested", async () => {
    const workspace = await workspaceWith(files);
    expect(await refusal(readTextPage(workspace, "zzzzzz.rb"))).toBe(
      "zzzzzz.rb does not exist, and no file in the workspace has a name like it.",
    );
    const message = await refusal(readTextPage(workspace, "indee.ts"));
    expect(message).toContain("src/index.ts");
    expect(message).not.toMatch(/indec|indez/);
  });

  test("is suggested at most three times, the most alike first", async () => {
    const workspace = await workspaceWith({
      "a/util.ts": "",
      "b/util.ts": "",
      "c/util.ts": "",
      "d/utils.ts": "",
    });
    expect(await refusal(readTextPage(workspace, "util.ts"))).toBe(
      "util.ts does not exist. Did you mean a/util.ts or b/util.ts or c/util.ts?",
    );
  });
});
