import type { Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Ignore } from "ignore";
import { repositoryRoot } from "./git.ts";
import { byCodePoint, isInside, type ResolvedPath, relativePath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

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

async function readFolder(absolute: string, level: number, rules: IgnoreRules) {
  try {
    const found = await readdir(absolute, { withFileTypes: true });
    const own = found.some(({ name }) => name === ".gitignore") ? await withOwnRules(rules, absolute) : rules;
    const walked = found.filter(({ name }) => !NEVER_WALKED.includes(name));
    const entries = walked.filter(
      (entry) => !isIgnored(own, join(absolute, entry.name), entry.isDirectory()),
    );
    entries.sort((a, b) => byCodePoint(a.name, b.name));
    return { folder: { absolute, level, entries, excluded: found.length - entries.length }, own };
  } catch (error) {
    return { folder: { absolute, level, entries: [], excluded: 0, error }, own: rules };
  }
}

/** @throws for a place in .git or node_modules. */
export function refuseNeverWalked(workspace: Workspace, place: ResolvedPath): void {
  const names = relativePath(workspace.root, place.absolute).split("/");
  const never = names.find((name) => NEVER_WALKED.includes(name));
  if (never === undefined) return;
  throw new Error(`${never} is never listed or searched. read_file reads a file in it when given its path.`);
}

/** What the .gitignore files exclude in one folder: those above it, and its own. */
interface IgnoreRules {
  /** They are a git repository's, which ripgrep finds by itself. */
  readonly fromGit: boolean;
  /** The folder that `matcher` takes its paths from: the repository, or else the workspace. */
  readonly base: string;
  readonly matcher: Ignore;
}

/** A longer .gitignore is not read. */
const MAX_RULES_BYTES = 1024 * 1024;

/**
 * The rules that reach a folder from above: the repository's info/exclude, then each .gitignore on the way down. None
 * do when they exclude the folder itself, for it was asked for by name.
 */
export async function rulesAbove(workspace: Workspace, folder: string): Promise<IgnoreRules> {
  const repository = await repositoryRoot(workspace.root);
  const base = repository ?? workspace.root;
  if (!isInside(base, folder)) return { fromGit: false, base: folder, matcher: await createMatcher() };
  const matcher = (await createMatcher()).add(await readRules(join(base, ".git/info/exclude")));
  const top = { fromGit: repository !== undefined, base, matcher };
  if (folder === base) return top;
  const rules = await rulesBelow(base, top)(dirname(folder));
  return isIgnored(rules, folder, true) ? { fromGit: false, base, matcher: await createMatcher() } : rules;
}

/** The same rules and those of the folder's own .gitignore, which win over them. */
async function withOwnRules(rules: IgnoreRules, folder: string): Promise<IgnoreRules> {
  const own = await readRules(join(folder, ".gitignore"));
  if (own.length === 0) return rules;
  const scope = relativePath(rules.base, folder);
  const matcher = (await createMatcher()).add(rules.matcher).add(own.map((rule) => scoped(rule, scope)));
  return { ...rules, matcher };
}

/** Tells of any file below a folder whether it is excluded. */
export function createIgnoreCheck(start: string, above: IgnoreRules): (file: string) => Promise<boolean> {
  const rulesIn = rulesBelow(start, above);
  return async (file) => isIgnored(await rulesIn(dirname(file)), file, false);
}

/** The rules in any folder from `top` down: those from above `top`, and each .gitignore on the way, read once. */
function rulesBelow(top: string, above: IgnoreRules): (folder: string) => Promise<IgnoreRules> {
  const known = new Map<string, Promise<IgnoreRules>>();
  return function rulesIn(folder: string): Promise<IgnoreRules> {
    const outer = folder === top ? Promise.resolve(above) : rulesIn(dirname(folder));
    const rules = known.get(folder) ?? outer.then((reached) => withOwnRules(reached, folder));
    known.set(folder, rules);
    return rules;
  };
}

function isIgnored(rules: IgnoreRules, path: string, isFolder: boolean): boolean {
  return rules.matcher.ignores(relativePath(rules.base, path) + (isFolder ? "/" : ""));
}

async function createMatcher(): Promise<Ignore> {
  const { default: ignore } = await import("ignore");
  return ignore({ ignorecase: false });
}

/** The rules of one file. As in git, a link is not followed; what cannot be read has no rules. */
async function readRules(path: string): Promise<string[]> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || stats.size > MAX_RULES_BYTES) return [];
    const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
    return text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  } catch {
    return [];
  }
}

// A rule of a folder's .gitignore as its base would write it: in src, `*.log` becomes `/src/**/*.log`, `/a` `/src/a`.
function scoped(rule: string, folder: string): string {
  if (folder === ".") return rule;
  const negation = rule.startsWith("!") ? "!" : "";
  const pattern = rule.slice(negation.length);
  const anchored = /\/(?! *$)/.test(pattern);
  const place = folder.replace(/[\\*?[]/g, "\\$&");
  return `${negation}/${place}/${anchored ? pattern.replace(/^\//, "") : `**/${pattern}`}`;
}
