import { inspectCommand } from "@eightfold/gate";
import { boxedPlan, hasBox, runHere } from "@eightfold/gate/test/boxed";
import { asks } from "@eightfold/gate/test/corpus-asks";
import { reads } from "@eightfold/gate/test/corpus-reads";
import { buildScene } from "@eightfold/gate/test/corpus-workspace";
import { type Bench, type Figure, median } from "./figures.ts";

const RUNS = 5;

/** From a command to the verdict on it, one command at a time. */
export const gate: Bench = {
  title: `gate: ms to decide on a command, median and 99th percentile of ${RUNS} runs over a corpus`,

  async run(): Promise<Figure[]> {
    const scene = await buildScene();
    const { PATH } = process.env;
    process.env.PATH = scene.path;
    try {
      const allowed = reads.flatMap(({ commands }) => commands);
      const others = asks.flatMap(({ commands }) => commands.map(([command]) => command));
      const decide = (command: string) => inspectCommand(command, scene.workspace);
      const first = await timed("git status", decide);
      return [
        { what: "the first command of a session", value: first.toFixed(1) },
        { what: `${allowed.length} that only read`, value: await times(allowed, decide), target: "≤ 5, 20" },
        {
          what: `${others.length} that are asked about`,
          value: await times(others, decide),
          target: "≤ 5, 20",
        },
      ];
    } finally {
      process.env.PATH = PATH;
      await scene.remove();
    }
  },
};

type Decide = (command: string) => Promise<unknown>;

async function times(commands: readonly string[], decide: Decide): Promise<string> {
  const taken: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    for (const command of commands) taken.push(await timed(command, decide));
  }
  const slow = taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? Number.NaN;
  return `${median(taken).toFixed(1)}, ${slow.toFixed(1)}`;
}

async function timed(command: string, decide: Decide): Promise<number> {
  const started = performance.now();
  await decide(command);
  return performance.now() - started;
}

const COMMANDS = 50;

/** From a command to its answer: bare, then in the box that may read, then in the one that may write. */
export const box: Bench = {
  title: `box: ms to run \`true\`, median of ${COMMANDS}, in turns`,

  async run(): Promise<Figure[]> {
    if (!hasBox) return [{ what: "no box here", value: "" }];
    const scene = await buildScene();
    const { workspace } = scene;
    const ways = {
      "without a box": "true",
      "in the box, to read": await boxedPlan(workspace, "read", "true"),
      "in the box, to write": await boxedPlan(workspace, "write", "true"),
    };
    const taken = Object.entries(ways).map(([what, plan]) => ({ what, plan, times: [] as number[] }));
    for (let run = 0; run <= COMMANDS; run += 1) {
      for (const { plan, times } of taken) {
        const started = performance.now();
        await runHere(workspace, plan);
        if (run > 0) times.push(performance.now() - started);
      }
    }
    await scene.remove();
    return taken.map(({ what, times }) => ({ what, value: median(times).toFixed(1) }));
  },
};
