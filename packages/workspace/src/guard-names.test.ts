import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith, writeFiles } from "../test/temp-workspace.ts";
import { listFolder, readTextPage, replaceText, searchText, writeText } from "./index.ts";

describe("a name that looks the same as the one on disk", () => {
  test.each([
    ["a decomposed letter", "re\u0301sume\u0301.md", "r\u00e9sum\u00e9.md"],
    ["a composed letter", "r\u00e9sum\u00e9.md", "re\u0301sume\u0301.md"],
    ["decomposed Hangul", "\u1112\u1161\u11ab.txt", "\ud55c.txt"],
    ["a no-break space", "a\u00a0b.txt", "a b.txt"],
    ["the space in a screenshot's name", "Shot at 9.41\u202fAM.txt", "Shot at 9.41 AM.txt"],
    ["a curly apostrophe", "Bob\u2019s.txt", "Bob's.txt"],
    ["a no-break hyphen", "a\u2011b.txt", "a-b.txt"],
    ["a mark that is not seen", "a\u200b\u200e.txt", "a.txt"],
    ["an emoji's variation selector", "\u2764\ufe0f.txt", "\u2764.txt"],
    ["letters of another alphabet", "\u0430dm\u0456n.ts", "admin.ts"],
    ["a folder's decomposed letter", "e\u0301te\u0301/a.txt", "\u00e9t\u00e9/a.txt"],
    ["two folders' letters", "e\u0301/a\u00a0b/u\u0308.txt", "\u00e9/a b/\u00fc.txt"],
  ])(
    "is read, listed, searched and changed as that file, and the answer says so: %s",
    async (_, onDisk, asked) => {
      const workspace = await workspaceWith({ [onDisk]: "needle\n" });
      const before = await readdir(workspace.root, { recursive: true });
      const page = await readTextPage(workspace, asked);
      expect(page).toMatchObject({ path: onDisk, lines: ["needle"] });
      expect(page.notice).toMatch(/ is ".*" on disk, in characters that look the same\.$/);
      const { signal } = new AbortController();
      const found = await searchText(workspace, { pattern: "needle", path: asked }, signal);
      expect(found).toMatchObject({ matches: [{ path: onDisk }], notice: page.notice });
      await writeText(workspace, asked, "thread\n");
      await replaceText(workspace, asked, "thread", "yarn");
      expect(await contentOf(workspace, onDisk)).toBe("yarn\n");
      expect(await readdir(workspace.root, { recursive: true })).toEqual(before);
    },
  );

  test("is no second file: write_file asks to read the one that is there", async () => {
    const workspace = await workspaceWith({ "cafe\u0301.txt": "old" });
    expect(await refusal(writeText(workspace, "caf\u00e9.txt", "new"))).toContain("has not been read");
    expect(await readdir(workspace.root)).toEqual(["cafe\u0301.txt"]);
  });

  test("is the folder that a new file goes into", async () => {
    const workspace = await workspaceWith({ "e\u0301/a.txt": "" });
    await writeText(workspace, "\u00e9/b.txt", "new");
    expect(await readdir(join(workspace.root, "e\u0301"))).toEqual(["a.txt", "b.txt"]);
    expect((await listFolder(workspace, "\u00e9")).notice).toContain('is "e\\u0301" on disk');
  });

  test("of two files is neither: both are named, and can be taken as they are written", async () => {
    const workspace = await workspaceWith({ "a\u00a0b": "one", "a\u2009b": "two" });
    expect(await refusal(readTextPage(workspace, "a b"))).toBe(
      'a b does not exist, and "a\\u00a0b" and "a\\u2009b" look like it. Name one of them as it is written here.',
    );
    expect((await readTextPage(workspace, '"a\\u2009b"')).lines).toEqual(["two"]);
  });

  test("leads no way out", async () => {
    const workspace = await workspaceWith();
    await writeFiles(join(workspace.root, ".."), { "cafe\u0301.txt": "outside" });
    await symlink("../cafe\u0301.txt", join(workspace.root, "lin\u00a0k"));
    for (const path of ["../caf\u00e9.txt", "lin k"]) {
      expect(await refusal(readTextPage(workspace, path))).toContain("is outside the workspace");
    }
  });
});

