import { access, constants } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { commandEnvironment } from "./command-environment.ts";
import { gitFolder, isBare, leadsOutside, readShort, statOf } from "./git-folder.ts";
import { isInside, showName } from "./guard.ts";

/** How a repository stands. */
export interface GitFacts {
  /** Absent: no branch is checked out. */
  readonly branch?: string;
  readonly defaultBranch?: string;
  /** The changed files, as `git status --short` has them, seen from the repository's root. Absent: unknown, or too long to find. */
  readonly changes?: readonly string[];
  /** The last commits, newest first: short hash and subject. */
  readonly commits: readonly string[];
}

const LONG_SUBJECT = /^(.{100}).+$/su;

/** For all questions together. A repository on a slow disk is described without what takes longer. */
const GIT_MS = 2000;

/** With some 50,000 files or more, git looks at them longer than a first request should wait: their status is not asked. */
const LARGE_INDEX = 5_000_000;

const REF = "%(HEAD)%(refname) %(symref)";
const STATUS_OF = ["--no-ahead-behind", "--untracked-files=normal", "--ignore-submodules=all"];
const LOG_OF = ["--max-count=5", "--no-show-signature", "--encoding=UTF-8", "--format=%h %s"];

/** Enough for the names of 100,000 changed files. */
const MAX_BYTES = 16_000_000;

/**
 * Asks git about the repository at `root`, or says why git cannot tell. Names with control characters come as JSON strings.
 * Nobody vouches for the repository, and its configuration can name programs: a file system monitor, hooks, filters, transports
 * for missing objects. None of them runs. Neither its `core.worktree` nor the environment (of a hook, say) can lead elsewhere.
 * Nothing is written, so no hook runs, and another git can work at the same time.
 */
export async function gitFacts(root: string): Promise<GitFacts | string> {
  const users = Object.entries(commandEnvironment(process.env)).filter(([name]) => !name.startsWith("GIT_"));
  const bare = await isBare(root);
  const place = { ...(!bare && { GIT_WORK_TREE: root }), GIT_CEILING_DIRECTORIES: dirname(root) };
  const env = { ...Object.fromEntries(users), ...READ_ONLY, ...place };
  const program = await findGit(env, root);
  if (program === undefined) return "there is no git on PATH";
  const reason = bare ? undefined : await leadsOutside(root);
  if (reason !== undefined) return reason;

  const signal = AbortSignal.timeout(GIT_MS);
  const failures: string[] = [];
  const git = gitWith(program, root, env, signal, failures);
  const folder = bare ? root : await gitFolder(root);
  const index = await statOf(join(folder, "index"));
  const isLarge = index !== undefined && index.size > LARGE_INDEX;
  const askStatus = async () => {
    const mayFilter =
      folder !== join(root, ".git") || MAY_FILTER.test(await readShort(join(folder, "config")));
    const config = mayFilter ? await git(NO_MONITOR, "config", "--list", "--show-scope", "-z") : "";
    if (config === undefined) return undefined;
    const harmless = [...NO_MONITOR, ...filtersOff(config)];
    return git(harmless, "status", "--porcelain", "--branch", "-z", ...STATUS_OF);
  };
  const [refs, status, log = ""] = await Promise.all([
    git(NO_MONITOR, "for-each-ref", `--format=${REF}`, "refs/heads", "refs/remotes/origin/HEAD"),
    bare || isLarge ? undefined : askStatus(),
    git(NO_MONITOR, "log", ...LOG_OF),
  ]);
  if (refs === undefined) return showName(failures[0] ?? "");

  const [, unborn] = /^ref: refs\/heads\/([^.].*)/.exec(await readShort(join(folder, "HEAD"))) ?? []; // in no list of refs
  const branch = /^\*refs\/heads\/([^ \n]+)/m.exec(refs)?.[1] ?? unborn;
  const origin = /^.refs\/remotes\/origin\/HEAD refs\/remotes\/origin\/([^ \n]+)/m.exec(refs)?.[1];
  const defaultBranch = origin ?? /^.refs\/heads\/(main|master) /m.exec(refs)?.[1];
  return {
    ...(branch && {
      branch: showName(branch) + (bare ? " (a bare repository: it has no working tree)" : ""),
    }),
    ...(defaultBranch && { defaultBranch: showName(defaultBranch) }),
    ...(status !== undefined && { changes: changesOf(status) }),
    commits: log
      .split("\n")
      .filter(Boolean)
      .map((line) => showName(line.replace(LONG_SUBJECT, "$1…"))),
  };
}

