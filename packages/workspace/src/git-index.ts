import { readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { byCodePoint } from "./guard.ts";

/** The names in a repository's index, sorted by code point. One that cannot be read is empty, and the last. */
export function* namesIn(gitFolder: string): Generator<string> {
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
export function isInTree(name: string): boolean {
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
  let paths: readonly string[] | undefined;
  const inFolder = (folder: string) => (folder.endsWith(sep) ? folder : folder + sep);
  const all = () => {
    paths ??= [...namesIn(gitFolder)]
      .filter(isInTree)
      .map((name) => inFolder(root) + name.replaceAll("/", sep));
    return paths;
  };
  /** Where the first one is that does not come before a path. */
  function placeOf(path: string): number {
    let [low, high] = [0, all().length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byCodePoint(all()[middle] ?? "", path) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return {
    has: (path) =>
      all()[placeOf(path)] === path || all()[placeOf(inFolder(path))]?.startsWith(inFolder(path)) === true,
    below: (folder) => all().slice(placeOf(inFolder(folder)), placeOf(`${inFolder(folder)}\u{10ffff}`)),
  };
}
