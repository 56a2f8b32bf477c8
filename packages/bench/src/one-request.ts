import { type Bench, compare, type Figure, median } from "./figures.ts";
import { nothing, peakMemory, startCommand, timeToEnd } from "./processes.ts";
import { withServers } from "./servers.ts";

const MEMORY_RUNS = 5;

/** One request on the command line, to the end of the process. */
export const oneRequest: Bench = {
  title: "one request to phase 5, answered by a local server",

  run: () =>
    withServers(async (servers) => {
      const command = startCommand(5, "--cwd", process.cwd(), "hello");
      const times = await compare(
        { what: "node -e 0", time: () => timeToEnd(nothing, process.env) },
        ...servers.map(({ dialect, env }) => ({
          what: dialect,
          target: "≤ 5×",
          time: () => timeToEnd(command, env),
        })),
      );
      const memory: Figure[] = [];
      for (const { dialect, env } of servers) {
        const peaks: number[] = [];
        for (let run = 0; run < MEMORY_RUNS; run += 1) peaks.push(await peakMemory(command, env));
        const value = `${median(peaks).toFixed(0)} MiB`;
        memory.push({ what: `${dialect}, peak memory`, value, target: "≤ 100 MiB" });
      }
      return [...times, ...memory];
    }),
};
