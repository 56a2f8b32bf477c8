import { execFile } from "node:child_process";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";

/** A repository that is ready for an attack. `trap` is a program that leaves a mark when it runs. */
export interface Target {
  readonly parent: string;
  readonly root: string;
  readonly trap: string;
}

export type Attack = readonly [what: string, prepare: (target: Target) => Promise<unknown>];

export const git = ({ root }: Target, ...args: string[]) => gitAt(root, ...args);
export const attributes = ({ root }: Target, text: string) =>
  writeFiles(root, { ".git/info/attributes": text });

/** Writes settings into the repository's own configuration. */
export function config(settings: (target: Target) => Record<string, string>): Attack[1] {
  return async (target) => {
    for (const [name, value] of Object.entries(settings(target))) await git(target, "config", name, value);
  };
}

/** A driver for all files: a filter, a diff or a merge. */
export function driver(line: string, settings: (trap: string) => Record<string, string>): Attack[1] {
  return async (target) => {
    await attributes(target, line);
    await config(({ trap }) => settings(trap))(target);
  };
}

export async function hook({ root, trap }: Target, folder: string): Promise<void> {
  for (const name of ["post-index-change", "fsmonitor-watchman", "post-checkout", "reference-transaction"]) {
    await writeFiles(root, { [`${folder}/${name}`]: `#!/bin/sh\nexec ${trap}\n` });
    await chmod(join(root, folder, name), 0o755);
  }
}

/** Makes the last commit one with a signature that only its program can judge. */
export async function sign(target: Target): Promise<void> {
  const commit = await git(target, "cat-file", "commit", "HEAD");
  const signed = commit.replace(
    "\n\n",
    "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n",
  );
  const file = join(target.parent, "signed.txt");
  await writeFile(file, signed);
  const hash = await git(target, "hash-object", "-t", "commit", "-w", file);
  await git(target, "reset", "--quiet", hash.trim());
}

/** Makes the last commit a merge that two sides disagree on. */
export async function mergeCommit(target: Target): Promise<void> {
  await git(target, "stash");
  await git(target, "checkout", "--quiet", "-b", "other", "HEAD~1");
  await writeFiles(target.root, { "src/parse.ts": "other\n" });
  await git(target, "commit", "--quiet", "--all", "--message=Other");
  await git(target, "checkout", "--quiet", "main");
  await git(target, "merge", "--quiet", "--strategy=ours", "--message=Merged", "other");
}

export async function submodule(target: Target, settings: Record<string, string>): Promise<void> {
  const { root, parent } = target;
  const other = join(parent, "other");
  await promisify(execFile)("git", ["clone", "--quiet", root, other]);
  await git(target, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "module");
  await git(target, "commit", "--quiet", "--message=A module");
  const module = { ...target, root: join(root, "module") };
  for (const [name, value] of Object.entries(settings)) await git(module, "config", name, value);
  await writeFiles(root, { ".git/modules/module/info/attributes": "* filter=x diff=x\n" });
  await writeFiles(module.root, { "README.md": "changed\n" });
}

export async function promisor(target: Target): Promise<void> {
  await config(({ trap }) => ({
    "core.repositoryFormatVersion": "1",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.url": `ext::${trap}`,
    "protocol.ext.allow": "always",
  }))(target);
  const blob = await git(target, "rev-parse", "HEAD~1:README.md");
  await rm(join(target.root, ".git/objects", blob.slice(0, 2), blob.trim().slice(2)));
}
