import { chmod, link, lstat, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage, replaceText } from "./index.ts";

/** Edits a file that is read first, and returns what is on disk then. */
async function edited(content: string | Buffer, oldText: string, newText: string): Promise<string> {
  const workspace = await workspaceWith({ file: content });
  await readTextPage(workspace, "file");
  await replaceText(workspace, "file", oldText, newText);
  return contentOf(workspace, "file");
}

describe("only the text that changes is touched", () => {
  test.each([
    ["CRLF stays", "a\r\nb\r\nc\r\n", "b", "B", "a\r\nB\r\nc\r\n"],
    ["new lines in a CRLF file end in CRLF", "a\r\nb\r\n", "a\nb", "a\nx\ny\nb", "a\r\nx\r\ny\r\nb\r\n"],
    ["CRLF in the old and the new text is no other than LF", "a\nb\nc\n", "a\r\nb", "a\r\nB", "a\nB\nc\n"],
    ["new lines after the last CRLF line", "a\r\nb", "b", "b\nc", "a\r\nb\r\nc"],
    ["a mixed file keeps each line end", "a\r\nb\nc\r\nd\n", "b\nc\nd", "b\nC\nd", "a\r\nb\nC\r\nd\n"],
    [
      "a new line ends like the one it is put beside",
      "a\r\nb\r\nc\nd\n",
      "a",
      "a\nx",
      "a\r\nx\r\nb\r\nc\nd\n",
    ],
    ["and like the other kind elsewhere in the file", "a\r\nb\r\nc\nd\n", "d", "d\nx", "a\r\nb\r\nc\nd\nx\n"],
    ["CR alone stays", "a\rb\rc", "b", "x\ny", "a\rx\ry\rc"],
    ["a CR inside of a line is no line end", "a\nb\rc\n", "b", "b\nx", "a\nb\nx\rc\n"],
    ["CR alone is matched as a line end", "a\rb\rc", "a\nb", "a b", "a b\rc"],
    ["a byte order mark stays", "\uFEFFa\nb\n", "a", "A", "\uFEFFA\nb\n"],
    ["a whole CRLF line goes with its end", "a\r\nb\r\nc", "b\n", "", "a\r\nc"],
    ["no line end is added at the end", "a\nb", "b", "c", "a\nc"],
    ["nor taken away", "a\nb\n", "b", "c", "a\nc\n"],
    ["characters of four bytes", "😀a😀b😃", "a😀b", "a😃b", "😀a😃b😃"],
    ["a file of one line end", "\r\n", "\n", "x\n", "x\r\n"],
    ["trailing blanks", "a  \nb\t\n", "b", "c", "a  \nc\t\n"],
  ])("%s", async (_, content, oldText, newText, expected) => {
    expect(await edited(content, oldText, newText)).toBe(expected);
  });
});

describe("what is around the content stays", () => {
  test.each([0o644, 0o755, 0o600, 0o4711])("the mode %o", async (mode) => {
    const workspace = await workspaceWith({ file: "one" });
    await chmod(join(workspace.root, "file"), mode);
    await readTextPage(workspace, "file");
    await replaceText(workspace, "file", "one", "two");
    expect((await stat(join(workspace.root, "file"))).mode & 0o7777).toBe(mode);
  });

  test("a link stays a link, and the file behind it changes", async () => {
    const workspace = await workspaceWith({ "src/file": "one" });
    await symlink("src/file", join(workspace.root, "link"));
    await readTextPage(workspace, "link");
    expect((await replaceText(workspace, "link", "one", "two")).path).toBe("src/file");
    expect((await lstat(join(workspace.root, "link"))).isSymbolicLink()).toBe(true);
    expect(await contentOf(workspace, "src/file")).toBe("two");
  });

  test("a file with two hard links stays one file", async () => {
    const workspace = await workspaceWith({ file: "one" });
    await link(join(workspace.root, "file"), join(workspace.root, "../outside"));
    await readTextPage(workspace, "file");
    await replaceText(workspace, "file", "one", "two");
    expect(await contentOf(workspace, "file")).toBe("two");
    expect(await contentOf(workspace, "../outside")).toBe("two");
  });
});

describe("what is no UTF-8 text is refused, and stays as it is", () => {
  test.each([
    ["Latin-1", Buffer.from("caf\xe9 one\n", "latin1")],
    ["binary", Buffer.from("one\0two")],
    ["UTF-16", Buffer.from("\uFEFFone", "utf16le")],
  ])("%s", async (_, content) => {
    const workspace = await workspaceWith({ file: content });
    await readTextPage(workspace, "file").catch(() => {});
    expect(await refusal(replaceText(workspace, "file", "one", "1"))).toMatch(/Only (UTF-8 )?text/);
    expect(await readFile(join(workspace.root, "file"))).toEqual(content);
  });
});
