import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dialect, dialects, startWire, type WireServer } from "@eightfold/wire";
import { type Bench, compare, type Figure, median } from "./figures.ts";
import { nothing, peakMemory, startCommand, timeToEnd } from "./processes.ts";

const MEMORY_RUNS = 5;
const hello = (phase: number) => startCommand(phase, "--cwd", process.cwd(), "hello");

/** One request on the command line, to the end of the process. */
export const oneRequest: Bench = {
  title: "one request to phase 5, answered by a local server",

  run: () =>
    withServers(dialects, async (servers) => {
      const command = hello(5);
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
        const value = `${(await medianPeak(command, env)).toFixed(0)} MiB`;
        memory.push({ what: `${dialect}, peak memory`, value, target: "≤ 100 MiB" });
      }
      return [...times, ...memory];
    }),
};

/** The same request, written down. */
export const tracedRequest: Bench = {
  title: "one request with a trace",

  run: () =>
    withServers(["responses", "chat"], async (servers) => {
      const figures: Figure[] = [];
      for (const { dialect, env } of servers) {
        const traced = startCommand(5, "--cwd", process.cwd(), "--trace", "run.jsonl", "hello");
        figures.push(
          ...(await compare(
            { what: `${dialect}, without`, time: () => timeToEnd(hello(5), env) },
            { what: `${dialect}, with --trace`, target: "≤ 1.05×", time: () => timeToEnd(traced, env) },
          )),
        );
      }
      return figures;
    }),
};

/** How much is sent before the model says its first word: the request and the declarations of the tools. */
export const firstRequest: Bench = {
  title: "the first request of phase 5",

  run: () =>
    withServers(dialects, async (servers) => {
      const figures: Figure[] = [];
      for (const { dialect, server, env } of servers) {
        await timeToEnd(hello(5), env);
        const bytes = Buffer.byteLength(server.requests[0]?.raw ?? "");
        figures.push({ what: dialect, value: `${(bytes / 1000).toFixed(1)} kB`, target: "≤ 8 kB" });
      }
      return figures;
    }),
};

const against = [{ phase: 1 }, { phase: 5, wanted: 1.5 }, { phase: 8, wanted: 1.8 }];
const MEMORY_WANTED = 1.2;

/** What an agent costs over the request that it makes: both are whole processes, on the same Node and the same server. */
export const againstFetch: Bench = {
  title: "one request against a bare fetch of the same body",

  run: () =>
    withServers(["responses", "chat", "anthropic"], async (servers) => {
      const figures: Figure[] = [];
      for (const server of servers) {
        for (const { phase, wanted } of against)
          figures.push(...(await comparedToFetch(server, phase, wanted)));
      }
      return figures;
    }),
};

async function comparedToFetch(
  { dialect, server, env }: LocalServer,
  phase: number,
  wanted: number | undefined,
): Promise<Figure[]> {
  const agent = hello(phase);
  await timeToEnd(agent, env);
  const fetched = [process.execPath, join(import.meta.dirname, "bare-fetch.js"), await lastRequestOf(server)];
  const times = await compare(
    { what: `${dialect}, bare fetch`, time: () => timeToEnd(fetched, process.env) },
    {
      what: `${dialect}, phase ${phase}`,
      time: () => timeToEnd(agent, env),
      ...(wanted && { target: `wanted ${wanted}×` }),
    },
  );
  const [bare, peak] = [await medianPeak(fetched, process.env), await medianPeak(agent, env)];
  const value = `${peak.toFixed(0)} MiB of ${bare.toFixed(0)} MiB  ${(peak / bare).toFixed(2)}×`;
  return [
    ...times,
    { what: `${dialect}, phase ${phase}, peak memory`, value, target: `wanted ${MEMORY_WANTED}×` },
  ];
}

/** Writes down what `bare-fetch.js` sends; returns the file. */
async function lastRequestOf({ url, requests }: WireServer): Promise<string> {
  const request = requests.at(-1);
  if (!request) throw new Error("the agent made no request");
  const { path, headers, raw } = request;
  const sent = Object.entries(headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name));
  const file = join(process.cwd(), "request.json");
  const content = { url: new URL(path, url).href, headers: Object.fromEntries(sent), body: raw };
  await writeFile(file, JSON.stringify(content));
  return file;
}

async function medianPeak(command: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const peaks: number[] = [];
  for (let run = 0; run < MEMORY_RUNS; run += 1) peaks.push(await peakMemory(command, env));
  return median(peaks);
}

interface LocalServer {
  readonly dialect: Dialect;
  readonly server: WireServer;
  /** An environment in which an agent finds this server. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a server for each protocol, which greets and calls no tool, and closes them after `use`. */
async function withServers(
  dialects: readonly Dialect[],
  use: (servers: readonly LocalServer[]) => Promise<Figure[]>,
): Promise<Figure[]> {
  const servers = await Promise.all(
    dialects.map(async (dialect) => {
      const server = await startWire(dialect, () => ({ text: "Hello." }));
      return { dialect, server, env: { ...process.env, ...server.env } };
    }),
  );
  try {
    return await use(servers);
  } finally {
    for (const { server } of servers) await server.close();
  }
}
