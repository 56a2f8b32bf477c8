import { linkSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { openWorkspace, type Workspace } from "../src/index.ts";

export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder of its own in the temp folder, gone after the test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A workspace with these files, in a folder that has a parent of its own to break out into. */
export async function workspaceWith(files: Files = {}): Promise<Workspace> {
  const root = join(await tempFolder(), "work");
  await mkdir(root);
  await writeFiles(root, files);
  return openWorkspace(root);
}

export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Thousands of empty files in a folder: names of one and the same, which are made in a tenth of the time. */
export async function writeNames(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [first = "", ...more] = names.map((name) => join(folder, name));
  await writeFile(first, "");
  for (const path of more) linkSync(first, path);
}

/** What is on disk, byte by byte as text. */
export async function contentOf({ root }: Workspace, path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

/** The message of the error that a promise rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a refusal, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
