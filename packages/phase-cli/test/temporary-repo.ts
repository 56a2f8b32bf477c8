import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const thisPackage = join(import.meta.dirname, "..");

/** Repos have the same few paths, one test after the other: Node finds what it has compiled by its path. */
const base = join(tmpdir(), `eightfold-phase-cli-${process.pid}`);
let inUse = 0;

/** Files by path; the values are their texts. */
type Files = Record<string, string>;

/**
 * A repo in a temp folder with this command in it and the given phases: for each folder name its files. A
 * package.json comes from `declares`, and is left out for a folder without one. Removed when the test is over.
 */
export function temporaryRepo(phases: Record<string, { declares?: object; files?: Files }>): string {
  const root = join(base, String(inUse++));
  rmSync(root, { recursive: true, force: true }); // of a process with our number that was killed
  onTestFinished(() => {
    inUse--;
    rmSync(inUse === 0 ? base : root, { recursive: true });
  });
  const command = join(root, "packages/phase-cli");
  cpSync(join(thisPackage, "src"), join(command, "src"), { recursive: true });
  symlinkSync(join(thisPackage, "node_modules"), join(command, "node_modules"), "junction");
  writeFiles(root, { "package.json": `{ "type": "module" }` });
  for (const [name, { declares, files = {} }] of Object.entries(phases)) {
    const folder = join(root, "phases", name);
    mkdirSync(folder, { recursive: true });
    if (declares)
      writeFiles(folder, { "package.json": JSON.stringify({ type: "module", eightfold: declares }) });
    writeFiles(folder, files);
  }
  return root;
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What `pnpm phase WORDS` does in that repo, or in a folder of it. */
export function phase(
  root: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input = "",
  folder = ".",
) {
  const main = join(root, "packages/phase-cli/src/main.js");
  const { FORCE_COLOR, INIT_CWD, NO_COLOR, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    cwd: join(root, folder),
    env: { ...inherited, ...env },
    encoding: "utf8",
    input,
  });
  return { code: status, stdout, stderr };
}
