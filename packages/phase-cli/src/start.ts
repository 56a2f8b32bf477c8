import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { preferBundles } from "./bundles.ts";
import { type Phase, repoRoot } from "./phases.ts";

/** Becomes the phase's agent: same process, with `flags` as its command line. */
export async function start(phase: Phase, flags: readonly string[]): Promise<void> {
  const main = join(phase.folder, "src/main.ts");
  process.argv = [process.execPath, main, ...flags];
  preferBundles(repoRoot);
  await import(pathToFileURL(main).href);
}
