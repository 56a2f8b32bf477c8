/** What .gitignore files exclude, read as ripgrep reads them: a list and a search must leave out the same. */
import { realpath } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import {
  gitFolder,
  NOTHING_TRACKED,
  readShort,
  repositoryRoot,
  statOf,
  type TrackedFiles,
  trackedFiles,
} from "./git-folder.ts";
import { relativePath, showName } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

/** One line of such a file, or a glob of a search. */
export interface Rule {
  /** What it matches is not excluded after all; of a search's glob: is left out. */
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** It is matched with an entry's own name, and not with its path from the folder of the rule. */
  readonly byName: boolean;
  readonly matches: RegExp;
}

/** The rules of one text, the last line first: it is the one that counts. A line that is not a glob is none. */
function parseRules(text: string): Rule[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  return lines.flatMap((line) => (line.startsWith("#") ? [] : (parseRule(line) ?? []))).reverse();
}

export function parseRule(line: string): Rule | undefined {
  const trimmed = line.endsWith("\\ ") ? line : line.trimEnd();
  const [, mark, top, glob = "", end] = /^(!?)(\/?)(.*?)(\/?)$/su.exec(trimmed) ?? [];
  const anywhere = !top && !glob.includes("/");
  const byName = anywhere && !glob.includes("["); // in ripgrep a set such as [!a] fits a slash too
  const matches = glob === "" ? undefined : globToRegExp(anywhere && !byName ? `**/${glob}` : glob);
  return matches && { negated: mark === "!", foldersOnly: end === "/", byName, matches };
}

/** Whether a rule matches the path of an entry, which counts from the rule's folder. */
export function fitsRule(rule: Rule, path: string, isFolder: boolean): boolean {
  if (rule.foldersOnly && !isFolder) return false;
  return rule.matches.test(rule.byName ? path.slice(path.lastIndexOf("/") + 1) : path);
}

/** Whether any of the rules may match a path. Most paths match none, and so are asked one question in place of many. */
function mayFit(rules: readonly Rule[]): (path: string) => boolean {
  const anyOf = (some: readonly Rule[]) =>
    some.length > 0 ? new RegExp(some.map(({ matches }) => matches.source).join("|"), "su") : undefined;
  const names = anyOf(rules.filter(({ byName }) => byName));
  const paths = anyOf(rules.filter(({ byName }) => !byName));
  return (path) => names?.test(path.slice(path.lastIndexOf("/") + 1)) || paths?.test(path) || false;
}

const TOKENS = /^(?:\*\*\/)+|(?:\/\*\*)+(?:\/|$)|\*+|\[[!^]?\]?[^\]]*\]|\\.|./gsu;

/** Undefined for what is not a glob. Its syntax: https://docs.rs/globset/latest/globset/#syntax */
function globToRegExp(glob: string): RegExp | undefined {
  let open = 0;
  const sources = Array.from(glob.matchAll(TOKENS), ([token]) => {
    if (token.startsWith("**/")) return "(?:.*/)?";
    if (token.startsWith("/**")) return token.endsWith("/") ? "/(?:.*/)?" : "/.+";
    if (token.startsWith("*")) return glob === "**" ? ".*" : "[^/]*";
    if (token === "?") return "[\\0-.0-\\x7f]"; // a byte, as for git too: most letters have several
    if (token === "{") open++;
    if (token === "}") open--;
    if (token === "{" || token === "}") return token === "{" ? "(?:" : ")";
    if (token === "," && open > 0) return "|";
    const [, not, set] = /^\[([!^]?)(.+)\]$/s.exec(token) ?? [];
    if (set !== undefined) return `[${not && "^"}${set.replace(/[\\[\]^]/g, "\\$&")}]`;
    if (token === "\\") return "["; // escapes nothing: no glob, and no regular expression
    return token.replace(/^\\/, "").replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  });
  try {
    return new RegExp(`^${sources.join("")}$`, "su");
  } catch {
    return undefined;
  }
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
  const isRepository = mayHold(".git") && (await statOf(join(folder, ".git")));
  const repository = isRepository ? await gitFolder(folder) : undefined;
  const unread = [...above.unread];
  const own = mayHold(".gitignore") ? await readShort(join(folder, ".gitignore"), unread) : "";
  // As for git, what is above a repository does not reach into it.
  const outer = repository && above.reader === "repository" ? [] : above.scopes;
  const from = join(folder, "x").length - 1;
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
  const found: string[] = [];
  for (const file of files) {
    if (!isIgnored(await rulesIn(dirname(file)), file, false)) continue;
    // A folder on the way may be a link that leads out.
    if ((await realpath(file).catch(() => "")) === file) found.push(file);
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
export async function rulesBelow(above: IgnoreRules, folder: string, names?: readonly string[]) {
  return isIgnored(above, folder, true) ? { ...above, scopes: ALL } : withOwnRules(above, folder, names);
}

/** What git tracks is excluded by nothing. */
export function isExcluded(rules: IgnoreRules, path: string, isFolder: boolean): boolean {
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

/** Says which ignore files were not read, where there are any. */
export function unreadNotice({ root }: Workspace, unread: readonly string[]): string[] {
  const paths = [...new Set(unread)].slice(0, 5).map((path) => showName(relativePath(root, path)));
  const notice = `Not read as an ignore file, because it is no regular file or larger than 1 MB: ${paths.join(", ")}.`;
  return paths.length > 0 ? [notice] : [];
}
