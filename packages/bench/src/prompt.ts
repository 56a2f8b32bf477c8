import { type Bench, compare } from "./figures.ts";
import { nothing, startCommand, timeInTerminal } from "./processes.ts";

const words = ["--model", "demo"];
const prompt = "› ";

/** From the start of the process to the prompt on the screen. */
export const timeToPrompt: Bench = {
  title: "the prompt of phase 5, with the demo model",

  async run() {
    const { env } = process;
    const pnpm = env.npm_execpath;
    const figures = await compare(
      { what: "node -e 0", time: () => timeInTerminal(nothing, env) },
      {
        what: "prompt",
        target: "≤ 3×",
        time: () => timeInTerminal(startCommand(5, ...words), env, prompt),
      },
      ...(pnpm
        ? [
            {
              what: "prompt, with pnpm in front",
              time: () => timeInTerminal([pnpm, "phase", "5", "start", ...words], env, prompt),
            },
          ]
        : []),
    );
    return figures;
  },
};
