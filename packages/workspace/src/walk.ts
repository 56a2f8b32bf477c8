import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type IgnoreRules, isIgnored, rulesAbove, withOwnRules } from "./gitignore.ts";
import { byCodePoint, type ResolvedPath, relativePath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";
import { AGENT_FOLDER } from "./workspace.ts";

/** Never listed and never searched, whatever is asked for. */
export const NEVER_WALKED = [".git", "node_modules"];

export interface WalkedFolder {
  readonly absolute: string;
  /** How many folders below the start; 0 is the start itself. */
  readonly level: number;
  /** What is in it, sorted by code point, without what is excluded, and without the agent's own folder. */
  readonly entries: readonly Dirent[];
  /** How many entries are excluded. */
  readonly excluded: number;
  /** Why it could not be read. */
  readonly error?: unknown;
}

/** Goes through a folder breadth first, past what is excluded. Links are entries; they are not followed. */
export async function* walkFolders(
  workspace: Workspace,
  start: string,
  depth = Number.POSITIVE_INFINITY,
): AsyncGenerator<WalkedFolder> {
  const queue = [{ absolute: start, level: 0, rules: await rulesAbove(workspace, start) }];
  for (const { absolute, level, rules } of queue) {
    const { folder, own } = await readFolder(absolute, level, rules);
    yield folder;
    if (level + 1 >= depth) continue;
    for (const entry of folder.entries) {
      if (entry.isDirectory())
        queue.push({ absolute: join(absolute, entry.name), level: level + 1, rules: own });
    }
  }
}

/** @throws for a place in .git or node_modules. */
export function refuseNeverWalked(workspace: Workspace, place: ResolvedPath): void {
  const names = relativePath(workspace.root, place.absolute).split("/");
  const never = names.find((name) => NEVER_WALKED.includes(name));
  if (never === undefined) return;
  throw new Error(`${never} is never listed or searched. read_file reads a file in it when given its path.`);
}

async function readFolder(absolute: string, level: number, rules: IgnoreRules) {
  try {
    const found = await readdir(absolute, { withFileTypes: true });
    const all = found.filter(({ name }) => name !== AGENT_FOLDER);
    const own = all.some(({ name }) => name === ".gitignore") ? await withOwnRules(rules, absolute) : rules;
    const entries = all.filter(
      (entry) =>
        !NEVER_WALKED.includes(entry.name) &&
        !isIgnored(own, join(absolute, entry.name), entry.isDirectory()),
    );
    entries.sort((a, b) => byCodePoint(a.name, b.name));
    return { folder: { absolute, level, entries, excluded: all.length - entries.length }, own };
  } catch (error) {
    return { folder: { absolute, level, entries: [], excluded: 0, error }, own: rules };
  }
}
