import { access, constants, realpath, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, posix, win32 } from "node:path";
import type { CommandPlan } from "@eightfold/core";
import { commandEnvironment, homeFolder, isInside } from "@eightfold/workspace";
import { sizeOf } from "./output.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";

/** What of a plan decides how its command is started. */
export type StartPlan = Pick<CommandPlan, "command" | "proved" | "box">;

/**
 * Starts a command in a shell. A plan that reads starts its script, in a shell that nothing else can influence.
 * @throws an Error that says why it cannot be started, and what would help
 */
export async function startCommand(command: string | StartPlan, cwd: string): Promise<ProcessGroup> {
  const { command: asked, proved, box }: StartPlan = typeof command === "string" ? { command } : command;
  const text = proved?.script ?? asked;
  if (text.trim() === "") throw new Error("The command is empty. Give the command to run, such as: npm test");
  if (text.includes("\0"))
    throw new Error("The command holds a NUL character, which no shell can read. Leave it out.");
  const env = proved ? await readingEnvironment(process.env, cwd) : commandEnvironment(process.env);
  const shell = proved?.bash ?? (await findBash(env));
  const isBash = shell.endsWith("bash");
  // No file of the user's may define a function instead of a program that was looked at.
  const flags = isBash && proved ? ["--noprofile", "--norc"] : [];
  const plain = [shell, ...flags, "-c", "--", text, isBash ? "bash" : "sh"];
  const { words, env: own } = box ? await box.enclose(plain, env) : { words: plain, env };
  const cat = proved?.cat ?? (await firstProgram(posixCandidates(env, "cat"))) ?? "cat";
  const pipes = [shell, ...flags, "-c", WITH_PIPES, "bash", cat];
  const [file = "", ...args] = isBash && process.platform === "linux" ? [...pipes, ...words] : words;
  try {
    return await startGroup(file, args, { cwd, env: own });
  } catch (error) {
    throw await startError(error, text, cwd);
  }
}

/**
 * Node gives a command sockets where a shell would give it pipes, and Linux cannot open sockets by name: `echo no >/dev/stderr`
 * fails. So on Linux each stream goes through a pipe of bash's, and a `cat` drains it even while the command is being ended.
 * This bash becomes the command. A program that waits for all its children would wait for a `cat` that waits for it, so the
 * shell that starts each `cat` ends at once, and is waited for. The `cat`s run outside a box, where they would end with it
 * before everything is read. Files that the agent was started with are closed, because Node closes only the first sixteen for a
 * child. The words after `cat` are what is started.
 */
const WITH_PIPES = [
  'exec > >((trap "" TERM; exec "$1") <&0 &); wait $!',
  'exec 2> >((trap "" TERM; exec "$1" >&2) <&0 &); wait $!',
  `for own_fd in /proc/$$/fd/*; do own_fd=\${own_fd##*/}; [[ $own_fd == [0-2*] ]] || exec {own_fd}>&-; done`,
  'shift; exec "$@"',
].join("\n");

async function startError(error: unknown, command: string, cwd: string): Promise<Error> {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const folder = await stat(cwd).catch(() => undefined);
  if (!folder?.isDirectory())
    return new Error(`Nothing can be run in ${cwd}: the folder is not there any more.`);
  if (code === "E2BIG" || code === "ENAMETOOLONG") {
    const what = `The command is too long to be started (${sizeOf(Buffer.byteLength(command))}).`;
    return new Error(`${what} Write it to a script file and run that.`);
  }
  return new Error(`The command could not be started: the system says ${code}. Try again.`, { cause: error });
}

/** The shell that runs commands: bash, or else sh. @throws on Windows without Git for Windows, whose bash is used there */
export async function findBash(env: NodeJS.ProcessEnv): Promise<string> {
  const isWindows = process.platform === "win32";
  const bash = await firstProgram(isWindows ? windowsCandidates(env) : posixCandidates(env, "bash"));
  if (bash) return bash;
  if (isWindows)
    throw new Error("No bash was found. Install Git for Windows: https://git-scm.com/download/win");
  return "/bin/sh";
}

async function firstProgram(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const failure = await access(path, constants.X_OK).catch((error: Error) => error);
    if (!failure) return path;
  }
  return undefined;
}

/** Where a program may be on Linux, macOS and the like, best first. PATH may lead nowhere. */
export function posixCandidates(env: NodeJS.ProcessEnv, name: string): string[] {
  const folders = (env.PATH ?? "").split(posix.delimiter).filter(posix.isAbsolute);
  return [...folders, "/bin", "/usr/bin", "/usr/local/bin"].map((folder) => posix.join(folder, name));
}

/**
 * Where Git's bash may be on Windows, best first. The bash of System32 and of WindowsApps is left out: it is
 * WSL's, another system with other files.
 */
export function windowsCandidates(env: NodeJS.ProcessEnv): string[] {
  const path = (env.Path ?? env.PATH ?? "").split(win32.delimiter).filter(win32.isAbsolute);
  const installed = [
    [env.ProgramFiles, "Git"],
    [env["ProgramFiles(x86)"], "Git"],
    [env.LOCALAPPDATA, "Programs", "Git"],
    [env.USERPROFILE, "scoop", "apps", "git", "current"],
  ] as const;
  const roots = [
    ...installed.flatMap(([folder, ...rest]) => (folder ? [win32.join(folder, ...rest)] : [])),
    ...path.filter((folder) => /\\Git\\cmd\\?$/i.test(folder)).map((folder) => win32.dirname(folder)),
  ];
  const own = path.filter((folder) => !/\\(System32|Sysnative|WindowsApps)\\?$/i.test(folder));
  return [
    ...roots.map((root) => win32.join(root, "bin", "bash.exe")),
    ...own.map((folder) => win32.join(folder, "bash.exe")),
  ];
}

/** What programs need to find their way and speak the user's language. All else may change what they do. */
const KEPT = /^(?:HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR)$/;

const FIXED = {
  PAGER: "cat",
  TERM: "dumb",
  NO_COLOR: "1",
  // Git reads the one configuration that was looked at, writes nothing in passing, and fetches nothing.
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "",
  GIT_TERMINAL_PROMPT: "0",
  // A note is a file, and may be any; an object may stand in for another. Nothing can have this name.
  GIT_NOTES_REF: "refs/notes/.",
  GIT_NOTES_DISPLAY_REF: "",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_PAGER: "cat",
  // A go.mod may name the Go to fetch and run.
  GOTOOLCHAIN: "local",
  // An .npmrc may say where logs and copies go, and which are removed.
  npm_config_logs_max: "0",
  npm_config_loglevel: "error",
  npm_config_update_notifier: "false",
} as const;

/**
 * The environment of a command that was proved to read: a fixed one, and of the user's own only what names the
 * user, the language and the folders of programs that lie outside the workspace.
 */
export async function readingEnvironment(env: NodeJS.ProcessEnv, root: string): Promise<NodeJS.ProcessEnv> {
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name));
  const folders = programFolders(env).filter(isAbsolute);
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => root)));
  const outside = folders.filter(
    (folder, index) => !isInside(root, folder) && !isInside(root, real[index] ?? root),
  );
  return {
    ...Object.fromEntries(kept),
    ...FIXED,
    npm_config_cache: join(homeFolder(), ".npm"),
    PATH: outside.join(delimiter),
  };
}

/** The folders of a command's PATH, as they are written there. */
export function programFolders(env: NodeJS.ProcessEnv): string[] {
  return (commandEnvironment(env).PATH ?? "").split(delimiter);
}
