import { lstat, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isInside, relativePath, showName, type Workspace } from "@eightfold/workspace";
import { findProgram, isItself } from "./find-program.ts";
import { checkPath, checkPlace, type Folders } from "./paths.ts";
import { programNamed } from "./programs/index.ts";
import type { Program } from "./programs/program.ts";
import { Unproved } from "./tokens.ts";
import { callOf } from "./words.ts";

/** The line that runs in the place of a program and its words, each of them quoted. @throws Unproved */
export async function commandLine(
  [name = "", ...words]: readonly string[],
  at: Folders,
  workspace: Workspace,
): Promise<string> {
  if (!/^(?:\[|[A-Za-z0-9_+-][A-Za-z0-9_+.-]*)$/.test(name))
    throw new Unproved(`${showName(name)} is not the plain name of a program`);
  if (name === "git") {
    const { asksUser, gitWords } = await import("./git-call.ts");
    const line = await lineOf(name, await gitWords(words, at, workspace), workspace);
    return asksUser(words) ? line.replace("(", "(builtin unset GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM; ") : line;
  }
  const entry = await programNamed(name);
  if (entry === undefined) {
    await checkProbe(name, words, workspace);
    return lineOf(name, words, workspace);
  }
  const all = isAskedForVersion(words, entry) ? words : await checkedWords(name, words, entry, at, workspace);
  if (entry.isBuiltin) return ["builtin", ...[name, ...all].map(quoted)].join(" ");
  const [program, ...more] = entry.runs ?? [name];
  return lineOf(program, [...more, ...all], workspace);
}

/** The file that was found runs, under the name it was called by: a message begins with that. */
async function lineOf(name: string, words: readonly string[], { root }: Workspace): Promise<string> {
  const { path } = await findProgram(name, root);
  return `(exec -a ${[name, path, ...words].map(quoted).join(" ")})`;
}

function isAskedForVersion(words: readonly string[], entry: Program): boolean {
  return words.length === 1 && words[0] === "--version" && !entry.grammar && !entry.isBuiltin;
}

async function checkedWords(
  name: string,
  words: readonly string[],
  entry: Program,
  at: Folders,
  workspace: Workspace,
): Promise<readonly string[]> {
  const call = entry.grammar?.(words) ?? callOf(name, words, entry);
  entry.check?.(call);
  const added = entry.leavesOut?.(call) ?? [];
  for (const name of entry.readsAbove ?? []) await refuseLinks(name, at, workspace);
  const check = entry.isBlind ? checkPlace : checkPath;
  for (const { path, kind } of call.paths) {
    for (const real of await check(name, path, at, workspace)) {
      for (const above of entry.readsAbove ?? []) await refuseLinks(above, [dirname(real)], workspace);
      if (kind === "file" && (await isFolder(real)))
        throw new Unproved(`${name} reads all of the folder ${path}`);
      if (added.length > 0 && relativePath(workspace.root, real).toLowerCase().split("/").includes(".git"))
        throw new Unproved(`${name} reads all of ${path}, which may hold secrets`);
    }
  }
  return [...words.slice(0, call.optionsEnd), ...added, ...words.slice(call.optionsEnd)];
}

/** @throws Unproved when a file of that name, in one of the folders or above, is a link: it may lead anywhere */
async function refuseLinks(name: string, folders: Folders, { root }: Workspace): Promise<void> {
  for (const folder of folders) {
    for (let place = folder; isInside(root, place); place = dirname(place)) {
      const stats = await lstat(join(place, name)).catch(() => undefined);
      if (stats?.isSymbolicLink()) throw new Unproved(`${showName(name)} is a link`);
    }
  }
}

async function checkProbe(name: string, words: readonly string[], { root }: Workspace): Promise<void> {
  const { versions } = await import("./programs/versions.ts");
  const probe = Object.hasOwn(versions, name) ? versions[name] : undefined;
  const [first = ""] = words;
  if (words.length !== 1 || !probe?.words.includes(first))
    throw new Unproved(
      `${/^[a-z][a-z-]*$/.test(first) ? `${name} ${first}` : name} is not known to only read`,
    );
  const program = await findProgram(name, root);
  // Its first line may have it looked for on PATH.
  if (probe.runtime === "node") await findProgram("node", root);
  if (await isItself(name, program, probe.runtime)) return;
  throw new Unproved(`${name} may run a program that the folder names`);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** A word that the shell takes as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
