/** Where one check of an agent takes place: a workspace, a model that follows a script, and the agent. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  type Dialect,
  type RecordedRequest,
  type ScriptedCall,
  type ScriptedReply,
  startWire,
  type WireOptions,
  type WireServer,
} from "@eightfold/wire";
import { type AgentProcess, type Ended, startProcess, tryKill } from "../agent-process.ts";
import { type AgentTerminal, startTerminal } from "../agent-terminal.ts";
import { cleanEnvironment } from "../workbench.ts";
import { canBeCopied, type Evidence } from "./evidence.ts";
import { leftBehind, MARK, ticksUsed } from "./left-behind.ts";
import type { Arguments, Role, RoleTool } from "./roles.ts";
import { quoted, type Setup } from "./setup.ts";

/** An agent, and what the preflight has found out about it. */
export interface Subject {
  readonly setup: Setup;
  /** Its tools that were seen to work. */
  readonly tools: readonly RoleTool[];
  /** Whether its tools want absolute paths. */
  readonly isAbsolute: boolean;
  /** The protocol that it speaks with its model. */
  readonly dialect: Dialect;
}

/**
 * What the model does in one turn: the calls of each reply, and at the end what it says. It is handed the results that
 * the agent brought for the calls before.
 */
export type Dialogue = AsyncGenerator<ScriptedReply, ScriptedReply, string[]>;

export interface Bench {
  readonly subject: Subject;
  readonly folder: string;
  put(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  bytes(path: string): Promise<Buffer>;
  readonly requests: readonly RecordedRequest[];
  /** The questions that were no request for a reply. */
  readonly lookUps: readonly string[];
  /** A call of the agent's tool for this role. */
  call(role: Role, input: Arguments): ScriptedCall;
  /** A call that brings a file's text, by whatever tool can. */
  reading(path: string): ScriptedCall;
  serve(reply: Reply, options?: WireOptions): Promise<WireServer>;
  start(request: string, options?: StartOptions): AgentProcess;
  run(request: string, options?: StartOptions): Promise<Ended>;
  converse(command: string): Promise<AgentTerminal>;
  /** Lets the agent have one turn with a model that makes this dialogue. */
  talk(dialogue: Dialogue): Promise<Ended>;
  /** A sign of life, which changes as long as the agent asks something or works. */
  sign(): string;
  /** The processes that belong to this check and run. */
  processes(): Promise<number[]>;
  /** What they have used of the processor. */
  ticksUsed(): Promise<number>;
}

export interface StartOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another command than the one for a request. */
  readonly command?: string;
}

/** The reply to each request of the turn. Requests without tools, beside the turn, are answered with a text. */
export type Reply = (request: RecordedRequest, index: number) => ScriptedReply | Promise<ScriptedReply>;

interface Options {
  /** Is given everything that went back and forth in a check that has failed, before it is gone. */
  readonly keep?: (evidence: Evidence) => Promise<void>;
  /** The check is about something else than requests which the service accepts. */
  readonly mayBeRefused?: boolean | undefined;
}

/** Half a second of the processor: a spinner takes less in the time of a check's patience. */
const BUSY_TICKS = 50;

