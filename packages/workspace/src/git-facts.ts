import { openGit } from "./git.ts";
import { showName } from "./names.ts";

/** How a repository stands. */
export interface GitFacts {
  /** Absent: no branch is checked out. */
  readonly branch?: string;
  readonly defaultBranch?: string;
  /** The changed files, as `git status --short` has them, seen from the repository's root. Absent: unknown. */
  readonly changes?: readonly string[];
  /** The last commits, newest first: short hash and subject. */
  readonly commits: readonly string[];
}

const MAX_COMMITS = 5;
const MAX_SUBJECT = 100;

/** For all questions together. A repository on a slow disk is described without what takes longer. */
const GIT_MS = 2000;

/**
 * Asks git about the repository at `root`; runs nothing that the repository names. Undefined when there is no git, when
 * it cannot read the repository, and when it takes too long. Names with control characters come as JSON strings.
 */
export async function gitFacts(root: string): Promise<GitFacts | undefined> {
  const git = await openGit(root, AbortSignal.timeout(GIT_MS));
  if (git === undefined) return undefined;
  const [branch, origin, usual, status, log = ""] = await Promise.all([
    git("symbolic-ref", "--quiet", "--short", "HEAD"),
    git("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"),
    git("for-each-ref", "--format=%(refname:short)", "refs/heads/main", "refs/heads/master"),
    git("status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules=all"),
    git("log", `--max-count=${MAX_COMMITS}`, "--no-show-signature", "--encoding=UTF-8", "--format=%h %s"),
  ]);
  const changes = status === undefined ? undefined : changesOf(status);
  const defaultBranch = origin?.replace(/^origin\//, "") || usual?.split("\n")[0];
  return {
    ...(branch && { branch: showName(branch) }),
    ...(defaultBranch && { defaultBranch: showName(defaultBranch) }),
    ...(changes && { changes }),
    commits: log
      .split("\n")
      .filter((line) => line !== "")
      .map(commitLine),
  };
}

/** Of a renamed file, git names the new path first, and the old one in the next field. */
function changesOf(status: string): string[] {
  const changes: string[] = [];
  const fields = status.split("\0").values();
  for (const field of fields) {
    if (field === "") continue;
    const state = field.slice(0, 2);
    const path = showName(field.slice(3));
    const old = /[RC]/.test(state) ? `${showName(fields.next().value ?? "")} -> ` : "";
    changes.push(`${state} ${old}${path}`);
  }
  return changes;
}

function commitLine(line: string): string {
  const letters = [...line];
  return showName(letters.length > MAX_SUBJECT ? `${letters.slice(0, MAX_SUBJECT).join("")}…` : line);
}
