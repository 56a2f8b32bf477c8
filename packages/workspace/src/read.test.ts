import { execFileSync } from "node:child_process";
import { appendFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusal, workspaceWith } from "../test/temp-workspace.ts";
import { planRead, readTextPage, replaceText, writeText } from "./index.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

describe("a page", () => {
  test("of a short file is the whole of it", async () => {
    const workspace = await workspaceWith({ "src/a.ts": "one\n\ttwo\n\nfour" });
    expect(await readTextPage(workspace, "src/a.ts")).toEqual({
      path: "src/a.ts",
      lines: ["one", "\ttwo", "", "four"],
      first: 1,
      total: 4,
    });
  });

  test("ends after 2000 lines and says how to go on", async () => {
    const workspace = await workspaceWith({ "a.txt": `${numbered(8123).join("\n")}\n` });
    const first = await readTextPage(workspace, "a.txt");
    expect(first.lines).toEqual(numbered(2000));
    expect(first.notice).toBe("Lines 1 to 2000 of 8123; go on with offset 2001.");
    const last = await readTextPage(workspace, "a.txt", { offset: 8001 });
    expect(last.lines).toEqual(numbered(8123).slice(8000));
    expect(last.notice).toBe("Lines 8001 to 8123 of 8123, the end of the file.");
  });

  test("ends before the line that takes it over 50 KB", async () => {
    const workspace = await workspaceWith({ "a.txt": `${"é".repeat(511)}\n\n`.repeat(500) });
    const page = await readTextPage(workspace, "a.txt");
    const bytes = Buffer.byteLength(page.lines.map((line) => `${line}\n`).join(""));
    expect(bytes).toBeLessThanOrEqual(50 * 1024);
    expect(bytes).toBeGreaterThan(49 * 1024);
    expect(page.notice).toBe(
      `Lines 1 to ${page.lines.length} of 1000; go on with offset ${page.lines.length + 1}.`,
    );
  });

  test("takes the offset and the limit that are asked for, and never more than 2000 lines", async () => {
    const workspace = await workspaceWith({ "a.txt": numbered(3000).join("\n") });
    const few = await readTextPage(workspace, "a.txt", { offset: 10, limit: 2 });
    expect(few).toMatchObject({ lines: ["line 10", "line 11"], first: 10, total: 3000 });
    expect(few.notice).toBe("Lines 10 to 11 of 3000; go on with offset 12.");
    expect((await readTextPage(workspace, "a.txt", { limit: 100_000 })).lines).toHaveLength(2000);
    expect((await readTextPage(workspace, "a.txt", { offset: undefined, limit: undefined })).first).toBe(1);
  });

  test("pages follow each other without a gap, whatever cuts them", async () => {
    const lines = numbered(5000).map((line, index) => line.padEnd((index * 37) % 300, "é"));
    const workspace = await workspaceWith({ "a.txt": lines.join("\r\n") });
    const read: string[] = [];
    while (read.length < 5000) {
      read.push(...(await readTextPage(workspace, "a.txt", { offset: read.length + 1 })).lines);
    }
    expect(read).toEqual(lines);
  });

  test.each([
    ["LF", "a\nb\n", ["a", "b"]],
    ["no line end at the end", "a\nb", ["a", "b"]],
    ["CRLF", "a\r\n\r\nb\r\n", ["a", "", "b"]],
    ["CR alone", "a\rb\r\rc\r", ["a", "b", "", "c"]],
    ["LF and CRLF, with a CR that ends none", "a\r\nb\nc\rd", ["a", "b", "c\rd"]],
    ["one empty line", "\n", [""]],
    ["one CR", "\r", [""]],
  ])("counts lines that end in %s", async (_, content, lines) => {
    const page = await readTextPage(await workspaceWith({ a: content }), "a");
    expect(page).toMatchObject({ lines, total: lines.length });
  });

  test.each([1998, 1999, 2000])("the CR of a line of %i characters is not a part of it", async (length) => {
    const page = await readTextPage(await workspaceWith({ a: `${"x".repeat(length)}\r\ny` }), "a");
    expect(page).toMatchObject({ lines: ["x".repeat(length), "y"], total: 2 });
    expect(page.notice).toBe("The file has CRLF line ends.");
  });

  test("a CRLF on the border between two chunks is one line end", async () => {
    const chunk = 256 * 1024;
    const content = `${"x".repeat(chunk - 1)}\r\nsecond\r\n`;
    const page = await readTextPage(await workspaceWith({ a: content }), "a", { offset: 2 });
    expect(page).toMatchObject({ lines: ["second"], total: 2 });
  });

  test("a character on the border between two chunks is whole", async () => {
    const before = "x\n".repeat(128 * 1024 - 1);
    const page = await readTextPage(await workspaceWith({ a: `${before}a😀b` }), "a", { offset: 128 * 1024 });
    expect(page.lines).toEqual(["a😀b"]);
  });

  test("an empty file says that it is empty", async () => {
    const page = await readTextPage(await workspaceWith({ "empty.txt": "" }), "empty.txt");
    expect(page).toEqual({ path: "empty.txt", lines: [], first: 1, total: 0, notice: "The file is empty." });
  });

  test.each([
    ["a\r\nb\r\n", "The file has CRLF line ends."],
    ["a\rb\r", "The file has CR line ends."],
    ["a\r\nb\nc\r", "The file has CRLF and LF line ends."],
    ["\uFEFFa\r\n", "The file has CRLF line ends and a BOM."],
    ["\uFEFFa\n", "The file has a BOM."],
    ["\uFEFFa", "The file has a BOM."],
    [`${"x".repeat(256 * 1024 - 1)}\r\n`, expect.stringMatching(/ The file has CRLF line ends\.$/)],
    ["a\nb", undefined],
  ])("the notice for %j tells what its lines do not show", async (content, notice) => {
    expect((await readTextPage(await workspaceWith({ a: content }), "a")).notice).toEqual(notice);
  });

  test("a byte order mark is no part of the first line", async () => {
    expect((await readTextPage(await workspaceWith({ a: "\uFEFFone\n" }), "a")).lines).toEqual(["one"]);
  });

  test("UTF-16 is read, and the notice says that it cannot be changed", async () => {
    const little = Buffer.from("\uFEFFhé\r\n😀\r\n", "utf16le");
    const workspace = await workspaceWith({ little, big: Buffer.from(little).swap16() });
    for (const path of ["little", "big"]) {
      expect(await readTextPage(workspace, path)).toMatchObject({
        lines: ["hé", "😀"],
        notice: "The file is UTF-16: it can be read here, but not changed.",
      });
    }
  });
});

