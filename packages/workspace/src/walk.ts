import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { byCodePoint, KERNEL_FOLDERS, type ResolvedPath, relativePath, requireUtf8 } from "./guard.ts";
import { type IgnoreRules, isExcluded, rulesAt, rulesBelow } from "./ignore-rules.ts";
import type { Workspace } from "./workspace.ts";

/** Never listed and never searched, whatever is asked for. */
const NEVER_WALKED = [".git", "node_modules"];

/** Folders that a tool fills: left out unless the path that is asked for is one, or leads into one. */
const NEVER_SOURCE = [
  ...[".venv", "venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".tox", ".nox"],
  ...[".hg", ".svn", ".jj"],
];

export interface WalkedFolder {
  readonly absolute: string;
  /** How many folders below the start; 0 is the start itself. */
  readonly level: number;
  /** What is in it, sorted by code point, without what is excluded, and without the agent's own folder. */
  readonly entries: readonly Dirent[];
  /** How many entries are excluded, */
  readonly excluded: number;
  /** and the names of those that are excluded by their name. */
  readonly leftOut: readonly string[];
  /** Ignore files, of this folder and above, that are not read: see `readShort`. */
  readonly unread: readonly string[];
  /** Why it could not be read. */
  readonly error?: unknown;
}

/** How many folders are read at the same time. */
const READ_TOGETHER = 64;

/** Goes through a folder breadth first, past what is excluded. Links are entries; they are not followed. */
export async function* walkFolders(
  workspace: Workspace,
  start: string,
  depth = Number.POSITIVE_INFINITY,
  signal?: AbortSignal,
): AsyncGenerator<WalkedFolder> {
  const queue = [{ absolute: start, level: 0, rules: await rulesAt(workspace, start) }];
  while (queue.length > 0) {
    signal?.throwIfAborted();
    for (const { folder, rules } of await Promise.all(queue.splice(0, READ_TOGETHER).map(readFolder))) {
      yield folder;
      const level = folder.level + 1;
      if (level >= depth) continue;
      for (const entry of folder.entries) {
        if (entry.isDirectory()) queue.push({ absolute: join(folder.absolute, entry.name), level, rules });
      }
    }
  }
}

/** The same, at its end. */
export async function allFolders(workspace: Workspace, start: string, signal: AbortSignal) {
  const walked: WalkedFolder[] = [];
  for await (const folder of walkFolders(workspace, start, undefined, signal)) walked.push(folder);
  return walked;
}

/** @param waiting the start with its own rules, or a folder with those of the folder that it is in */
async function readFolder(waiting: { absolute: string; level: number; rules: IgnoreRules }) {
  const { absolute, level } = waiting;
  try {
    const found = await readdir(absolute, { withFileTypes: true });
    const names = found.map(({ name }) => name);
    const rules = level === 0 ? waiting.rules : await rulesBelow(waiting.rules, absolute, names);
    const leftOut = found.filter(isLeftOut).map(({ name }) => name);
    const entries = found.filter(
      (entry) => !isLeftOut(entry) && !isExcluded(rules, join(absolute, entry.name), entry.isDirectory()),
    );
    entries.sort((a, b) => byCodePoint(a.name, b.name));
    const excluded = found.length - entries.length;
    return { folder: { absolute, level, entries, leftOut, excluded, unread: rules.unread }, rules };
  } catch (error) {
    const nothing = { entries: [], leftOut: [], excluded: 0, unread: [] };
    return { folder: { absolute, level, ...nothing, error }, rules: waiting.rules };
  }
}

function isLeftOut(entry: Dirent): boolean {
  const { name, parentPath } = entry;
  if (entry.isDirectory() ? isNeverWalked(name) : NEVER_WALKED.includes(name)) return true;
  return parentPath === "/" && KERNEL_FOLDERS.includes(`/${name}`);
}

/** Whether a folder of that name is left out. */
export const isNeverWalked = (name: string) => NEVER_WALKED.includes(name) || NEVER_SOURCE.includes(name);

/** What `isLeftOut` leaves out, as globs that count from a folder. */
export function neverWalkedGlobs(start: string): string[] {
  const names = [...NEVER_WALKED, ...NEVER_SOURCE.map((name) => `${name}/`)].map((name) => `!**/${name}`);
  return [...names, ...(start === "/" ? KERNEL_FOLDERS.map((folder) => `!${folder}`) : [])];
}

/** What was left out by its name; of .git everyone knows. */
export function namesLeftOut(walked: readonly WalkedFolder[]): string[] {
  const names = new Set(walked.flatMap(({ leftOut }) => leftOut));
  return [...names].filter((name) => name !== ".git").sort(byCodePoint);
}

/** @throws for a place in .git or node_modules, and for one whose name is not UTF-8. */
export function refuseNeverWalked(workspace: Workspace, place: ResolvedPath): void {
  requireUtf8(place);
  const names = relativePath(workspace.root, place.absolute).split("/");
  const never = names.find((name) => NEVER_WALKED.includes(name));
  if (never === undefined) return;
  throw new Error(`${never} is never listed or searched. read_file reads a file in it when given its path.`);
}
