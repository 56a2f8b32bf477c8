/** What a repository's own files say, read without git. */
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { lstat, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";

/** The nearest folder, from this real path up, that is the top of a repository's working tree, or a bare repository. */
export async function repositoryRoot(folder: string): Promise<string | undefined> {
  const [place, head] = await Promise.all([".git", ".git/HEAD"].map((name) => statOf(join(folder, name))));
  // A file tells where the repository is: that of a worktree or a submodule. An empty folder is not a repository.
  if (place?.isFile() || head || (await isBare(folder))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : repositoryRoot(above);
}

/** Where a repository keeps its own. In a worktree or a submodule `.git` is a file, which says where. */
export async function gitFolder(root: string): Promise<string> {
  const [, place = ".git"] = /^gitdir: (.*)/.exec(await readShort(join(root, ".git"))) ?? [];
  return resolve(root, place);
}

const MAX_SHORT = 1024 * 1024;

/**
 * The text of a file; empty where there is none, or one so long that nobody wrote it by hand. Links are followed.
 * @param unread where a path is added that leads to something else: reading that might never end
 */
export async function readShort(path: string, unread: string[] = []): Promise<string> {
  const stats = await statOf(path);
  if (stats?.isFile() && stats.size <= MAX_SHORT) return readFile(path, "utf8").catch(() => "");
  if (stats) unread.push(path);
  return "";
}

export const statOf = (path: string) => stat(path).catch(() => undefined);

export async function isBare(folder: string): Promise<boolean> {
  const names = ["HEAD", "objects", "refs", ".git"];
  const [head, objects, refs, place] = await Promise.all(names.map((name) => statOf(join(folder, name))));
  return place === undefined && head !== undefined && objects !== undefined && refs !== undefined;
}

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
    if ((await readShort(file)).trim() !== "../..")
      return "one of its worktrees belongs to another repository";
  }
  return hasOwnNames(root) ? undefined : "its index is split, damaged, or names files outside of it";
}

/** Whether the repository that a `.git` file names is that of a worktree or a submodule here. */
async function isNamedBack(root: string): Promise<boolean> {
  const [, named] = /^gitdir: (.+?)\s*$/.exec(await readShort(join(root, ".git"))) ?? [];
  if (named === undefined) return false;
  const folder = await realpath(resolve(root, named)).catch(() => resolve(root, named));
  const [, worktree] = /^\s*worktree\s*=\s*(.+)$/m.exec(await readShort(join(folder, "config"))) ?? [];
  const back = [
    dirname(resolve(folder, (await readShort(join(folder, "gitdir"))).trim())),
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

/** The names in a repository's index. One that cannot be read is empty, and the last. */
function* namesIn(gitFolder: string): Generator<string> {
  const index = bytesOf(join(gitFolder, "index"));
  if (index.length < 12) return; // for git it is none
  const isSha256 = /objectformat\s*=\s*sha256/i.test(bytesOf(join(gitFolder, "config")).toString());
  yield* namesOf(index, isSha256 ? 32 : 20);
}

/** None of what is not a file: to read a pipe would never end. */
function bytesOf(path: string): Buffer {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : Buffer.alloc(0);
}

/** Whether a name of the index can be one in a working tree: git makes no others, and an index does not have to be made by git. */
function isInTree(name: string): boolean {
  return !/(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i.test(name.replace(/\/$/, ""));
}

/** https://git-scm.com/docs/index-format */
function* namesOf(index: Buffer, hashLength: number): Generator<string> {
  const version = index.readUInt32BE(4);
  let name: Buffer = Buffer.alloc(0);
  for (let left = index.readUInt32BE(8), start = 12; left > 0; left -= 1) {
    const flags = start + 40 + hashLength;
    let from = flags + ((index[flags] ?? 0) & 0x40 && version > 2 ? 4 : 2);
    let cut = name.length; // how much of the name before is not in this one
    if (version === 4) {
      cut = (index[from] ?? 0) & 127;
      while ((index[from++] ?? 0) & 128) cut = ((cut + 1) << 7) | ((index[from] ?? 0) & 127);
    }
    const end = index.indexOf(0, from);
    if (end < 0 || cut > name.length) return yield "";
    const rest = index.subarray(from, end);
    name = cut === name.length ? rest : Buffer.concat([name.subarray(0, name.length - cut), rest]);
    yield name.toString();
    start = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
}

/** The files that a repository tracks below its root, by their paths: they are read when they are first asked about. */
export interface TrackedFiles {
  /** Whether a path is one, or a folder that holds one. */
  has(path: string): boolean;
  below(folder: string): readonly string[];
}

export const NOTHING_TRACKED: TrackedFiles = { has: () => false, below: () => [] };

export function trackedFiles(root: string, gitFolder: string): TrackedFiles {
  let known: ReturnType<typeof read> | undefined;
  const names = () => {
    known ??= read();
    return known;
  };
  function read() {
    const files = [...namesIn(gitFolder)].filter(isInTree).map((name) => join(root, name));
    const paths = new Set(files.map((file) => resolve(file))); // a folder of a sparse index ends in a slash
    for (const file of files)
      for (let folder = dirname(file); folder !== root && !paths.has(folder); folder = dirname(folder))
        paths.add(folder);
    return { files, paths };
  }
  return {
    has: (path) => names().paths.has(path),
    below: (folder) => names().files.filter((file) => file.startsWith(join(folder, sep))),
  };
}
