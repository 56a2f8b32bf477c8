import { colouredTexts } from "./highlight.ts";
import { readPhases } from "./phases.ts";
import type { PhaseTexts } from "./theme/diff/data.ts";

/**
 * What the diff page compares: every text of every phase, coloured, once. VitePress's own way, a data loader that watches the
 * phases, walks the whole repository through each link of each node_modules: https://github.com/vuejs/vitepress, `glob(watch`.
 */
export function diffFiles(): Record<string, () => Promise<string>> {
  return { "diff/phases.json": phasesText };
}

async function phasesText(): Promise<string> {
  const { texts, indexOf, dispose } = await colouredTexts();
  const phases = readPhases().map(({ files, chapter, ...phase }) => ({
    ...phase,
    chapter,
    files: Object.fromEntries([...files].map(([path, text]) => [path, indexOf(text)])),
  }));
  dispose();
  const all: PhaseTexts = { phases, texts };
  return JSON.stringify(all);
}
