/** Rules of .gitignore files, and globs, read as ripgrep reads them: a list and a search must leave out the same. */

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
export function parseRules(text: string): Rule[] {
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
export function mayFit(rules: readonly Rule[]): (path: string) => boolean {
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

/**
 * A glob of a model's as one that counts from the folder searched: an absolute one inside the workspace too. `[id]` is
 * a set of characters, and in some frameworks the name of a folder: it stands for both.
 */
export function globBelow(folders: readonly string[], glob = ""): string {
  const [, mark = "", named = ""] = /^(!?)(?:\.\/)*(.*)$/s.exec(glob) ?? [];
  const path = folders.includes(named) ? `${named}/` : named;
  const folder = folders.find((folder) => path.startsWith(`${folder}/`)) ?? "";
  const below = path.slice(folder.length).replace(/\/$/, "/**");
  const start = below.startsWith("#") ? "\\" : ""; // else it would be a comment
  const literal = (set: string) => set.replace(/\W/g, "\\$&");
  return (
    mark + start + below.replace(/(?<!\\)\[[!^]?\]?[^\]/\\]*\]\]?/g, (set) => `{${set},${literal(set)}}`)
  );
}

/** Whether a search looks into a file. A negated glob that fits a folder leaves out everything that is in it. */
export function fitsGlob(rule: Rule, path: string): boolean {
  if (!rule.negated) return fitsRule(rule, path, false);
  const names = path.split("/");
  return !names.some((_, index) =>
    fitsRule(rule, names.slice(0, index + 1).join("/"), index < names.length - 1),
  );
}

/** Says which ignore files were not read, where there are any. */
export function unreadNotice({ root }: Workspace, unread: readonly string[]): string[] {
  const paths = [...new Set(unread)].slice(0, 5).map((path) => showName(relativePath(root, path)));
  const notice = `Not read as an ignore file, because it is no regular file or larger than 1 MB: ${paths.join(", ")}.`;
  return paths.length > 0 ? [notice] : [];
}
