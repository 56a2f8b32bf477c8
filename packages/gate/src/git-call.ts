import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SECRETS } from "@eightfold/workspace";
import { checkRepository, checkSameRepository, hasCommits } from "./git-config.ts";
import { Unproved } from "./parse.ts";
import { checkPath, checkPlace, isFolder, type Place } from "./paths.ts";
import { type GitCommand, gitCommands } from "./programs/git.ts";
import { type Call, callOf, entryOf, hasOption, notKnown } from "./usage.ts";

/** What the repository's configuration may say is overruled: on the command line nothing weighs more. */
const OVERRULED = [
  ...["core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.alternateRefsCommand="],
  // Names can be sorted by their signatures.
  ...["gpg.program=false", "gpg.openpgp.program=false", "gpg.x509.program=false", "gpg.ssh.program=false"],
  ...["log.showSignature=false", "status.submoduleSummary=false", "submodule.recurse=false"],
  ...["diff.submodule=short", "diff.ignoreSubmodules=dirty", "diff.autoRefreshIndex=false"],
  ...["stash.showPatch=false", "color.ui=false", "protocol.allow=never"],
  ...["gc.auto=0", "maintenance.auto=false"],
];

/** In an address: a name over http, or a name with a password. */
const TOKEN = /https?:\/\/[^/\s"]*@|:\/\/[^/\s"@]*:[^/\s"@]*@/i;

const NO_SECRETS = SECRETS.map((glob) => `:(top,exclude,icase,glob)**/${glob}`);

/** The words that run instead of those of a git command that only reads. @throws Unproved for any other */
export async function gitWords(words: readonly string[], place: Place): Promise<readonly string[]> {
  const [name = "", ...rest] = words[0] === "--no-pager" ? words.slice(1) : words;
  if (name === "-C") return wordsInFolder(rest, place);
  if (name === "--version" && rest.length === 0) return ["version"];
  const command = entryOf(gitCommands, name);
  if (command === undefined) throw notKnown("git", name);
  const call = callOf(`git ${name}`, rest, command);
  const { root, folders } = place;
  const configuration = await checkRepository(root);
  if (command.showsRemotes && TOKEN.test(configuration))
    throw new Unproved("a remote's address may hold a token");
  for (const { path, isOption } of call.paths) if (isOption) await checkPath(call.name, path, place);
  for (const folder of folders) await checkSameRepository(folder, root);
  return [
    ...["--no-pager", "--no-optional-locks", `--git-dir=${join(root, ".git")}`, `--work-tree=${root}`],
    ...[...OVERRULED, `safe.directory=${root}`].flatMap((setting) => ["-c", setting]),
    name,
    ...(await namedWords(call, command, place)),
  ];
}

/** Whether it is `git config`, which tells what the user's own configuration says too. */
export function isGitConfig(words: readonly string[]): boolean {
  return words.find((word, index) => !word.startsWith("-") && words[index - 1] !== "-C") === "config";
}

/** `git -C folder …`: the same from there. */
async function wordsInFolder([folder = "", ...words]: readonly string[], place: Place) {
  if (words[0] === "-C") throw new Unproved("git -C twice is not known to only read");
  const folders = await checkPath("git -C", folder, place);
  for (const real of folders) if (!(await isFolder(real))) throw new Unproved(`there is no folder ${folder}`);
  return ["-C", folder, ...(await gitWords(words, { ...place, folders }))];
}

/** The operands that are neither commits nor files: a second name, as in `stash list`, or what `grep` looks for. */
function ownOperands(call: Call, { operands = [], insteadOfOperands = "" }: GitCommand): readonly string[] {
  const own = call.operands.slice(0, hasOption(call, insteadOfOperands) ? 0 : operands.length);
  if (own.length > call.beforeDashes) throw notKnown(call.name, "--");
  return own;
}

/** All that follows the command's name. Names come after options, as git wants them. */
async function namedWords(call: Call, command: GitCommand, place: Place): Promise<string[]> {
  const given = ownOperands(call, command);
  const options = [...(command.adds ?? []), ...call.optionWords];
  const first = Array.isArray(command.operands?.[0]) ? [...given, ...options] : [...options, ...given];
  const before = call.operands.slice(given.length, call.beforeDashes);
  const after = call.operands.slice(call.beforeDashes);
  if (command.rest !== "path") return [...first, ...before, ...(after.length > 0 ? ["--", ...after] : [])];

  // Without the dashes git tells commits from files by looking. So do we, and then nothing is left open.
  const split = await firstFile(before, place);
  const check = command.opensNoFile ? checkPlace : checkPath;
  const names = before.slice(0, split);
  for (const path of names.flatMap(pathsOf)) await check(call.name, path, place);
  const commits = names.map((name) => {
    if (isInCommit(name) && !command.takesObjects) throw notKnown(call.name, name);
    return command.showsObjects?.(call) ? peeled(name, call.name) : name;
  });
  const files = [...before.slice(split), ...after];
  for (const file of files) await check(call.name, fileOf(file, call), place);
  const isObject = commits.some(isInCommit);
  // Of a commit beside it, the files that may hold secrets would have to be left out.
  if (isObject && (files.length > 0 || !commits.every(isInCommit)))
    throw notKnown(call.name, `${commits.join(" ")} with something else`);
  const secrets = command.showsFiles?.(call) && !isObject ? NO_SECRETS : [];
  const dashes = files.length + secrets.length > 0 || call.beforeDashes < call.operands.length ? ["--"] : [];
  // Of the commit that is checked out it shows what that is, and that may be a file.
  const isOwn = commits.length === 0 && command.showsByDefault && (await hasCommits(place.root));
  const own = isOwn ? command.showsByDefault(call) : [];
  return [...first, ...own, ...commits, ...dashes, ...files, ...secrets];
}

/** The index of the first operand that is a file, or a pattern of files. */
async function firstFile(names: readonly string[], { folders }: Place): Promise<number> {
  for (const [index, name] of names.entries()) {
    if (/^:[!^(]|[*?]/.test(name)) return index;
    for (const folder of folders) if (await lstat(resolve(folder, name)).catch(() => undefined)) return index;
  }
  return names.length;
}

/** Whether it is `commit:path`: a moment or a text in braces may have a colon too. */
function isInCommit(name: string): boolean {
  return name.replace(/\{[^{}]*\}/g, "").includes(":");
}

/** What may be the path in `commit:path`: a time in the commit's name has colons too. */
function pathsOf(name: string): string[] {
  const parts = name.split(":");
  if (parts.length > 5) throw notKnown("git", name);
  return parts.map((_, index) => parts.slice(index).join(":") || ".").slice(parts.length > 1 ? 1 : 0);
}

/** A pattern of files without git's marks for "not this one". */
function fileOf(name: string, call: Call): string {
  const [, path] = /^:(?:[!^]|\(exclude\))([^:].*)$/s.exec(name) ?? [];
  if (path === undefined && name.startsWith(":")) throw notKnown(call.name, name);
  return path ?? name;
}

/** The name of a ref or a hash, with moments: main, @{u}, stash@{0}. Then steps from there: ~2, ^{tree}. */
const NAME = String.raw`(?:@\{[^{}]*\}|@(?!\{)|\.(?!\.)|[^\s~^:?*[\]\\@{}.])+`;
const STEPS = String.raw`(?:\^\{(?:commit|tree|/[^{}]*)?\}|\^[@!]|\^-\d*|[~^]\d*)*`;
const REVISION = new RegExp(
  `^(\\^?)(?:(${NAME})(${STEPS}))?(?:(\\.{2,3})(?:(${NAME})(${STEPS}))?)?(:(?!/).*)?$`,
  "s",
);

/**
 * The same revision, its names made to mean commits. A hash, a tag or a branch may point straight at a file or a folder, even
 * one that holds secrets, and then no path gives it away.
 * @param name as git takes it (https://git-scm.com/docs/gitrevisions): a commit, two with dots between, `commit:path`
 * @param what who takes it, for the message
 * @throws Unproved for what is none of these
 */
function peeled(name: string, what: string): string {
  const match = REVISION.exec(name);
  const [, not = "", first, steps = "", dots = "", second, more = "", path = ""] = match ?? [];
  // Dots in a path join two commits. Where steps do not lead on, git takes all after "@{", to the last brace, for a moment.
  const isOther =
    /\.\./.test(path) || (dots !== "" && path !== "") || (name.includes("@{") && name.split("}").length > 2);
  if (match === null || isOther) throw notKnown(what, name);
  // What does not stand beside the dots is HEAD; nothing before a colon is the index.
  const left = first ?? (dots === "" ? undefined : "HEAD");
  const right = dots === "" ? undefined : (second ?? "HEAD");
  return [not, commit(left), steps, dots, commit(right), more, path].join("");
}

const commit = (name: string | undefined): string => (name === undefined ? "" : `${name}^0`);