/** Lets a check work, then ends everything that it started. */
export async function withBench(
  subject: Subject,
  work: (bench: Bench) => Promise<void>,
  { keep = async () => {}, mayBeRefused = false }: Options = {},
): Promise<void> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "eightfold-agent-")));
  const used: Used = { base, request: "", ticks: 0, servers: [], replies: [], processes: [], terminals: [] };
  const bench = await openBench(subject, used);
  const sampler = setInterval(async () => {
    used.ticks = Math.max(used.ticks, await ticksUsed(base));
  }, 1000);
  try {
    await work(bench);
    const refused = bench.requests.find(({ refusal }) => refusal !== undefined);
    if (refused && !mayBeRefused)
      throw new Error(`expected: requests that the service accepts\nseen: ${refused.refusal}`);
  } catch (error) {
    await keep(evidenceOf(bench, used));
    throw error;
  } finally {
    clearInterval(sampler);
    for (const agent of [...used.processes, ...used.terminals]) agent.kill();
    for (const pid of await leftBehind(base)) tryKill(pid, "SIGKILL");
    await Promise.all(used.servers.map((server) => server.close()));
    await rm(base, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Used {
  readonly base: string;
  /** The last one that the agent was started with. */
  request: string;
  /** What its processes have used of the processor, as seen last. */
  ticks: number;
  readonly servers: WireServer[];
  readonly replies: ScriptedReply[];
  readonly processes: AgentProcess[];
  readonly terminals: AgentTerminal[];
}

async function openBench(subject: Subject, used: Used): Promise<Bench> {
  const { setup, tools, isAbsolute } = subject;
  const folder = join(used.base, "workspace");
  const home = join(used.base, "home");
  await mkdir(folder);

  const environment = (more = {}): NodeJS.ProcessEnv => ({
    ...cleanEnvironment(),
    ...(setup.home && { HOME: home }),
    ...Object.assign({}, ...used.servers.map(variables)),
    ...setup.env,
    ...more,
    [MARK]: used.base,
  });
  const bench: Bench = {
    subject,
    folder,
    get requests() {
      return used.servers.flatMap(({ requests }) => requests);
    },
    get lookUps() {
      return used.servers.flatMap(({ lookUps }) => lookUps);
    },
    async put(files) {
      for (const [path, content] of Object.entries(files)) await write(resolve(folder, path), content);
    },
    bytes: (path) =>
      readFile(resolve(folder, path)).catch(() => {
        throw new Error(`expected: the file ${path}\nseen: no such file`);
      }),
    call(role, { path, ...input }) {
      const tool = tools.find((tool) => tool.role === role);
      if (tool === undefined) throw new Error(`It offers no tool for "${role}".`);
      return tool.call({
        ...(path !== undefined && { path: isAbsolute ? resolve(folder, path) : path }),
        ...input,
      });
    },
    reading(path) {
      const canRead = tools.some(({ role }) => role === "read");
      return canRead ? bench.call("read", { path }) : bench.call("shell", { command: `cat ${quoted(path)}` });
    },
    async serve(reply, options = {}) {
      let index = 0;
      await cp(folder, join(used.base, "before"), {
        recursive: true,
        verbatimSymlinks: true,
        filter: canBeCopied,
      });
      const server = await startWire(
        "any",
        async (request) => {
          const isBeside = request.view.tools.length === 0 && tools.length > 0;
          const answer = isBeside ? { text: "A title" } : await reply(request, index++);
          used.replies.push(answer);
          return answer;
        },
        options,
      );
      used.servers.push(server);
      for (const [path, text] of Object.entries(setup.home ?? {}))
        await write(join(home, path), filledIn(text, variables(server)));
      return server;
    },
    start(request, { command = setup.oneShot, input, env } = {}) {
      used.request = request;
      const words = input === undefined ? [request] : [];
      const agent = startProcess(shellCommand(command, words), { env: environment(env), cwd: folder, input });
      used.processes.push(agent);
      return agent;
    },
    run: (request, options) => bench.start(request, options).end(bench.sign),
    sign: () => `${bench.requests.length} ${Math.floor(used.ticks / BUSY_TICKS)}`,
    async converse(command) {
      const terminal = await startTerminal(shellCommand(command, []), environment(), folder);
      used.terminals.push(terminal);
      return terminal;
    },
    async talk(dialogue) {
      let isDone = false;
      let failure: Error | undefined;
      await bench.serve(async (request) => {
        if (isDone) return { text: "done" };
        try {
          const step = await dialogue.next(lastResults(request));
          isDone = step.done === true;
          return step.value;
        } catch (error) {
          isDone = true;
          failure = error as Error;
          return { text: "done" };
        }
      });
      const ended = await bench.run("Please do what is needed.");
      if (failure) throw failure;
      if (!isDone)
        throw new Error(
          `expected: a request that brings the results\nseen: the agent ended with ${ending(ended)}`,
        );
      return ended;
    },
    processes: () => leftBehind(used.base),
    ticksUsed: () => ticksUsed(used.base),
  };
  return bench;
}

/** What the agent finds in its environment: each vendor's own names, and ours for all of them. */
function variables({ url, env }: WireServer): Record<string, string> {
  const { EIGHTFOLD_MODEL: model = "", ...vendors } = env;
  const name = model.slice(model.indexOf(":") + 1);
  return {
    ...vendors,
    EIGHTFOLD_MODEL: model,
    CHECK_URL: url,
    CHECK_KEY: env.OPENAI_API_KEY ?? "",
    CHECK_MODEL: name,
  };
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}

/** `exec`, so that signals reach the agent itself. */
function shellCommand(command: string, words: readonly string[]): string[] {
  const isPlaced = command.includes("{request}");
  const text = isPlaced
    ? command.replaceAll("{request}", words.map(quoted).join(" ") || "''")
    : `${command} "$@"`;
  return ["/bin/sh", "-c", `exec ${text}`, "sh", ...words];
}

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** The results that came after the last reply of the model. */
export function lastResults({ view: { messages } }: RecordedRequest): string[] {
  const reply = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(reply + 1).flatMap((message) => (message.role === "tool" ? [message.text] : []));
}

/** "exit code 1", "SIGINT". */
export function ending({ code, signal }: Ended): string {
  return signal ?? `exit code ${code}`;
}

function evidenceOf({ folder, requests, subject }: Bench, used: Used): Evidence {
  const { base, replies, processes, terminals } = used;
  const output = [
    ...processes.map(({ stdout, stderr }) => `stdout:\n${stdout}\nstderr:\n${stderr}`),
    ...terminals.map(({ screen }) => `screen:\n${screen}`),
  ];
  return {
    setup: subject.setup,
    request: used.request,
    before: join(base, "before"),
    after: folder,
    requests: [...requests],
    replies: [...replies],
    output: output.join("\n"),
  };
}
