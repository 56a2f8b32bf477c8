import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "@eightfold/phase-cli";

export interface RepoFile {
  /** Relative to the repo, with `/`. */
  readonly path: string;
  readonly text: string;
}

// Each line of .gitignore is a name or a path, without wildcards: so this needs no git, and reads what git would keep.
const ignored = new Set(
  readFileSync(join(repoRoot, ".gitignore"), "utf8")
    .split("\n")
    .map((line) => line.replace(/\/$/, "")),
);

/** The repo's own files, sorted by path: those that are in git, or would be after `git add`. */
export const repoFiles: readonly RepoFile[] = filesIn("").map((path) => ({
  path,
  text: readFileSync(join(repoRoot, path), "utf8"),
}));

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(repoRoot, folder), { withFileTypes: true });
  return entries
    .map((entry) => ({ entry, path: folder + entry.name }))
    .filter(({ entry, path }) => entry.name !== ".git" && !ignored.has(entry.name) && !ignored.has(path))
    .flatMap(({ entry, path }) => (entry.isDirectory() ? filesIn(`${path}/`) : [path]))
    .sort();
}