const READ_ONLY = {
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  // A clone may have left objects at its origin. Fetching them runs what the configuration says.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "", // for gits before 2.39.4
};

type Settings = readonly (readonly [name: string, value: string])[];

const NO_MONITOR: Settings = [["core.fsmonitor", "false"]];

/** A configuration without these words names no filter, and no file that could: git does not have to be asked. An empty one was not read. */
const MAY_FILTER = /^$|filter|include|worktreeconfig/i;

/**
 * Empty filters, instead of those that the repository brings: `git status` sends changed files through them. The
 * user's own, such as Git LFS, stay.
 */
function filtersOff(config: string): Settings {
  const fields = config.split("\0");
  return fields.flatMap((scope, index) => {
    const own = scope === "local" || scope === "worktree";
    const [, filter] =
      /^(filter\.[^\n]*\.)(?:clean|smudge|process)(?:\n|$)/.exec(fields[index + 1] ?? "") ?? [];
    if (!own || index % 2 === 1 || filter === undefined) return [];
    const programs = ["clean", "smudge", "process"].map((name) => [filter + name, ""] as const);
    return [...programs, [`${filter}required`, "false"] as const];
  });
}

/** In the environment, because a name may hold "=", where `-c` would see its end. */
function variablesOf(settings: Settings) {
  const variables = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { ...Object.fromEntries(variables), GIT_CONFIG_COUNT: String(settings.length) };
}

/** Runs git with some settings and arguments: what it printed, or undefined when it failed, and why. */
function gitWith(
  program: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  failures: string[],
) {
  const limits = { signal, killSignal: "SIGKILL", maxBuffer: MAX_BYTES, windowsHide: true } as const;
  return async (settings: Settings, ...args: readonly string[]): Promise<string | undefined> => {
    const { execFile } = await import("node:child_process"); // 10 ms that no prompt waits for
    try {
      const options = { cwd, env: { ...env, ...variablesOf(settings) }, ...limits };
      const { stdout } = await promisify(execFile)(program, ["--no-pager", ...args], options);
      return stdout.replace(/\n$/, "");
    } catch (error) {
      const [, said] = /^fatal: (.+)/m.exec(String(error)) ?? [];
      failures.push(signal.aborted ? "it took too long" : (said ?? "it says no reason"));
      return undefined;
    }
  };
}

/** The git on PATH, unless it lies in the repository itself. */
async function findGit(env: NodeJS.ProcessEnv, root: string): Promise<string | undefined> {
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1] ?? "";
  const name = process.platform === "win32" ? "git.exe" : "git";
  for (const folder of path.split(delimiter)) {
    const program = join(folder, name);
    if (!isAbsolute(folder) || isInside(root, folder)) continue;
    const refused = await access(program, constants.X_OK).catch((error: Error) => error);
    if (!refused) return program;
  }
  return undefined;
}

/** Of a renamed file, git names the new path first, and the old one in the next field. */
function changesOf(status: string): string[] {
  const changes: string[] = [];
  const fields = status.split("\0").values();
  for (const field of fields) {
    if (field === "" || field.startsWith("## ")) continue;
    const state = field.slice(0, 2);
    const path = showName(field.slice(3));
    const old = /[RC]/.test(state) ? `${showName(fields.next().value ?? "")} -> ` : "";
    changes.push(`${state} ${old}${path}`);
  }
  return changes;
}
