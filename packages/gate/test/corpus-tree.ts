import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Every file and folder in a folder, but for our own, with what changes when it is written, renamed, touched or given another mode. */
export async function treeOf(folder: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  await add(folder, tree);
  return tree;
}

/** The paths that are new, gone or changed. */
export function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

async function add(path: string, tree: Map<string, string>): Promise<void> {
  const stats = await lstat(path, { bigint: true });
  tree.set(path, [stats.ino, stats.mode, stats.size, stats.mtimeNs, stats.ctimeNs].join(" "));
  if (!stats.isDirectory()) return;
  for (const name of await readdir(path)) if (name !== ".eightfold") await add(join(path, name), tree);
}
