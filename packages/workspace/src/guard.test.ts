import { mkdir, readdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, tempFolder, workspaceWith, writeFiles } from "../test/temp-workspace.ts";
import {
  byCodePoint,
  listFolder,
  openWorkspace,
  readTextPage,
  replaceText,
  resolvePath,
  searchText,
  showName,
  type Workspace,
  writeText,
} from "./index.ts";

/** A workspace full of traps: every link that could lead out, beside honest ones. */
async function trappedWorkspace(): Promise<Workspace> {
  const workspace = await workspaceWith({ "src/real.ts": "in\n", plain: "in\n" });
  const { root } = workspace;
  await writeFiles(join(root, ".."), { "out/secret.txt": "secret\n" });
  const links: Record<string, string> = {
    inside: "src",
    "to-file": "src/real.ts",
    "absolute-inside": join(root, "src"),
    "to-out": "../out",
    "to-secret": join(root, "../out/secret.txt"),
    chain: "to-out",
    up: "..",
    self: ".",
    dangling: "../out/not-yet.txt",
    "dangling-inside": "not-yet.txt",
    "dangling-chain": "dangling",
    loop: "pool",
    pool: "loop",
    passwd: "/etc/passwd",
    zero: "/dev/zero",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(root, name));
  return workspace;
}

describe("a path that stays inside", () => {
  test.each([
    ["src/real.ts", "src/real.ts"],
    ["./src//real.ts", "src/real.ts"],
    ["src/../plain", "plain"],
    [".", "."],
    ["src/", "src"],
    ["inside/real.ts", "src/real.ts"],
    ["absolute-inside/real.ts", "src/real.ts"],
    ["to-file", "src/real.ts"],
    ["self/self/src", "src"],
    ["up/work/plain", "plain"],
    ["new.ts", "new.ts"],
    ["new/deep/er.ts", "new/deep/er.ts"],
    ["inside/new.ts", "src/new.ts"],
    ["plain/below-a-file", "plain/below-a-file"],
    ["...", "..."],
    ["..foo", "..foo"],
    ["./~", "~"],
    ["back\\slash", "back\\slash"],
    ["line\nbreak", '"line\\nbreak"'],
  ])("%j is %j", async (path, shown) => {
    expect((await resolvePath(await trappedWorkspace(), path)).shown).toBe(shown);
  });

  test("an absolute path inside the workspace is taken", async () => {
    const workspace = await trappedWorkspace();
    expect(await resolvePath(workspace, join(workspace.root, "src/real.ts"))).toEqual({
      absolute: join(workspace.root, "src/real.ts"),
      shown: "src/real.ts",
    });
  });

  test("a root given through a link takes paths through the link and past it", async () => {
    const { root } = await trappedWorkspace();
    const link = join(await tempFolder(), "link");
    await symlink(root, link);
    const workspace = await openWorkspace(link);
    expect(workspace.root).toBe(await realpath(root));
    expect((await resolvePath(workspace, join(link, "plain"))).shown).toBe("plain");
    expect((await resolvePath(workspace, join(root, "plain"))).shown).toBe("plain");
  });
});

describe("a path that leads out", () => {
  test.each([
    "..",
    "../out/secret.txt",
    "src/../../out/secret.txt",
    "src/../..",
    "/",
    "/etc/passwd",
    "/proc/self/environ",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd",
    "/dev/zero",
    "/dev/stdin",
    "to-out",
    "to-out/secret.txt",
    "to-out/new/deep.txt",
    "to-secret",
    "chain/secret.txt",
    "self/chain/secret.txt",
    "up",
    "up/out/secret.txt",
    "passwd",
    "zero",
  ])("%j is refused, and the message says what to do", async (path) => {
    const workspace = await trappedWorkspace();
    expect(await refusal(resolvePath(workspace, path))).toBe(
      `${path} is outside the workspace (${workspace.root}). Use a path inside it, such as src/index.ts.`,
    );
  });

  test("a folder beside the workspace whose name begins the same is outside", async () => {
    const workspace = await trappedWorkspace();
    await mkdir(`${workspace.root}2`);
    expect(await refusal(resolvePath(workspace, `${workspace.root}2`))).toContain("is outside the workspace");
  });

  test.each([
    ["dangling", "leads through a link to nothing"],
    ["dangling/below", "leads through a link to nothing"],
    ["dangling-inside", "leads through a link to nothing"],
    ["dangling-chain", "leads through a link to nothing"],
    ["loop", "Its links may lead back to themselves"],
    ["loop/below", "Its links may lead back to themselves"],
    ["", "The path is empty"],
    ["\0", "holds a NUL character"],
    ["src/real.ts\0.png", "holds a NUL character"],
    ["~", '"~" is not expanded'],
    ["~/.ssh/id_rsa", '"~" is not expanded'],
    ["x".repeat(300), "the name is too long"],
    ["a/".repeat(5000), "The path has 10000 characters"],
  ])("%j is refused", async (path, reason) => {
    expect(await refusal(resolvePath(await trappedWorkspace(), path))).toContain(reason);
  });

  test("nothing is written through a link that leads out, or to nothing", async () => {
    const workspace = await trappedWorkspace();
    for (const path of [
      "dangling",
      "dangling-chain",
      "dangling-inside",
      "to-secret",
      "to-out/new.txt",
      "up/new.txt",
    ]) {
      await refusal(writeText(workspace, path, "broken in"));
    }
    expect(await contentOf(workspace, "../out/secret.txt")).toBe("secret\n");
    expect(await readdir(join(workspace.root, "../out"))).toEqual(["secret.txt"]);
    expect(await readdir(join(workspace.root, ".."))).toEqual(["out", "work"]);
  });

  test("the kernel's folders belong to no workspace, not even to the whole disk", async () => {
    const workspace = await openWorkspace("/");
    expect(await refusal(readTextPage(workspace, "/proc/self/environ"))).toContain(
      "is outside the workspace",
    );
    expect(await refusal(readTextPage(workspace, "dev/zero"))).toContain("is outside the workspace");
    expect((await resolvePath(workspace, "/etc")).shown).toBe("etc");
  });

  test("letter case is another name, and leads to a suggestion", async () => {
    const workspace = await workspaceWith({ "cafe.txt": "small" });
    if ((await resolvePath(workspace, "CAFE.TXT")).shown === "cafe.txt") return; // a file system that folds
    expect(await refusal(readTextPage(workspace, "CAFE.TXT"))).toContain("Did you mean cafe.txt?");
  });
});

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
  test.each(["line\nbreak", "esc\u001b[2J", "rtl\u202e.txt", 'quo"te\n'])(
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

describe("byCodePoint", () => {
  test("puts a character beyond U+FFFF after those before it, and a prefix first", () => {
    expect(["😀", "\uff5e", "b", "B", "ab", "a", "", "é", "😀a"].sort(byCodePoint)).toEqual([
      "",
      "B",
      "a",
      "ab",
      "b",
      "é",
      "\uff5e",
      "😀",
      "😀a",
    ]);
  });
});

describe("showName", () => {
  test.each([
    ["plain name.ts", "plain name.ts"],
    ['quo"te\\', 'quo"te\\'],
    ["café 😀👩‍💻", "café 😀👩‍💻"],
    ["a\nb", '"a\\nb"'],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u009b31m", '"\\u009b31m"'],
    ["\u007f", '"\\u007f"'],
    ["\u202etxt", '"\\u202etxt"'],
    ["a\u2028b", '"a\\u2028b"'],
  ])("%j is shown as %s", (name, shown) => {
    expect(showName(name)).toBe(shown);
  });
});
