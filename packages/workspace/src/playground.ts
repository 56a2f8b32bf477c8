import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fsError } from "./fs-error.ts";

const PLAYGROUND = fileURLToPath(new URL("../../../playground", import.meta.url));

/** What tools may have left there: the copy is a repository of its own. */
const LEFT_OUT = new Set(["node_modules", ".git", ".eightfold"]);

/**
 * Copies the playground into a new folder in the temp folder, so that an agent can break it; returns that folder. It
 * is a repository without a commit, as a project is after `git init`.
 */
export async function copyPlayground(from = PLAYGROUND): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "eightfold-playground-"));
    await cp(from, folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !LEFT_OUT.has(basename(source)),
    });
    await beginRepository(join(folder, ".git"));
    return folder;
  } catch (error) {
    throw fsError(error, `copy ${from} to ${tmpdir()}`);
  }
}

/** What git needs to take a folder for a repository. Starting git for it would take longer than the copy. */
async function beginRepository(git: string): Promise<void> {
  await mkdir(join(git, "objects"), { recursive: true });
  await mkdir(join(git, "refs"));
  await writeFile(join(git, "HEAD"), "ref: refs/heads/main\n");
  await writeFile(join(git, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
}
