import { stat } from "node:fs/promises";
import { type Bench, compare, type Figure } from "./figures.ts";
import { loadedBy, nothing, startCommand, timeInTerminal } from "./processes.ts";

const words = ["--model", "demo"];
const prompt = "› ";

/** From the start of the process to the prompt on the screen. */
export const timeToPrompt: Bench = {
  title: "the prompt of phase 5, with the demo model",

  async run() {
    const { env } = process;
    const pnpm = env.npm_execpath;
    const command = startCommand(5, ...words);
    const withPnpm = pnpm && [pnpm, "phase", "5", "start", ...words];
    return compare(
      { what: "node -e 0", time: () => timeInTerminal(nothing, env) },
      { what: "prompt", target: "≤ 3×", time: () => timeInTerminal(command, env, prompt) },
      ...(withPnpm
        ? [{ what: "prompt, with pnpm in front", time: () => timeInTerminal(withPnpm, env, prompt) }]
        : []),
    );
  },
};

const turns = [
  { request: "--help", wanted: 51 },
  { request: "hello", wanted: 81 },
  { request: "run the tests and fix what fails", wanted: 96 },
];

/** What of this repository one turn reads from the disk: each bundle of the rooms' sources is a file. */
export const modulesLoaded: Bench = {
  title: "modules of ours that phase 8 loads: files of the phase, and of the rooms or their bundles",

  async run() {
    const figures: Figure[] = [];
    for (const { request, wanted } of turns) {
      const command = startCommand(8, ...words, "--approval", "auto", request);
      const files = await loadedBy(command, process.env);
      const bundles = files.filter((file) => file.endsWith(".mjs")).length;
      const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
      const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
      const value = `${files.length} files, ${bundles} of them bundles, ${(size / 1000).toFixed(0)} kB`;
      figures.push({ what: request, value, target: `wanted ≤ ${wanted}` });
    }
    return figures;
  },
};
