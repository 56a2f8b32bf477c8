import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { preferBundles } from "./bundles.ts";
import { CommandError } from "./command-error.ts";
import { type Phase, repoRoot } from "./phases.ts";

/** Becomes one of the phase's programs, its agent or another: same process, with `flags` as its command line. */
export async function start(phase: Phase, flags: readonly string[], program = "main"): Promise<void> {
  const main = join(phase.folder, `src/${program}.ts`);
  if (!existsSync(main))
    throw new CommandError(`Phase ${phase.number} has no ${program}: phase 7 is the first.`);
  process.argv = [process.execPath, main, ...flags];
  preferBundles(repoRoot);
  await import(pathToFileURL(main).href);
}
