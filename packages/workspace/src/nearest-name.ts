import { join } from "node:path";
import { editDistance } from "@eightfold/core";
import { byCodePoint, relativePath, showName } from "./guard.ts";
import { walkFolders } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

const MAX_ENTRIES = 5000;

/** The files, at most three, whose paths are most like one that does not exist; the most alike first. */
export async function similarPaths(workspace: Workspace, wanted: string): Promise<string[]> {
  const target = folded(wanted);
  const found: { path: string; unlikeness: number }[] = [];
  let visited = 0;
  for await (const { absolute, entries } of walkFolders(workspace, workspace.root)) {
    for (const entry of entries) {
      if (entry.isDirectory()) continue;
      const path = relativePath(workspace.root, join(absolute, entry.name));
      const unlikeness = unlikenessOf(folded(path), target);
      if (unlikeness !== undefined) found.push({ path: showName(path), unlikeness });
    }
    visited += entries.length;
    if (visited > MAX_ENTRIES) break;
  }
  found.sort((a, b) => a.unlikeness - b.unlikeness || byCodePoint(a.path, b.path));
  return found.slice(0, 3).map(({ path }) => path);
}

/** One form for names that a reader takes for the same: letter case, Unicode forms, Windows separators. */
function folded(path: string): string {
  return path.normalize("NFKC").toLowerCase().replaceAll("\\", "/");
}

/** 0 for the same path, below 1 for the same name in another folder, more for a name with slips; undefined for a stranger. */
function unlikenessOf(path: string, target: string): number | undefined {
  if (path === target) return 0;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const targetName = target.slice(target.lastIndexOf("/") + 1);
  if (name === targetName) return 0.5;
  const longer = Math.max(name.length, targetName.length);
  if (Math.abs(name.length - targetName.length) > longer / 3) return undefined;
  const distance = editDistance(name, targetName);
  return distance <= longer / 3 ? distance : undefined;
}
