import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Files, refusal, workspaceWith, writeNames } from "../test/temp-workspace.ts";
import { listFolder, type Workspace } from "./index.ts";
import { fairShares } from "./list.ts";

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `f${String(index).padStart(5, "0")}`);

/** A workspace with so many files in one folder, and others. */
async function fullWorkspace(folder: string, count: number, files?: Files): Promise<Workspace> {
  const workspace = await workspaceWith(files);
  await writeNames(join(workspace.root, folder), names(count));
  return workspace;
}

describe("a listing", () => {
  test("is the whole tree, folders with a slash, sorted by code point", async () => {
    const workspace = await workspaceWith({
      "src/b.ts": "",
      "src/a/x.ts": "",
      "src-gen/y.ts": "",
      "Readme.md": "",
      ".env": "",
      a10: "",
      a9: "",
      é: "",
      "😀": "",
      "\uff5e": "",
    });
    expect(await listFolder(workspace, ".")).toEqual({
      entries: [
        ".env",
        "Readme.md",
        "a10",
        "a9",
        "src-gen/",
        "src-gen/y.ts",
        "src/",
        "src/a/",
        "src/a/x.ts",
        "src/b.ts",
        "é",
        "\uff5e",
        "😀",
      ],
    });
  });

  test("of a subfolder has paths from the workspace, ready for the other tools", async () => {
    const workspace = await workspaceWith({ "src/a/x.ts": "", "src/b.ts": "", c: "" });
    expect((await listFolder(workspace, "src")).entries).toEqual(["src/a/", "src/a/x.ts", "src/b.ts"]);
    expect((await listFolder(workspace, "src/../src/")).entries).toHaveLength(3);
  });

  test("goes as deep as it is asked to", async () => {
    const workspace = await workspaceWith({ "a/b/c/d": "", e: "" });
    expect((await listFolder(workspace, ".", 1)).entries).toEqual(["a/", "e"]);
    expect((await listFolder(workspace, ".", 2)).entries).toEqual(["a/", "a/b/", "e"]);
    expect((await listFolder(workspace, "a", 2)).entries).toEqual(["a/b/", "a/b/c/"]);
    expect((await listFolder(workspace, ".", undefined)).entries).toHaveLength(5);
    expect((await listFolder(workspace, ".", 1e300)).entries).toHaveLength(5);
    expect(await refusal(listFolder(workspace, ".", 0))).toContain("must be a whole number, 1 or more");
    expect(await refusal(listFolder(workspace, ".", 1.5))).toContain("must be a whole number, 1 or more");
  });

  test("shows links and does not follow them", async () => {
    const workspace = await workspaceWith({ "src/a": "" });
    for (const [name, target] of Object.entries({
      self: ".",
      dead: "gone",
      out: "/etc",
      "src/loop": "loop",
    })) {
      await symlink(target, join(workspace.root, name));
    }
    expect((await listFolder(workspace, ".")).entries).toEqual([
      "dead -> gone",
      "out -> /etc",
      "self -> .",
      "src/",
      "src/a",
      "src/loop -> loop",
    ]);
  });

  test("names what is neither a file nor a folder, and keeps every name on one line", async () => {
    const workspace = await workspaceWith({
      "line\nbreak": "",
      "esc\u001b[2J": "",
      'quo"te': "",
      "rtl\u202e": "",
    });
    execFileSync("mkfifo", [join(workspace.root, "pipe")]);
    expect((await listFolder(workspace, ".")).entries).toEqual([
      '"esc\\u001b[2J"',
      '"line\\nbreak"',
      '"rtl\\u202e"',
      "pipe (a named pipe)",
      'quo"te',
    ]);
  });

  test("of an empty folder, or of one with nothing but excluded files, says so", async () => {
    const workspace = await workspaceWith({ ".gitignore": "*.log\n", "only/x.log": "" });
    await mkdir(join(workspace.root, "empty"));
    expect(await listFolder(workspace, "empty")).toEqual({ entries: [], notice: "empty is empty." });
    expect((await listFolder(workspace, "only")).notice).toContain("only holds nothing but what is excluded");
  });
});

