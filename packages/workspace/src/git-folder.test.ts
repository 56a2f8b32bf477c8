import { createHash } from "node:crypto";
import { appendFile, cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withoutTimeLimit } from "@eightfold/core/test/without-time-limit";
import { beforeEach, describe, expect, test } from "vitest";
import { commitAll, gitAt, repositoryWith } from "../test/temp-repository.ts";
import { writeFiles } from "../test/temp-workspace.ts";
import { gitFacts } from "./git.ts";
import { leadsOutside } from "./git-folder.ts";

beforeEach(withoutTimeLimit);

/** A repository, and beside it another that is none of its business. */
async function besideAnother(): Promise<{ root: string; other: string }> {
  const root = await repositoryWith({
    "a.txt": "one\n",
    "xx/outside.txt": "own\n",
    "xx/zzzz": "own too\n",
    "src/deep/b.txt": "two\n",
  });
  const other = join(dirname(root), "other");
  await cp(root, other, { recursive: true });
  await writeFiles(other, { "secret.txt": "OUTSIDE\n" });
  await commitAll(other, "OUTSIDE");
  return { root, other };
}

/** The name of a tracked file becomes another of its length, in git's own list of them. */
async function renameInIndex(root: string, name: string, to: string): Promise<void> {
  const path = join(root, ".git/index");
  const index = await readFile(path);
  index.write(to, index.indexOf(name), "utf8");
  const body = index.subarray(0, -20);
  await writeFile(path, Buffer.concat([body, createHash("sha1").update(body).digest()]));
}

type Attack = (place: { root: string; other: string }) => Promise<unknown>;

/** Puts a link in the place of a file or folder below .git. */
const link =
  (path: string, target: string): Attack =>
  async ({ root, other }) => {
    await rm(join(root, ".git", path), { recursive: true, force: true });
    await mkdir(dirname(join(root, ".git", path)), { recursive: true });
    await symlink(join(other, target), join(root, ".git", path));
  };

const attacks: readonly [what: string, attack: Attack][] = [
  ["a worktree's lock that is a link", link("worktrees/w/locked", "secret.txt")],
  ["a rebase's list that is a link", link("rebase-merge/done", "secret.txt")],
  ["a merge's message that is a link", link("MERGE_MSG", "secret.txt")],
  ["a branch that is a link", link("refs/heads/x", ".git/refs/heads/main")],
  ["a folder of branches that is a link", link("refs/heads", ".git/refs/heads")],
  ["a folder of objects that is a link", link("objects/aa", ".git/objects")],
  ["a pack that is a link", link("objects/pack/pack-1.pack", "secret.txt")],
  ["a log that is a link", link("logs/refs/heads/main", ".git/logs/HEAD")],
  [
    "borrowed objects",
    ({ root, other }) => writeFiles(root, { ".git/objects/info/alternates": `${other}/.git/objects\n` }),
  ],
  [
    "a configuration elsewhere",
    ({ root, other }) => writeFiles(root, { ".git/commondir": `${other}/.git\n` }),
  ],
  [
    "a worktree of another repository",
    ({ root, other }) => writeFiles(root, { ".git/worktrees/w/commondir": `${other}/.git\n` }),
  ],
  ["a name that goes up", ({ root }) => renameInIndex(root, "xx/outside.txt", "../outside.txt")],
  ["a name that goes up further on", ({ root }) => renameInIndex(root, "src/deep/b.txt", "src/../../b.tx")],
  ["an absolute name", ({ root }) => renameInIndex(root, "xx/outside.txt", "/x/outside.txt")],
  ["a .git behind another name of its folder", ({ root }) => renameInIndex(root, "xx/zzzz", "xx/.git")],
  ["a name in .git", ({ root }) => renameInIndex(root, "xx/outside.txt", ".git/sidex.txt")],
  [
    "a folder of the index that is a link",
    async ({ root, other }) => {
      await rm(join(root, "src"), { recursive: true });
      await symlink(join(other, "src"), join(root, "src"));
    },
  ],
  [
    "a .git that is a link",
    async ({ root, other }) => {
      await rm(join(root, ".git"), { recursive: true });
      await symlink(join(other, ".git"), join(root, ".git"));
    },
  ],
  [
    "a .git that names another repository",
    async ({ root, other }) => {
      await rm(join(root, ".git"), { recursive: true });
      await writeFile(join(root, ".git"), `gitdir: ${other}/.git\n`);
    },
  ],
  ["an index that ends too soon", ({ root }) => cutIndex(root)],
];

async function cutIndex(root: string): Promise<void> {
  const index = await readFile(join(root, ".git/index"));
  await writeFile(join(root, ".git/index"), index.subarray(0, 90));
}

test.each(attacks)(
  "%s leads out of the repository, and the prompt holds nothing of it",
  async (_, attack) => {
    const place = await besideAnother();
    await attack(place);
    const reason = await leadsOutside(place.root);
    expect(reason).toEqual(expect.any(String));
    expect(await gitFacts(place.root)).toBe(reason);
  },
);

describe("a repository like any other leads nowhere", () => {
  test.each([
    ["plain", []],
    ["with an index of version 4", ["update-index", "--index-version", "4"]],
    ["with a sparse checkout", ["sparse-checkout", "set", "src"]],
    ["with a file that is to come", ["add", "--intent-to-add", "new.txt"]],
    ["that is packed", ["gc", "--quiet"]],
  ])("%s", async (_, words) => {
    const { root } = await besideAnother();
    await writeFiles(root, { "new.txt": "new\n" });
    await commitAll(root, "Odd names");
    await writeFiles(root, { "ä.txt": "", "..c/d.txt": "", "...": "", "new.txt": "", ".gitignore": "" });
    await gitAt(root, "add", "..c", "...", ".gitignore");
    if (words.length > 0) await gitAt(root, ...words);
    expect(await leadsOutside(root)).toBeUndefined();
  });

  test("a link that is a tracked file, and a worktree beside it", async () => {
    const { root } = await besideAnother();
    await symlink("a.txt", join(root, "link"));
    await commitAll(root, "A link");
    await gitAt(root, "worktree", "add", "--quiet", "../beside");
    expect(await leadsOutside(root)).toBeUndefined();
    expect(await gitFacts(join(dirname(root), "beside"))).toMatchObject({ branch: "beside" });
  });

  test("with hashes of 64 letters", async () => {
    const { root } = await besideAnother();
    await rm(join(root, ".git"), { recursive: true });
    await gitAt(root, "init", "--quiet", "--object-format=sha256");
    await commitAll(root, "Long");
    expect(await leadsOutside(root)).toBeUndefined();
    await appendFile(join(root, "a.txt"), "x");
  });

  test("whose last file is gone from its folder", async () => {
    const { root } = await besideAnother();
    await rm(join(root, "src"), { recursive: true });
    expect(await leadsOutside(root)).toBeUndefined();
  });
});
