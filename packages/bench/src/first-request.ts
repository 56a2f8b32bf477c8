import type { Bench, Figure } from "./figures.ts";
import { startCommand, timeToEnd } from "./processes.ts";
import { withServers } from "./servers.ts";

/** How much is sent before the model says its first word: the request and the declarations of the tools. */
export const firstRequest: Bench = {
  title: "the first request of phase 5",

  run: () =>
    withServers(async (servers) => {
      const figures: Figure[] = [];
      for (const { dialect, server, env } of servers) {
        await timeToEnd(startCommand(5, "--cwd", process.cwd(), "hello"), env);
        const bytes = Buffer.byteLength(server.requests[0]?.raw ?? "");
        figures.push({ what: dialect, value: `${(bytes / 1000).toFixed(1)} kB`, target: "≤ 8 kB" });
      }
      return figures;
    }),
};
