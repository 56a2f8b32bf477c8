import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CommandPlan } from "@eightfold/core";
import { holdsSecrets, isInside, relativePath, showName, type Workspace } from "@eightfold/workspace";
import { catastropheIn } from "./catastrophe.ts";
import { findProgram, versionWords } from "./find-program.ts";
import { gitWords, isGitConfig } from "./git-call.ts";
import { type Command, chainsOf, type Pipeline, Unproved } from "./parse.ts";
import { checkPath, checkPlace, isFolder, namesOf, type Place } from "./paths.ts";
import { files } from "./programs/files.ts";
import { text } from "./programs/text.ts";
import { callOf, entryOf, type Program, type Table } from "./usage.ts";

/** What is known to only read, when it is called as its entry says: not git, nor what only tells its version. */
const programs: Table<Program> = { ...files, ...text };

/** As `inspectCommand` of the folder's index. */
export async function inspectCommand(command: string, workspace: Workspace): Promise<CommandPlan> {
  try {
    if (process.platform === "win32") throw new Unproved("no command is known to only read on Windows");
    const script = await scriptOf(chainsOf(command), workspace);
    const { path: bash } = await findProgram("bash", workspace.root);
    const { path: cat } = await findProgram("cat", workspace.root);
    const proved = { script, bash, cat };
    return { type: "command", command, verdict: "reads", reason: "only reads", proved };
  } catch (error) {
    if (!(error instanceof Unproved)) throw error;
    const catastrophe = catastropheIn(command);
    const verdict = catastrophe === undefined ? "unproved" : "catastrophe";
    return { type: "command", command, verdict, reason: catastrophe ?? error.message };
  }
}

async function scriptOf(chains: readonly Pipeline[][], workspace: Workspace): Promise<string> {
  const lines: string[] = [];
  let place: Place = { ...workspace, folders: [workspace.root] };
  for (const chain of chains) {
    const { line, folders } = await chainLine(chain, place);
    lines.push(line);
    place = { ...place, folders };
  }
  return lines.join("; ");
}

/** A chain's line, and where the shell may be after it: a `cd` behind something else may not have happened. */
async function chainLine(chain: readonly Pipeline[], start: Place) {
  const hasOr = chain.some(({ joinedBy }) => joinedBy === "||");
  let isCertain = true;
  let sure = start.folders;
  let at = start.folders;
  let line = "";
  for (const { joinedBy, commands } of chain) {
    if (joinedBy !== "") line += ` ${joinedBy} `;
    isCertain &&= joinedBy !== "||";
    const move = commands.find(({ words }) => words[0]?.text === "cd");
    if (move !== undefined) {
      if (commands.length > 1) throw new Unproved("cd in a pipeline moves nothing");
      const folder = await folderOf(move, { ...start, folders: at });
      at = hasOr && !isCertain ? [...at, folder] : [folder];
      if (isCertain) sure = at;
      // Where it cannot go, what follows would be in another folder than the one that was looked at.
      line += [`{ builtin cd -P -- ${quoted(folder)} || exit; }`, ...move.redirects].join(" ");
    } else {
      isCertain = false;
      line += await pipelineLine(commands, { ...start, folders: at });
    }
  }
  return { line, folders: [...new Set([...sure, ...at])] };
}

async function pipelineLine(commands: readonly Command[], place: Place): Promise<string> {
  const lines: string[] = [];
  for (const { words, redirects } of commands) {
    const names: string[] = [];
    for (const word of words) names.push(...(await namesOf(word, place)));
    lines.push([await commandLine(names, place), ...redirects].join(" "));
  }
  return lines.join(" | ");
}

async function folderOf({ words: [, word, more] }: Command, place: Place): Promise<string> {
  if (word === undefined) throw new Unproved("cd alone leaves the workspace");
  if (more !== undefined || word.pattern !== undefined || word.text.startsWith("-") || word.text === "")
    throw new Unproved("cd is only followed with the name of one folder");
  if (place.folders.length > 1) throw new Unproved("where cd leads depends on another cd");
  const [folder = ""] = await checkPath("cd", word.text, place);
  if (!(await isFolder(folder))) throw new Unproved(`there is no folder ${word.text}`);
  if (/(?:^|\/)\.git(?:\/|$)/i.test(relativePath(place.root, folder)))
    throw new Unproved("cd into .git is not known to be harmless");
  return folder;
}

