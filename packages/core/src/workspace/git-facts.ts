/** Where a folder stands in its git repository. */
export interface GitFacts {
  /** The real path of the repository's working tree. */
  readonly root: string;
  readonly branch: string;
  readonly defaultBranch?: string;
  /** One changed file a line, as `git status --short` has it; at most 20. */
  readonly status: readonly string[];
  /** How many changed files `status` leaves out. */
  readonly moreChanges: number;
  /** The last commits, newest first: short hash and subject. */
  readonly commits: readonly string[];
}

const MAX_CHANGES = 20;
const MAX_COMMITS = 5;

/**
 * Asks git about a folder. Undefined outside a repository, in a broken one, and where there is no git.
 * A repository's own configuration can name programs for git to run; those are switched off.
 */
export async function gitFacts(folder: string): Promise<GitFacts | undefined> {
  const git = await gitIn(folder);
  const root = await git("rev-parse", "--show-toplevel");
  if (!root) return undefined;
  const [status = "", branch, origin, commits = ""] = await Promise.all([
    git("status", "--short", "--untracked-files=normal", "--ignore-submodules=all"),
    git("branch", "--show-current"),
    git("symbolic-ref", "--short", "refs/remotes/origin/HEAD"),
    git("log", `--max-count=${MAX_COMMITS}`, "--no-show-signature", "--format=%h %s"),
  ]);
  const changes = lines(status);
  const defaultBranch = origin?.replace(/^origin\//, "") ?? (await usualBranch(git));
  return {
    root,
    branch: branch || "(no branch: HEAD is detached)",
    ...(defaultBranch && { defaultBranch }),
    status: changes.slice(0, MAX_CHANGES),
    moreChanges: Math.max(0, changes.length - MAX_CHANGES),
    commits: lines(commits),
  };
}

type Git = (...args: string[]) => Promise<string | undefined>;

/** Runs git in a folder: what it printed, without the last newline; undefined when it failed. */
async function gitIn(folder: string): Promise<Git> {
  const [{ execFile }, { promisify }] = await Promise.all([
    import("node:child_process"),
    import("node:util"),
  ]);
  const run = promisify(execFile);
  const safe = [
    "--no-optional-locks",
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
  ];
  return async (...args) => {
    try {
      const options = {
        cwd: folder,
        timeout: 3000,
        maxBuffer: 4_000_000,
        env: { ...process.env, LC_ALL: "C" },
      };
      return (await run("git", [...safe, ...args], options)).stdout.trimEnd();
    } catch {
      return undefined;
    }
  };
}

async function usualBranch(git: Git): Promise<string | undefined> {
  for (const name of ["main", "master"]) {
    if ((await git("rev-parse", "--verify", "--quiet", `refs/heads/${name}`)) !== undefined) return name;
  }
  return undefined;
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");
