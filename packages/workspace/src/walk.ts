import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import {
  gitFolder,
  NOTHING_TRACKED,
  readShort,
  repositoryRoot,
  type TrackedFiles,
  trackedFiles,
} from "./git-folder.ts";
import { byCodePoint, KERNEL_FOLDERS, type ResolvedPath, relativePath, requireUtf8 } from "./guard.ts";
import { fitsRule, mayFit, parseRules } from "./ignore-rules.ts";
import type { Workspace } from "./workspace.ts";

/** Never listed and never searched, whatever is asked for. */
export const NEVER_WALKED = [".git", "node_modules"];

/** Folders that a tool fills: left out unless the path that is asked for is one, or leads into one. */
export const NEVER_SOURCE = [
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
  if (NEVER_WALKED.includes(name) || (NEVER_SOURCE.includes(name) && entry.isDirectory())) return true;
  return parentPath === "/" && KERNEL_FOLDERS.includes(`/${name}`);
}

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

/** The ignore files that nobody may read, of a folder, of what is below it, and above. */
export async function unreadRules(workspace: Workspace, start: string, signal: AbortSignal) {
  const found: string[] = [];
  for await (const { unread } of walkFolders(workspace, start, undefined, signal)) found.push(...unread);
  return found;
}

/** @throws for a place in .git or node_modules, and for one whose name is not UTF-8. */
export function refuseNeverWalked(workspace: Workspace, place: ResolvedPath): void {
  requireUtf8(place);
  const names = relativePath(workspace.root, place.absolute).split("/");
  const never = names.find((name) => NEVER_WALKED.includes(name));
  if (never === undefined) return;
  throw new Error(`${never} is never listed or searched. read_file reads a file in it when given its path.`);
}

/** What excludes entries of a folder. */
export interface IgnoreRules {
  /** Which rules ripgrep may read by itself: the repository's, also above the start; those below the start; none. */
  readonly reader: "repository" | "below" | "nobody";
  /** From the inside out, info/exclude of the repository last; `from` on, an absolute path is what they match. */
  readonly scopes: readonly Scope[];
  /** Ignore files, of this folder and above, that nobody may read. */
  readonly unread: readonly string[];
  readonly tracked: TrackedFiles;
}

type Scope = ReturnType<typeof scopeOf>;

function scopeOf(text: string, from: number) {
  const rules = parseRules(text);
  return { rules, from, mayFit: mayFit(rules) };
}

const NO_RULES: IgnoreRules = { reader: "below", scopes: [], unread: [], tracked: NOTHING_TRACKED };
const ALL = [scopeOf("*", 0)];

/** A name that only a rule for everything matches. */
const ANY_NAME = "\u{10fffd}\u{10fffd}";

/**
 * The rules for what is in a folder: the repository's info/exclude, and each .gitignore on the way down, its own too.
 * None apply if they exclude the folder itself or everything in it, because it was asked for by name.
 */
export async function rulesAt(workspace: Workspace, start: string): Promise<IgnoreRules> {
  const repository = await repositoryRoot(start);
  const top = repository ?? workspace.root;
  const unread: string[] = []; // ripgrep reads what is above a repository too
  for (let folder = top; folder !== dirname(folder); ) {
    folder = dirname(folder);
    await readShort(join(folder, ".gitignore"), unread);
  }
  let above: IgnoreRules = { ...NO_RULES, unread, reader: repository === undefined ? "below" : "repository" };
  let folder = top;
  for (const name of relative(top, start).split(sep).filter(Boolean)) {
    above = await withOwnRules(above, folder);
    folder = join(folder, name);
    if (isIgnored(above, folder, true) || isIgnored(above, join(start, ANY_NAME), false))
      above = { ...above, reader: "below", scopes: [] };
  }
  const rules = await withOwnRules(above, start);
  const nothingIsLeft = start !== workspace.root && isIgnored(rules, join(start, ANY_NAME), false);
  const reader = nothingIsLeft || rules.unread.length > 0 ? "nobody" : rules.reader;
  return { ...rules, reader, ...(nothingIsLeft && { scopes: [] }) };
}

