import { existsSync } from "node:fs";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { applyDiff } from "./apply-diff.ts";
import { linesOf, type Phase } from "./repo.ts";
import { temporaryFolder } from "./temporary.ts";

/** A phase of one's own, to change and to run. */
export interface PhaseCopy {
  readonly folder: string;
  /** What starts its agent. */
  readonly command: readonly string[];
  /** Applies a diff to one of its files, or makes that file. A Problem when it does not fit. */
  edit(path: string, diff: readonly string[]): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function copyPhase(root: string, phase: Phase): Promise<PhaseCopy> {
  const temporary = await temporaryFolder();
  const folder = join(temporary.path, basename(phase.folder)); // a phase's name on screen is its folder's
  for (const part of ["src", "package.json"])
    await cp(join(root, phase.folder, part), join(folder, part), { recursive: true });
  await symlink(join(root, phase.folder, "node_modules"), join(folder, "node_modules"), "junction");
  return {
    folder,
    command: [process.execPath, join(folder, "src/main.ts")],
    async edit(path, diff) {
      const file = join(folder, path);
      const text = existsSync(file) ? await readFile(file, "utf8") : "";
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${applyDiff(diff, linesOf(text)).join("\n")}\n`);
    },
    [Symbol.asyncDispose]: temporary[Symbol.asyncDispose],
  };
}
