import { lstat, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMissing, leadsOutside } from "@eightfold/workspace";
import { Unproved } from "./parse.ts";

/**
 * What a repository may say without having a program run by a command that only reads. Everything that is not here (filters,
 * textconv, includes, a working tree elsewhere, objects left at the origin) makes it a repository to ask about.
 * Some of these name programs too; those run when something is fetched, merged, edited or signed, or are overruled.
 */
const HARMLESS = new RegExp(
  `^(?:${[
    "core\\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf",
    "|eol|safecrlf|quotepath|compression|preloadindex|untrackedcache|sparsecheckout(?:cone)?|longpaths|abbrev",
    "|sharedrepository|protecthfs|protectntfs|whitespace|trustctime|checkstat|commentchar|editor",
    "|fsmonitor|hookspath|pager|askpass|sshcommand|fscache|multipackindex|commitgraph)",
    "|remote\\..*\\.(?:url|fetch|push|pushurl|tagopt|prune|prunetags|mirror|skipdefaultupdate|gh-resolved)",
    "|remote\\.pushdefault|branch\\..*|submodule\\..*\\.(?:url|active)|submodule\\.active",
    "|(?:user|author|committer|alias|url|http|credential|fetch|pull|push|rebase|merge|mergetool|difftool|init|advice)",
    "\\..*|(?:color|commit|tag|gc|maintenance|pack|gui|gitk|rerere|receive|transfer|gpg|blame|notes|status|stash)\\..*",
    "|(?:index|feature|checkout|versionsort|column|rebase|sequence|github|githubprs|cola|hub|gitflow|lfs\\.https?)\\..*",
    "|lfs\\.repositoryformatversion|lfs\\.locksverify|extensions\\.(?:objectformat|worktreeconfig|refstorage)",
    "|log\\.(?:date|decorate|follow|abbrevcommit|showsignature|mailmap)|i18n\\.[a-z]*",
    "|diff\\.(?:algorithm|renames|renamelimit|mnemonicprefix|noprefix|colormoved|colormovedws|context|indentheuristic",
    "|interhunkcontext|tool|guitool|wserrorhighlight|submodule|ignoresubmodules|statgraphwidth|suppressblankempty)",
  ].join("")})$`,
);

/** The configuration of the repository at the workspace's root. @throws Unproved unless it is one, and its configuration runs nothing */
export async function checkRepository(root: string): Promise<string> {
  const place = join(root, ".git");
  const stats = await lstat(place).catch(() => undefined);
  if (!stats?.isDirectory()) throw new Unproved("the workspace is not the top of a plain git repository");
  const outside = await leadsOutside(root);
  if (outside !== undefined) throw new Unproved(outside);
  if ((await readdir(place)).some((name) => name.startsWith("sharedindex.")))
    throw new Unproved("the repository's index is split, and reading it writes");
  const own = await textOf(join(place, "config"));
  const worktree = await textOf(join(place, "config.worktree"));
  if (own === undefined) throw new Unproved("the repository has no configuration to look at");
  checkConfiguration(own, "config");
  checkConfiguration(worktree ?? "", "config.worktree");
  return `${own}\n${worktree ?? ""}`;
}

/** @throws Unproved when a folder of the workspace belongs to another repository */
export async function checkSameRepository(folder: string, root: string): Promise<void> {
  for (let place = folder; place !== root; place = dirname(place)) {
    for (const name of [".git", "HEAD"]) {
      const own = await lstat(join(place, name)).catch(() => undefined);
      if (own !== undefined) throw new Unproved("a folder in the workspace is a repository of its own");
    }
  }
}

/** Whether the branch that is checked out has a commit; in doubt it has. */
export async function hasCommits(root: string): Promise<boolean> {
  const place = join(root, ".git");
  const [, ref] = /^ref:\s*(refs\/\S+)\s*$/.exec((await textOf(join(place, "HEAD"))) ?? "") ?? [];
  if (ref === undefined || ref === "refs/heads/.invalid") return true;
  if ((await lstat(join(place, ref)).catch(() => undefined)) !== undefined) return true;
  return ((await textOf(join(place, "packed-refs"))) ?? "").includes(` ${ref}\n`);
}

/** Git's own format, https://git-scm.com/docs/git-config#_syntax, without what a line alone does not tell. */
function checkConfiguration(text: string, file: string): void {
  let section: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const [, name, sub] = /^\s*\[([A-Za-z0-9-]+)(?: +"((?:[^"\\]|\\.)*)")?\]\s*(?:[#;].*)?$/.exec(line) ?? [];
    if (name !== undefined) {
      section = name.toLowerCase() + (sub === undefined ? "" : `.${sub}`);
      continue;
    }
    const [, key] = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=.*)?$/.exec(line) ?? [];
    if (key === undefined || section === undefined || /\\\s*$/.test(line) || /[^\P{Cc}\t]/u.test(line))
      throw new Unproved(`the repository's ${file} is not plain`);
    const setting = `${section}.${key.toLowerCase()}`;
    if (!HARMLESS.test(setting))
      throw new Unproved(`the repository sets ${setting}, which is not known to run nothing`);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Unproved("the repository's configuration cannot be read");
  }
}
