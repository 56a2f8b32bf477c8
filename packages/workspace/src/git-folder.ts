import { lstatSync, readdirSync } from "node:fs";
import { lstat, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isInTree, namesIn } from "./git-index.ts";

/**
 * Why git might read outside the repository whose working tree is at `root`: its own files can lead anywhere, and nobody
 * vouches for them (see https://github.com/advisories/GHSA-q5hj-mxqh-vv77). Undefined when they lead nowhere else.
 */
export async function leadsOutside(root: string): Promise<string | undefined> {
  const folder = join(root, ".git");
  const stats = await lstat(folder).catch(() => undefined);
  if (stats?.isFile()) {
    return (await isNamedBack(root)) ? undefined : "its .git names a repository that does not name it back";
  }
  if (!stats?.isDirectory()) return "its .git is a link";
  // Not awaited: so many promises would take longer than the folders.
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  if (entries.some((entry) => entry.isSymbolicLink())) return "the repository's own files are links";
  if (entries.some((entry) => entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()))
    return "the repository's own files are pipes or devices";
  const files = entries.map(({ parentPath, name }) => join(parentPath, name));
  if (files.includes(join(folder, "commondir"))) return "it keeps its configuration in another folder";
  if (files.includes(join(folder, "objects/info/alternates")))
    return "it borrows objects of another repository";
  for (const file of files.filter((path) => path.endsWith("/commondir"))) {
    if ((await textOf(file)) !== "../..") return "one of its worktrees belongs to another repository";
  }
  return hasOwnNames(root) ? undefined : "its index is split, damaged, or names files outside of it";
}

/** Whether the repository that a `.git` file names is that of a worktree or a submodule here. */
async function isNamedBack(root: string): Promise<boolean> {
  const [, named] = /^gitdir: (.+)$/.exec(await textOf(join(root, ".git"))) ?? [];
  if (named === undefined) return false;
  const folder = await realpath(resolve(root, named)).catch(() => resolve(root, named));
  const [, worktree] = /^\s*worktree\s*=\s*(.+)$/m.exec(await textOf(join(folder, "config"))) ?? [];
  const back = [
    dirname(resolve(folder, await textOf(join(folder, "gitdir")))),
    resolve(folder, worktree ?? ""),
  ];
  const real = await Promise.all(back.map((path) => realpath(path).catch(() => path)));
  return real.includes(root);
}

/** Whether each name in the index is that of a file in the working tree, with no link on the way to it. */
function hasOwnNames(root: string): boolean {
  const folders = new Set([""]);
  let last: string | undefined;
  for (const name of namesIn(join(root, ".git"))) {
    // They are sorted: of 100,000 most are in the folder of the one before, and need no more than a look at their own name.
    const start = name.lastIndexOf("/") + 1;
    if (last !== undefined && name.length > start && name[start] !== "." && name.slice(0, start) === last)
      continue;
    last = name.slice(0, start);
    if (!isInTree(name)) return false;
    for (let folder = above(name); !folders.has(folder); folder = above(folder)) {
      folders.add(folder);
      if (lstatSync(join(root, folder), { throwIfNoEntry: false })?.isSymbolicLink()) return false;
    }
  }
  return true;
}

const above = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf("/")));

const textOf = (path: string) =>
  readFile(path, "utf8").then(
    (text) => text.trim(),
    () => "",
  );
