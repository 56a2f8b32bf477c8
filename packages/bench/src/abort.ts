import { setTimeout as pause } from "node:timers/promises";
import { type Dialect, dialects, type RecordedRequest, startWire } from "@eightfold/wire";
import { type State, states } from "./abort-states.ts";
import { type Conversation, openConversation } from "./abort-terminal.ts";
import { type Bench, type Figure, median } from "./figures.ts";
import { startCommand } from "./processes.ts";

const RUNS = 5;
const CTRL_C = "\x03";
const COLUMN = 10;

/** From Ctrl-C to the prompt on the screen, in whatever state it finds phase 5; and no request goes on after it. */
export const abort: Bench = {
  title: `abort: Ctrl-C to the prompt, in ms, median and maximum of ${RUNS}`,

  async run(): Promise<Figure[]> {
    const columns: number[][][] = [];
    for (const dialect of dialects)
      columns.push([await timesAtFirst(dialect), ...(await timesLater(dialect))]);
    const rows = ["loading the SDK", ...states.map(({ name }) => name)].map((what, row) => ({
      what,
      value: columns.map((times) => show(times[row] ?? [])).join(""),
      target: "≤ 100",
    }));
    return [{ what: "", value: dialects.map((dialect) => dialect.padStart(COLUMN)).join("") }, ...rows];
  },
};

function show(times: readonly number[]): string {
  return `${median(times).toFixed(0)}, ${Math.max(...times).toFixed(0)}`.padStart(COLUMN);
}

/** Right after the first request of a process, which loads all that requests need. */
async function timesAtFirst(dialect: Dialect): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await withAgent(dialect, async (agent, requests) => {
      agent.press("hello\r");
      await pause(20);
      times.push(await timeToPrompt(agent));
      await pause(300); // for a request that is made all the same
      for (const request of requests) await expectOver(request, true);
    });
  }
  return times;
}

/** In each state, in one conversation: a list of times for each. */
async function timesLater(dialect: Dialect): Promise<number[][]> {
  const times = states.map((): number[] => []);
  await withAgent(dialect, async (agent, requests) => {
    for (const [index, state] of states.entries()) {
      for (let run = 0; run < RUNS; run += 1) times[index]?.push(await timeIn(state, agent, requests));
    }
  });
  return times;
}

async function timeIn(
  state: State,
  agent: Conversation,
  requests: readonly RecordedRequest[],
): Promise<number> {
  const before = requests.length;
  agent.press(`${state.name}\r`);
  if (state.screen !== undefined) await agent.shows(state.screen);
  while (requests.length === before) await pause(5);
  await pause(30);

  const time = await timeToPrompt(agent);
  await expectOver(requests.at(-1), state.isAsking);
  await pause(state.lastsMs ?? 0);
  if (requests.length !== before + 1) throw new Error("a request was made after Ctrl-C");
  return time;
}

async function timeToPrompt(agent: Conversation): Promise<number> {
  const pressed = performance.now();
  agent.press(CTRL_C);
  return (await agent.prompt()) - pressed;
}

/** Throws unless the connection is closed within a second: by the agent, where the server had more to say. */
async function expectOver(request: RecordedRequest | undefined, isLeft: boolean): Promise<void> {
  // Ollama's SDK leaves at the last line of a reply, before the server has closed it.
  const closed = request?.closed.then(() => request.closedEarly || !isLeft);
  if (!(await Promise.race([closed, pause(1000, false)])))
    throw new Error("the request goes on after Ctrl-C");
}

async function withAgent(
  dialect: Dialect,
  use: (agent: Conversation, requests: readonly RecordedRequest[]) => Promise<void>,
): Promise<void> {
  await using server = await startWire(dialect, ({ view }) => replyTo(view.messages.at(-1)?.text, dialect), {
    chunkDelayMs: 2,
  });
  const agent = openConversation(startCommand(5, "--cwd", process.cwd()), { ...process.env, ...server.env });
  await agent.prompt();
  await use(agent, server.requests);
  await agent.leave();
}

/** A request may be joined to the ones before it that were never answered. */
function replyTo(asked: string | undefined, dialect: Dialect) {
  const [first] = states;
  return (states.find(({ name }) => asked?.endsWith(name)) ?? first)?.reply(dialect) ?? {};
}
