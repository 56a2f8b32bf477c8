import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { applyDiff } from "./apply-diff.ts";
import type { Desk } from "./desk.ts";
import type { Chapter } from "./render.ts";
import { linesOf, type Phase } from "./repo.ts";
import { programFiles } from "./steps.ts";

/** A phase with edits, to run and to check. */
export interface PhaseCopy {
  /** Its path says what it holds, so whoever makes the same copy has this one. Nobody changes it. */
  readonly folder: string;
  /** What starts its agent. */
  readonly command: readonly string[];
}

/** A diff of one of a phase's files, or of one that it has not yet. */
export interface Edit {
  /** Below the phase: `src/agent.ts`. */
  readonly path: string;
  readonly diff: readonly string[];
}

/** Where the copies stay for the next run: Node finds what it has compiled by its path. */
export const copiesIn = (root: string): string => join(root, "packages/book/.eightfold");

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** A Problem when a diff does not fit. */
export async function copyPhase(
  { repo }: Chapter,
  root: string,
  phase: Phase,
  edits: readonly Edit[] = [],
): Promise<PhaseCopy> {
  const paths = [...repo.list(`${phase.folder}/src`), `${phase.folder}/package.json`];
  const files = new Map(paths.map((path) => [path.slice(phase.folder.length + 1), repo.read(path) ?? ""]));
  for (const { path, diff } of edits)
    files.set(path, `${applyDiff(diff, linesOf(files.get(path) ?? "")).join("\n")}\n`);

  const folder = await keep(root, basename(phase.folder), files, async (growing, inside, folder) => {
    await symlink(join(root, phase.folder, "node_modules"), join(inside, "node_modules"), "junction");
    const copy = { ...phase, name: basename(folder), folder };
    await writeFile(join(growing, "start.mjs"), launcher(root, copy));
  });
  return { folder, command: [process.execPath, join(dirname(folder), "start.mjs")] };
}

/** What a reader has typed, as a folder `mine`. It is started as the reader starts it. */
export async function copyProgram(root: string, program: Desk): Promise<PhaseCopy> {
  const folder = await keep(root, "mine", programFiles(program));
  return { folder, command: [process.execPath, join(folder, "src/main.ts")] };
}

/** The folder of that name with these files: a phase's name on screen is its folder's. */
async function keep(
  root: string,
  name: string,
  files: ReadonlyMap<string, string>,
  finish?: (growing: string, inside: string, folder: string) => Promise<void>,
): Promise<string> {
  const content = JSON.stringify([root, name, ...files]);
  const base = join(copiesIn(root), createHash("sha256").update(content).digest("hex").slice(0, 16));
  const folder = join(base, name);
  if (!existsSync(base)) await make(base, folder, files, finish);
  await utimes(base, new Date(), new Date());
  return folder;
}

/** Makes a copy elsewhere and moves it in, so that nobody finds a part of one. */
async function make(
  base: string,
  folder: string,
  files: ReadonlyMap<string, string>,
  finish?: (growing: string, inside: string, folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(base), { recursive: true });
  const growing = await mkdtemp(`${base}-`);
  const inside = join(growing, basename(folder));
  for (const [path, text] of files) {
    await mkdir(dirname(join(inside, path)), { recursive: true });
    await writeFile(join(inside, path), text);
  }
  await finish?.(growing, inside, folder);
  await rename(growing, base).catch(async (error: Error) => {
    await rm(growing, { recursive: true, force: true });
    if (!existsSync(base)) throw error; // otherwise another run was faster
  });
  await forgetOld(dirname(base));
}

/** Starts it as `pnpm phase` starts a phase of the repository. */
function launcher(root: string, phase: object): string {
  const start = pathToFileURL(join(root, "packages/phase-cli/src/start.ts")).href;
  return `import module from "node:module";
module.enableCompileCache(${JSON.stringify(join(root, "node_modules/.cache/eightfold/code"))});
const { start } = await import(${JSON.stringify(start)});
await start(${JSON.stringify(phase)}, process.argv.slice(2));
`;
}

async function forgetOld(copies: string): Promise<void> {
  for (const name of await readdir(copies)) {
    const used = await stat(join(copies, name)).catch(() => undefined); // gone meanwhile
    if (used && Date.now() - used.mtimeMs > WEEK_MS)
      await rm(join(copies, name), { recursive: true, force: true });
  }
}
