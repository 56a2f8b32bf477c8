import { execFile } from "node:child_process";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type GitFacts, gitFacts } from "../src/index.ts";
import { type Files, tempFolder, writeFiles } from "./temp-workspace.ts";

const run = promisify(execFile);

/** Runs git as a user without settings of their own; what it printed. */
export async function gitAt(folder: string, ...args: string[]): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = {
    ...Object.fromEntries(own),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ALLOW_PROTOCOL: "file",
  };
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  return (await run("git", [...identity, ...args], { cwd: folder, env })).stdout;
}

/** A repository with these files in its first commit, on the branch main. */
export async function repositoryWith(files: Files): Promise<string> {
  const root = join(await realpath(await tempFolder()), "project");
  await mkdir(root);
  await gitAt(root, "init", "--quiet", "--initial-branch=main", "--template="); // without the samples of hooks
  await writeFiles(root, files);
  await commitAll(root, "First words");
  return root;
}

export async function commitAll(root: string, subject: string): Promise<void> {
  await gitAt(root, "add", "--all");
  await gitAt(root, "commit", "--quiet", "--allow-empty", `--message=${subject}`);
}

/** The facts of a repository that git can read. */
export async function factsOf(root: string): Promise<GitFacts> {
  const facts = await gitFacts(root);
  if (typeof facts === "string") throw new Error(facts);
  return facts;
}
