import { lstat, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Ignore } from "ignore";
import { repositoryRoot } from "./git.ts";
import { relativePath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

/** What the .gitignore files exclude in one folder: those above it, and its own. */
export interface IgnoreRules {
  /** The git repository that the workspace is, or is in. */
  readonly repository: string | undefined;
  /** The folder that `matcher` takes its paths from: the repository, or else the workspace. */
  readonly base: string;
  readonly matcher: Ignore;
  /** The folder is excluded by a rule above it. Rules from above are then dropped: it was asked for by name. */
  readonly excluded: boolean;
}

const MAX_BYTES = 1024 * 1024;

/** The rules that reach a folder from above: the repository's info/exclude, then each .gitignore on the way down. */
export async function rulesAbove(workspace: Workspace, folder: string): Promise<IgnoreRules> {
  const repository = await repositoryRoot(workspace.root);
  const base = repository ?? workspace.root;
  let rules: IgnoreRules = { repository, base, matcher: await createMatcher(), excluded: false };
  rules.matcher.add(await readRules(join(base, ".git", "info", "exclude")));
  for (const above of foldersBetween(base, folder)) rules = await withOwnRules(rules, above);
  if (folder === base || !isIgnored(rules, folder, true)) return rules;
  return { repository, base, matcher: await createMatcher(), excluded: true };
}

/** The same rules and those of the folder's own .gitignore, which win over them. */
export async function withOwnRules(rules: IgnoreRules, folder: string): Promise<IgnoreRules> {
  const own = await readRules(join(folder, ".gitignore"));
  if (own.length === 0) return rules;
  const scope = relativePath(rules.base, folder);
  const matcher = (await createMatcher()).add(rules.matcher).add(own.map((rule) => scoped(rule, scope)));
  return { ...rules, matcher };
}

/** Tells of any file below a folder whether it is excluded. Each .gitignore on the way is read once. */
export function createIgnoreCheck(start: string, above: IgnoreRules): (file: string) => Promise<boolean> {
  const known = new Map<string, Promise<IgnoreRules>>();
  function rulesIn(folder: string): Promise<IgnoreRules> {
    const rules =
      known.get(folder) ??
      (folder === start ? Promise.resolve(above) : rulesIn(dirname(folder))).then((outer) =>
        withOwnRules(outer, folder),
      );
    known.set(folder, rules);
    return rules;
  }
  return async (file) => isIgnored(await rulesIn(dirname(file)), file, false);
}

export function isIgnored(rules: IgnoreRules, path: string, isFolder: boolean): boolean {
  return rules.matcher.ignores(relativePath(rules.base, path) + (isFolder ? "/" : ""));
}

async function createMatcher(): Promise<Ignore> {
  const { default: ignore } = await import("ignore");
  return ignore({ ignorecase: false });
}

/** The folders from `top` down to the parent of `folder`; none when they are the same. */
function foldersBetween(top: string, folder: string): string[] {
  const folders: string[] = [];
  for (let path = folder; path !== top; path = dirname(path)) folders.unshift(dirname(path));
  return folders;
}

/** The rules of one file. As in git, a link is not followed; what cannot be read has no rules. */
async function readRules(path: string): Promise<string[]> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) return [];
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
