import { readFile } from "node:fs/promises";
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

/** How much of this repository a reader would have to open to follow one turn. */
export const modulesLoaded: Bench = {
  title: "modules of ours that phase 8 loads, and their lines",

  async run() {
    const figures: Figure[] = [];
    for (const request of [["--help"], ["hello"], ["run the tests and fix what fails"]]) {
      const files = await loadedBy(startCommand(8, ...words, "--approval", "auto", ...request), process.env);
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
      const lines = texts.reduce((sum, text) => sum + text.split("\n").length - 1, 0);
      figures.push({ what: request.join(" "), value: `${files.length} modules, ${lines} lines` });
    }
    return figures;
  },
};