/** The line that runs instead of a program and its words, each of them quoted. @throws Unproved */
async function commandLine([name = "", ...words]: readonly string[], place: Place): Promise<string> {
  if (!/^(?:\[|[A-Za-z0-9_+-][A-Za-z0-9_+.-]*)$/.test(name))
    throw new Unproved(`${showName(name)} is not the plain name of a program`);
  const many = words.find((word) => copiesIn(word) > MOST_COPIES);
  if (many !== undefined) throw new Unproved(`${showName(many)} repeats so much that it may fill the memory`);
  if (name === "git") {
    const first = isGitConfig(words) ? "builtin unset GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM; " : "";
    return lineOf(name, await gitWords(words, place), place, first);
  }
  const entry = entryOf(programs, name);
  if (entry === undefined) return lineOf(name, await versionWords(name, words, place.root), place);
  const isVersion = words.join(" ") === "--version" && !entry.grammar && !entry.isBuiltin;
  const all = isVersion ? words : await checkedWords(name, words, entry, place);
  if (entry.isBuiltin) return ["builtin", ...[name, ...all].map(quoted)].join(" ");
  const [program, ...more] = entry.runs ?? [name];
  return lineOf(program, [...more, ...all], place, entry.first);
}

/** The file that was found runs, under the name it was called by: a message begins with that. */
async function lineOf(name: string, words: readonly string[], { root }: Workspace, first = "") {
  const { path } = await findProgram(name, root);
  return `(${first}exec -a ${[name, path, ...words].map(quoted).join(" ")})`;
}

const MOST_COPIES = 10_000;

/** How many copies of a letter an expression may stand for: `(a{1,99}){1,99}` is 9,801 of them to grep, sed, find and git. */
function copiesIn(word: string): number {
  const counts = [...word.matchAll(/\{(\d*),?(\d*)\\?\}/g)].map(([, from, to]) => Number(to || from) || 1);
  return counts.reduce((all, count) => all * count, 1);
}

async function checkedWords(name: string, words: readonly string[], entry: Program, place: Place) {
  const call = entry.grammar?.(words, name) ?? callOf(name, words, entry);
  const added = entry.leavesOut?.(call) ?? [];
  const check = entry.opensNoFile ? checkPlace : checkPath;
  const opened: string[] = [];
  const searched: string[] = [];
  for (const { path, kind, isOption } of call.paths) {
    const reals = await check(name, path, place);
    for (const real of reals)
      if (kind === "file" && (await isFolder(real)))
        throw new Unproved(`${name} reads all of the folder ${path}`);
    opened.push(...reals);
    if (!isOption) searched.push(...reals);
  }
  const above = [...place.folders, ...opened.map((path) => dirname(path))];
  for (const file of entry.readsAbove ?? []) await refuseLinks(file, above, place);
  const starts = searched.length > 0 ? searched : place.folders;
  // Secrets are left out by their path from where the search begins: inside .docker, a config.json no longer looks like one.
  const start = added.length > 0 ? starts.find(holdsSecrets) : undefined;
  if (start !== undefined)
    throw new Unproved(
      `${name} reads all of ${showName(relativePath(place.root, start))}, which may hold secrets`,
    );
  // The last of several such options wins, so ours come last.
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  return [...words.slice(0, end), ...added, ...words.slice(end)];
}

/** In bytes: nobody writes a longer ignore file by hand. */
const MOST_IGNORED = 1024 * 1024;

/** @throws Unproved when a file of that name, in one of the folders or above, is a link, which may lead anywhere, or endless */
async function refuseLinks(name: string, folders: readonly string[], { root }: Workspace): Promise<void> {
  for (const start of new Set(folders)) {
    for (let folder = start; isInside(root, folder); folder = dirname(folder)) {
      const stats = await lstat(join(folder, name)).catch(() => undefined);
      if (stats && (!stats.isFile() || stats.size > MOST_IGNORED))
        throw new Unproved(`${showName(name)} is a link, not a file at all, or too large`);
    }
  }
}

/** A word that the shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
