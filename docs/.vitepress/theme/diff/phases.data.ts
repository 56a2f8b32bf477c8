import { colouredTexts } from "../../highlight.ts";
import { readPhases } from "../../phases.ts";
import type { PhaseTexts } from "./data.ts";

declare const data: PhaseTexts;

export { data };

export default {
  watch: ["../../../../phases/*/src/**/*.ts", "../../../../phases/*/package.json"],

  /** Every text of every phase, coloured, once. */
  async load(): Promise<PhaseTexts> {
    const { texts, indexOf, dispose } = await colouredTexts();
    const phases = readPhases().map(({ files, chapter, ...phase }) => ({
      ...phase,
      chapter,
      files: Object.fromEntries([...files].map(([path, text]) => [path, indexOf(text)])),
    }));
    dispose();
    return { phases, texts };
  },
};