describe("a long line", () => {
  test("is cut to 2000 characters, and the notice says which", async () => {
    const workspace = await workspaceWith({ a: `short\n${"x".repeat(2001)}\n${"y".repeat(2000)}\nend` });
    const page = await readTextPage(workspace, "a");
    expect(page.lines.map((line) => line.length)).toEqual([5, 2000, 2000, 3]);
    expect(page.notice).toBe("Line 2 is longer than 2000 characters: only the start is shown.");
  });

  test("is never cut inside a character", async () => {
    const page = await readTextPage(await workspaceWith({ a: `x${"😀".repeat(2000)}` }), "a");
    expect(page.lines).toEqual([`x${"😀".repeat(999)}`]);
  });

  test("of 5 MB is cut without being shown whole", async () => {
    const page = await readTextPage(await workspaceWith({ a: `${"é".repeat(2_500_000)}\nend\n` }), "a");
    expect(page).toMatchObject({ lines: ["é".repeat(2000), "end"], total: 2 });
  });

  test("among many: the notice lists the first five", async () => {
    const page = await readTextPage(await workspaceWith({ a: `${"x".repeat(2001)}\n`.repeat(7) }), "a");
    expect(page.notice).toBe(
      "7 lines (1, 2, 3, 4, 5, …) are longer than 2000 characters: only the start is shown.",
    );
  });
});

