/** Where one check of an agent takes place: a workspace, a model that follows a script, and the agent. */
import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Dialect, ScriptedCall } from "@eightfold/wire";
import { type Ended, tryKill } from "../agent-process.ts";
import { type Agent, openAgent, type StartOptions, write } from "./agent.ts";
import type { Evidence } from "./evidence.ts";
import { leftBehind, ticksUsed } from "./left-behind.ts";
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

export interface Bench extends Omit<Agent, "evidence" | "end"> {
  readonly subject: Subject;
  readonly folder: string;
  put(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  bytes(path: string): Promise<Buffer>;
  /** A call of the agent's tool for this role. */
  call(role: Role, input: Arguments): ScriptedCall;
  /** A call that brings a file's text, by whatever tool can. */
  reading(path: string): ScriptedCall;
  /** Starts the agent, and waits for its end. */
  run(request: string, options?: StartOptions): Promise<Ended>;
  /** A sign of life, which changes as long as the agent asks something or works. */
  sign(): string;
  /** The processes that belong to this check and run. */
  processes(): Promise<number[]>;
  /** What they have used of the processor. */
  ticksUsed(): Promise<number>;
}

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
  await mkdir(join(base, "workspace"));
  const agent = openAgent(subject.setup, base, subject.tools.length > 0);
  let ticks = 0;
  const sampler = setInterval(async () => {
    ticks = Math.max(ticks, await ticksUsed(base));
  }, 1000);
  const bench = openBench(subject, agent, base, () => Math.floor(ticks / BUSY_TICKS));
  try {
    await work(bench);
    const refused = agent.requests.find(({ refusal }) => refusal !== undefined);
    if (refused && !mayBeRefused)
      throw new Error(`expected: requests that the service accepts\nseen: ${refused.refusal}`);
  } catch (error) {
    await keep(agent.evidence());
    throw error;
  } finally {
    clearInterval(sampler);
    await agent.end();
    for (const pid of await leftBehind(base)) tryKill(pid, "SIGKILL");
    await rm(base, { recursive: true, force: true, maxRetries: 10 }); // what was killed may not be gone yet
  }
}

function openBench(subject: Subject, agent: Agent, base: string, busy: () => number): Bench {
  const { tools, isAbsolute } = subject;
  const folder = join(base, "workspace");
  const call: Bench["call"] = (role, { path, ...input }) => {
    const tool = tools.find((tool) => tool.role === role);
    if (tool === undefined) throw new Error(`It offers no tool for "${role}".`);
    return tool.call({
      ...(path !== undefined && { path: isAbsolute ? resolve(folder, path) : path }),
      ...input,
    });
  };
  const sign = () => `${agent.requests.length} ${busy()}`;
  return {
    ...agent,
    get requests() {
      return agent.requests;
    },
    get lookUps() {
      return agent.lookUps;
    },
    subject,
    folder,
    async put(files) {
      for (const [path, content] of Object.entries(files)) await write(resolve(folder, path), content);
    },
    bytes: (path) =>
      readFile(resolve(folder, path)).catch(() => {
        throw new Error(`expected: the file ${path}\nseen: no such file`);
      }),
    call,
    reading(path) {
      const canRead = tools.some(({ role }) => role === "read");
      return canRead ? call("read", { path }) : call("shell", { command: `cat ${quoted(path)}` });
    },
    run: (request, options) => agent.start(request, options).end(sign),
    sign,
    processes: () => leftBehind(base),
    ticksUsed: () => ticksUsed(base),
  };
}