/** The rules in a folder, from those in the folder above. @param names what is in it, where that is known */
async function withOwnRules(above: IgnoreRules, folder: string, names?: readonly string[]) {
  const mayHold = (name: string) => names?.includes(name) ?? true;
  const isRepository =
    mayHold(".git") && (await stat(join(folder, ".git")).catch(() => undefined)) !== undefined;
  const unread = [...above.unread];
  const own = mayHold(".gitignore") ? await readShort(join(folder, ".gitignore"), unread) : "";
  // As for git, what is above a repository does not reach into it.
  const outer = isRepository && above.reader === "repository" ? [] : above.scopes;
  const from = join(folder, "x").length - 1;
  const repository = isRepository ? await gitFolder(folder) : undefined;
  const last = repository ? await readShort(await excludeFile(repository), unread) : "";
  const scopes = [scopeOf(own, from), ...outer, scopeOf(last, from)];
  const tracked = repository ? trackedFiles(folder, repository) : above.tracked;
  return { ...above, unread, tracked, scopes: scopes.filter(({ rules }) => rules.length > 0) };
}

/** A repository's own list of what is excluded, which its worktrees share. */
async function excludeFile(repository: string): Promise<string> {
  return resolve(repository, (await readShort(join(repository, "commondir"))).trim(), "info/exclude");
}

/** Tells of any file below a folder whether it is excluded. @param rules the folder's own */
export function createIgnoreCheck(start: string, rules: IgnoreRules): (file: string) => Promise<boolean> {
  const rulesIn = rulesOfFolders(start, rules);
  return async (file) => isExcluded(await rulesIn(dirname(file)), file, false);
}

/** What git tracks below a folder although rules exclude it: ripgrep passes it by. @param rules the folder's own */
export async function trackedAndIgnored(start: string, rules: IgnoreRules): Promise<string[]> {
  const files = rules.tracked.below(start);
  const ownRules = new Set(files.filter((file) => file.endsWith("/.gitignore")));
  if (rules.scopes.length === 0 && ownRules.size === 0) return [];
  const rulesIn = rulesOfFolders(start, rules, (folder) =>
    ownRules.has(join(folder, ".gitignore")) ? [".gitignore"] : [],
  );
  let [folder, own] = [start, rules];
  const found: string[] = [];
  for (const file of files) {
    if (dirname(file) !== folder) own = await rulesIn(dirname(file));
    folder = dirname(file);
    // A folder on the way may be a link that leads out.
    if (isIgnored(own, file, false) && (await realpath(file).catch(() => "")) === file) found.push(file);
  }
  return found;
}

/** @param namesIn what is in a folder, where that is known */
function rulesOfFolders(
  start: string,
  rules: IgnoreRules,
  namesIn?: (folder: string) => readonly string[],
): (folder: string) => Promise<IgnoreRules> {
  const known = new Map([[start, Promise.resolve(rules)]]);
  return function rulesIn(folder): Promise<IgnoreRules> {
    const found =
      known.get(folder) ??
      rulesIn(dirname(folder)).then((above) => rulesBelow(above, folder, namesIn?.(folder)));
    known.set(folder, found);
    return found;
  };
}

/** The rules in a folder, from those in the folder above, which may exclude it. */
async function rulesBelow(above: IgnoreRules, folder: string, names?: readonly string[]) {
  return isIgnored(above, folder, true) ? { ...above, scopes: ALL } : withOwnRules(above, folder, names);
}

/** What git tracks is excluded by nothing. */
function isExcluded(rules: IgnoreRules, path: string, isFolder: boolean): boolean {
  return isIgnored(rules, path, isFolder) && !rules.tracked.has(path);
}

/** Whether the innermost rule that matches a path excludes it. The folders that it is in are not looked at. */
function isIgnored({ scopes }: IgnoreRules, path: string, isFolder: boolean): boolean {
  for (const { rules, from, mayFit } of scopes) {
    const below = path.slice(from).replaceAll(sep, "/");
    const rule = mayFit(below) ? rules.find((rule) => fitsRule(rule, below, isFolder)) : undefined;
    if (rule) return !rule.negated;
  }
  return false;
}
