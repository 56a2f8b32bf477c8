import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { refusal, workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage, searchText } from "./index.ts";

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