describe("a large file", () => {
  const line = `${"x".repeat(99)}\n`;
  const large = () => workspaceWith({ "big.log": `first\n${line.repeat(150_000)}` });

  test("is read no further than the page, and says how to go on", async () => {
    const workspace = await large();
    // Were it read to its end, it would be refused there.
    await appendFile(join(workspace.root, "big.log"), "\0");
    expect(await readTextPage(workspace, "big.log", { limit: 1 })).toEqual({
      path: "big.log",
      lines: ["first"],
      first: 1,
      total: "many",
      notice: "Lines 1 to 1 of many; go on with offset 2.",
    });
  });

  test("has an end, which is found", async () => {
    const workspace = await large();
    expect(await readTextPage(workspace, "big.log", { offset: 150_001 })).toMatchObject({
      lines: ["x".repeat(99)],
      total: 150_001,
    });
    expect(await refusal(readTextPage(workspace, "big.log", { offset: 150_002 }))).toContain(
      "has 150001 lines",
    );
  });

  test("can be changed after a page of it was read, and not after it changed on disk", async () => {
    const workspace = await large();
    await readTextPage(workspace, "big.log", { limit: 5 });
    await replaceText(workspace, "big.log", "first", "second");
    expect((await readTextPage(workspace, "big.log", { limit: 1 })).lines).toEqual(["second"]);
    expect(await refusal(writeText(workspace, "big.log", ""))).toContain("only in part");
    await appendFile(join(workspace.root, "big.log"), "more");
    expect(await refusal(replaceText(workspace, "big.log", "second", "third"))).toContain(
      "has changed on disk",
    );
  });

  test("and a small one are left at once when the user stops", async () => {
    const workspace = await workspaceWith({ a: "x" });
    await expect(readTextPage(workspace, "a", {}, AbortSignal.abort())).rejects.toThrow("aborted");
  });

  test("of one endless line is left when the user stops, long before it is read", async () => {
    const workspace = await workspaceWith();
    execFileSync("bash", ["-c", "head -c 400000000 /dev/zero | tr '\\0' x > line"], { cwd: workspace.root });
    const controller = new AbortController();
    const reading = readTextPage(workspace, "line", {}, controller.signal);
    setTimeout(() => controller.abort(new Error("stopped by the user")), 20);
    await expect(reading).rejects.toThrow("stopped by the user");
  });
});

describe("a page that is not there", () => {
  test.each([
    ["three\nlines\nhere\n", 4, "a has 3 lines: there is no line 4. Use a smaller offset."],
    ["one", 1e300, "a has 1 line: there is no line 1e+300. Use a smaller offset."],
    ["one", 99, "a has 1 line: there is no line 99. Use a smaller offset."],
    ["", 2, "a has 0 lines: there is no line 2. Use a smaller offset."],
  ])("an offset beyond the end of %j says how many lines there are", async (content, offset, message) => {
    expect(await refusal(readTextPage(await workspaceWith({ a: content }), "a", { offset }))).toBe(message);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("%d is no line number", async (offset) => {
    const workspace = await workspaceWith({ a: "text" });
    expect(await refusal(readTextPage(workspace, "a", { offset }))).toContain(
      "must be a whole number, 1 or more",
    );
    expect(await refusal(readTextPage(workspace, "a", { limit: offset }))).toContain(
      "must be a whole number, 1 or more",
    );
  });
});

test("a read is planned by its real path: a link has the name of what it leads to", async () => {
  const workspace = await workspaceWith({ ".env": "KEY=1" });
  await symlink(".env", join(workspace.root, "notes.txt"));
  expect(await planRead(workspace, "notes.txt")).toEqual({ type: "read", path: ".env" });
  expect(await planRead(workspace)).toEqual({ type: "read", path: "." });
  expect(await refusal(planRead(workspace, "../x"))).toContain("outside the workspace");
});