describe("a name as list_files shows it", () => {
  test.each(["line\nbreak", "esc\u001b[2J", "rtl\u202e.txt", 'quo"te\n', "blank ", " blank"])(
    "%j can be given back",
    async (name) => {
      const workspace = await workspaceWith({ [name]: "text" });
      const [entry = ""] = (await listFolder(workspace, ".")).entries;
      expect((await readTextPage(workspace, entry)).lines).toEqual(["text"]);
    },
  );

  test("a file that has the quotes in its name comes first", async () => {
    const workspace = await workspaceWith({ '"a"': "quoted", a: "plain" });
    expect((await readTextPage(workspace, '"a"')).lines).toEqual(["quoted"]);
  });

  test("of a folder that is not UTF-8 leads to the files in it, and through no link", async () => {
    const workspace = await workspaceWith();
    const folder = Buffer.from(`${workspace.root}/d\xff`, "latin1");
    const inFolder = (name: string) => Buffer.concat([folder, Buffer.from(`/${name}`)]);
    await mkdir(inFolder("sub"), { recursive: true });
    await writeFile(inFolder("sub/a.ts"), "needle\n");
    await symlink("/etc", inFolder("etc"));
    await symlink("/etc", Buffer.from(`${workspace.root}/out\xff`, "latin1"));
    const { matches } = await searchText(workspace, { pattern: "needle" }, new AbortController().signal);
    expect((await readTextPage(workspace, matches[0]?.path ?? "")).lines).toEqual(["needle"]);
    expect(await refusal(readTextPage(workspace, "d\ufffd/b.ts"))).toContain("d\ufffd/b.ts does not exist");
    expect(await refusal(listFolder(workspace, "d\ufffd"))).toContain("is not UTF-8");
    expect((await listFolder(workspace)).notice).toBe("Could not be read: d\ufffd (its name is not UTF-8).");
    expect(await refusal(writeText(workspace, "d\ufffd/new", "x"))).toContain("is not UTF-8");
    expect(await refusal(readTextPage(workspace, "d\ufffd/etc/passwd"))).toContain("through a link");
    expect(await refusal(readTextPage(workspace, "out\ufffd/passwd"))).toContain("through a link");
  });

  test("of two that are not UTF-8 and look the same opens neither: nobody could say which", async () => {
    const workspace = await workspaceWith();
    for (const name of ["x\xfe", "x\xff"]) {
      await writeFile(Buffer.concat([Buffer.from(`${workspace.root}/`), Buffer.from(name, "latin1")]), "");
    }
    expect(await refusal(readTextPage(workspace, "x\ufffd"))).toBe(
      "x\ufffd is what several names that are not UTF-8 look like. Rename them first.",
    );
  });

  test("that holds half of a surrogate pair makes no file of another name", async () => {
    const workspace = await workspaceWith();
    expect(await refusal(writeText(workspace, "a\ud800.txt", "x"))).toBe(
      '"a\\ud800.txt" holds half of a surrogate pair. Write the whole character.',
    );
    expect(await readdir(workspace.root)).toEqual([]);
  });

  test("that is not UTF-8 can be read, and a change says why it cannot be made", async () => {
    const workspace = await workspaceWith();
    const name = Buffer.from("caf\xe9.txt", "latin1");
    await writeFile(Buffer.concat([Buffer.from(`${workspace.root}/`), name]), "needle\n");
    const [entry = ""] = (await listFolder(workspace, ".")).entries;
    expect((await readTextPage(workspace, entry)).lines).toEqual(["needle"]);
    expect(await refusal(writeText(workspace, entry, "new"))).toContain("is not UTF-8. It can be read");
    expect(await readdir(workspace.root, "buffer")).toEqual([name]);
  });
});
