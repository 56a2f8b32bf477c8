import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  type Dialect,
  type RecordedRequest,
  type Script,
  startWire,
  type WireOptions,
  type WireServer,
} from "@eightfold/wire";
import { type AgentProcess, type Ended, startProcess } from "./agent-process.ts";
import { type AgentTerminal, startTerminal } from "./agent-terminal.ts";
import type { Subject } from "./check.ts";
import { expectThat } from "./expect.ts";

/** What a check works with: a fresh workspace, a model that follows a script, and the agent. */
export interface Workbench {
  readonly subject: Subject;
  /** The workspace. */
  readonly folder: string;
  /** A folder beside the workspace, which the agent has no business in. */
  readonly outside: string;
  /** Where the agent may keep what it remembers. */
  readonly state: string;
  /** Writes files below the workspace. */
  put(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  read(path: string): Promise<Buffer>;
  /** The requests that the agent has made so far. */
  readonly requests: readonly RecordedRequest[];
  /** Starts a service that the agent will find, beside those that speak other protocols. */
  serve(script: Script, options?: ServeOptions): Promise<WireServer>;
  /** Starts the agent for one request. */
  start(words: readonly string[], options?: StartOptions): AgentProcess;
  /** Starts it, and waits for its end. */
  run(words: readonly string[], options?: StartOptions): Promise<Ended>;
  /** Starts it in a terminal. */
  converse(flags?: readonly string[], options?: Pick<StartOptions, "env">): Promise<AgentTerminal>;
}

export interface ServeOptions extends WireOptions {
  /** Default: the subject's. */
  readonly dialect?: Dialect;
}

export interface StartOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where `pnpm phase` keeps compiled code too: an agent starts a third faster. */
const compiledCode = join(import.meta.dirname, "../../../node_modules/.cache/eightfold/code");

/** What takes away the workbenches that are in use: a check may be interrupted. */
const unfinished = new Set<() => void>();
process.on("exit", () => {
  for (const abandon of unfinished) abandon();
});

/** Lets a check work, then ends everything that it started. A failure says what the agent wrote last. */
export async function withWorkbench(
  subject: Subject,
  work: (bench: Workbench) => Promise<void>,
): Promise<void> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "eightfold-check-")));
  const used: Used = { servers: [], processes: [], terminals: [] };
  const abandon = () => {
    endAgents(used);
    for (const path of [base, stateOf(base)]) rmSync(path, { recursive: true, force: true });
  };
  unfinished.add(abandon);
  try {
    await work(await openWorkbench(subject, base, used));
    for (const { refusal, advice } of used.servers.flatMap(({ requests }) => requests)) {
      expectThat(refusal === undefined, "requests that the service accepts", refusal);
      expectThat(!subject.ours || advice.length === 0, "requests without any advice", advice);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error([message, ...traces(used)].join("\n"));
  } finally {
    endAgents(used);
    await Promise.all(used.servers.map((server) => server.close()));
    for (const path of [base, stateOf(base)])
      await rm(path, { recursive: true, force: true, maxRetries: 10 });
    unfinished.delete(abandon);
  }
}

/** Not in the folder above the workspace, where checks look for what an agent should not have written. */
const stateOf = (base: string): string => `${base}-state`;

interface Used {
  readonly servers: WireServer[];
  readonly processes: AgentProcess[];
  readonly terminals: AgentTerminal[];
}

function endAgents({ processes, terminals }: Used): void {
  for (const agent of [...processes, ...terminals]) agent.kill();
}

async function openWorkbench(subject: Subject, base: string, used: Used): Promise<Workbench> {
  const folder = join(base, "workspace");
  const outside = join(base, "outside");
  const state = stateOf(base);
  await Promise.all([mkdir(folder), mkdir(outside)]);
  const command = [...subject.command, "--cwd", folder];
  const environment = (more = {}) => ({
    ...cleanEnvironment(),
    ...{ NODE_COMPILE_CACHE: compiledCode, XDG_STATE_HOME: state },
    ...Object.assign({}, ...used.servers.map(({ env }) => env)),
    ...more,
  });

  const start: Workbench["start"] = (words, { input, env } = {}) => {
    const agent = startProcess([...command, ...words], { env: environment(env), cwd: folder, input });
    used.processes.push(agent);
    return agent;
  };
  return {
    subject,
    folder,
    outside,
    state,
    get requests() {
      return used.servers.flatMap(({ requests }) => requests);
    },
    start,
    run: (words, options) => start(words, options).end(),
    read: (path) =>
      readFile(resolve(folder, path)).catch((error: Error) => {
        throw new Error(`expected: the file ${path}\nseen: ${error.message}`);
      }),
    async put(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    },
    async serve(script, { dialect = subject.dialect, ...options } = {}) {
      const server = await startWire(dialect, script, options);
      used.servers.push(server);
      return server;
    },
    async converse(flags = [], { env } = {}) {
      const terminal = await startTerminal([...command, ...flags], environment(env), folder);
      used.terminals.push(terminal);
      return terminal;
    },
  };
}

/** The environment without what would choose another model, colour the output or betray a package manager. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(?:OPENAI|ANTHROPIC|GEMINI|GOOGLE|OLLAMA|EIGHTFOLD|VITEST|npm|pnpm)_|^(?:NO|FORCE)_COLOR$|^(?:CI|NODE_ENV)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function traces({ servers, processes, terminals }: Used): string[] {
  const refusals = servers.flatMap(({ requests }) => requests.flatMap(({ refusal }) => refusal ?? []));
  const advice = new Set(servers.flatMap(({ requests }) => requests.flatMap(({ advice }) => advice)));
  return [
    ...refusals.map((refusal) => `the service refused a request: ${refusal}`),
    ...[...advice].map((words) => `advice: ${words}`),
    ...processes.map(({ stderr }) => `stderr, its end: ${tail(stderr)}`),
    ...terminals.map(({ screen }) => `screen, its end: ${tail(screen)}`),
  ];
}

/** A spinner is drawn over itself, which a text does not show: its lines are left out. */
const SPINNER = /^[\u2800-\u28ff]/;

function tail(text: string): string {
  if (text.trim() === "") return "(empty)";
  const lines = text
    .trimEnd()
    .split(/[\r\n]+/)
    .filter((line) => !SPINNER.test(line))
    .slice(-8);
  return lines.map((line) => `\n  ${line.slice(0, 200)}`).join("");
}