describe("a big tree", () => {
  test("is cut at 500 entries, and says how many are left out and how to narrow", async () => {
    const workspace = await fullWorkspace(".", 1200);
    const { entries, notice } = await listFolder(workspace, ".");
    expect(entries).toEqual(names(500));
    expect(notice).toBe(
      "500 of 1200 entries; 700 are left out, the most in . (700). Narrow the list with path (a subfolder) or depth.",
    );
  });

  test("of exactly 500 entries is whole", async () => {
    const listing = await listFolder(await fullWorkspace(".", 500), ".");
    expect(listing.entries).toHaveLength(500);
    expect(listing.notice).toBeUndefined();
  });

  test("shows something of every folder: one full folder crowds out no other", async () => {
    const workspace = await fullWorkspace("a", 3000, { "b/x": "", "c/y": "", "z/deep/w": "" });
    const { entries, notice } = await listFolder(workspace, ".");
    expect(entries).toHaveLength(500);
    expect(entries).toEqual(expect.arrayContaining(["a/", "b/", "b/x", "c/", "c/y", "z/", "z/deep/"]));
    expect(notice).toContain("the most in a (2507)");
  });

  test("of thirty thousand entries shows a part of each folder, not of the first ones alone", async () => {
    const workspace = await workspaceWith();
    for (let index = 0; index < 40; index++) {
      await writeNames(join(workspace.root, `part-${index}/src`), names(750));
    }
    const { entries, notice } = await listFolder(workspace, ".");
    const parts = new Set(
      entries.filter((entry) => !entry.endsWith("/")).map((entry) => entry.split("/")[0]),
    );
    expect(parts.size).toBe(40);
    expect(notice).toContain("500 of 30080 entries");
  });

  test("is left at once when the user stops", async () => {
    const workspace = await fullWorkspace("a", 10);
    await expect(listFolder(workspace, ".", undefined, AbortSignal.abort())).rejects.toThrow("aborted");
  });

  test("shows folders before files where a level does not fit", async () => {
    const workspace = await fullWorkspace(".", 2000, { "zz/x": "" });
    expect((await listFolder(workspace, ".")).entries).toContain("zz/");
  });
});

describe("what cannot be listed", () => {
  test.each([
    ["a.txt", "a.txt is a file. Read it with read_file."],
    ["nope", 'nope does not exist. List "." to see what does.'],
    ["a.txt/x", 'a.txt/x does not exist. List "." to see what does.'],
    ["node_modules", "node_modules is never listed or searched"],
    ["node_modules/x", "node_modules is never listed or searched"],
    [".git/hooks", ".git is never listed or searched"],
  ])("%s", async (path, message) => {
    const workspace = await workspaceWith({ "a.txt": "", "node_modules/x/a": "", ".git/hooks/h": "" });
    expect(await refusal(listFolder(workspace, path))).toContain(message);
  });

  test.skipIf(process.getuid?.() === 0)(
    "a folder that may not be read is mentioned (root may read all)",
    async () => {
      const workspace = await workspaceWith({ "src/a": "", b: "" });
      await chmod(join(workspace.root, "src"), 0);
      expect(await listFolder(workspace, ".")).toEqual({
        entries: ["b", "src/"],
        notice: "Could not be read: src (EACCES).",
      });
      expect(await refusal(listFolder(workspace, "src"))).toContain("permission is denied");
      await chmod(join(workspace.root, "src"), 0o755);
    },
  );

  test("a workspace that lies in a node_modules folder is listed", async () => {
    const outer = await workspaceWith({ "node_modules/x/a": "" });
    const workspace = { root: join(outer.root, "node_modules/x"), lastRead: new Map() };
    await writeFile(join(workspace.root, "b"), "");
    expect((await listFolder(workspace, ".")).entries).toEqual(["a", "b"]);
  });
});

describe("fairShares", () => {
  test.each([
    [[3000, 2, 2], 500, [496, 2, 2]],
    [[10, 10, 10], 9, [3, 3, 3]],
    [[1, 2, 3], 100, [1, 2, 3]],
    [[5, 5], 0, [0, 0]],
    [[], 5, []],
  ])("of %j in %i is %j", (wishes, room, shares) => {
    expect(fairShares(wishes, room)).toEqual(shares);
  });
});
