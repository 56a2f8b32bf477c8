import { access, constants } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { commandEnvironment } from "./command-environment.ts";
import { isInside } from "./guard.ts";

/** Runs git with these arguments: what it printed, or undefined when it failed. */
export type Git = (...args: readonly string[]) => Promise<string | undefined>;

/**
 * Git for reading a repository that nobody vouches for. Undefined where git is missing or cannot read it.
 *
 * A repository's configuration names programs: a file system monitor, hooks, filters, transports for objects that are
 * missing. None of them runs. Its `core.worktree` does not lead elsewhere, and nor does the environment (a hook's,
 * say). Nothing is written, so no hook runs, and another git can
 * work at the same time.
 */
export async function openGit(root: string, signal: AbortSignal): Promise<Git | undefined> {
  const users = Object.entries(commandEnvironment(process.env)).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(users), ...READ_ONLY, ...inPlace(root) };
  const program = await findGit(env, root);
  if (program === undefined) return undefined;

  const wary = gitWith(program, root, env, signal);
  const [place, config] = await Promise.all([
    wary("rev-parse", "--absolute-git-dir"),
    wary("config", "--list", "--show-scope", "-z"),
  ]);
  if (place === undefined || config === undefined) return undefined;
  const withoutFilters = { ...env, ...settings([NO_MONITOR, ...filtersOff(config)]) };
  return gitWith(program, root, withoutFilters, signal);
}

const READ_ONLY = {
  LC_ALL: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  // A clone may have left objects at its origin. Fetching them runs what the configuration says.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "", // for gits before 2.39.4
};

const inPlace = (root: string) => ({ GIT_WORK_TREE: root, GIT_CEILING_DIRECTORIES: dirname(root) });

type Settings = readonly (readonly [name: string, value: string])[];

const NO_MONITOR = ["core.fsmonitor", "false"] as const;

/**
 * Empty filters, in the place of those that the repository brings: `git status` sends changed files through them. The
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
function settings(pairs: Settings): Readonly<Record<string, string>> {
  const variables = pairs.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { ...Object.fromEntries(variables), GIT_CONFIG_COUNT: String(pairs.length) };
}

/** Enough for the names of 100,000 changed files. */
const MAX_BYTES = 16_000_000;

function gitWith(program: string, cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Git {
  const options = {
    cwd,
    env,
    signal,
    killSignal: "SIGKILL",
    maxBuffer: MAX_BYTES,
    windowsHide: true,
  } as const;
  return async (...args) => {
    const { execFile } = await import("node:child_process"); // 10 ms that no prompt waits for
    try {
      const run = promisify(execFile);
      return (await run(program, ["--no-pager", ...args], options)).stdout.replace(/\n$/, "");
    } catch {
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
    if (isAbsolute(folder) && !isInside(root, folder) && (await isExecutable(program))) return program;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
