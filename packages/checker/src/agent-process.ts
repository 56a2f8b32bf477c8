import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { endOfLines, within } from "./wait.ts";

/** An agent that runs without a terminal. */
export interface AgentProcess {
  readonly stdout: string;
  readonly stderr: string;
  /** Sends a signal to it, as a terminal or a supervisor would. */
  signal(name: NodeJS.Signals): void;
  /** Closes the reading end of its stdout, as `head -1` does. */
  hangUp(): void;
  /** Waits for its end. Throws when it prints nothing for 20 s, and gives no other sign of life. */
  end(sign?: () => unknown, longest?: number): Promise<Ended>;
  kill(): void;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What it finds on stdin. Default: nothing, and the end. */
  readonly input?: string | undefined;
}

/** How long what an agent has printed may take to arrive after its end. */
const DRAIN_MS = 1000;

/** Starts a program as the leader of its own group, so that a wrapper and what it started end together. */
export function startProcess(
  command: readonly string[],
  { env, cwd, input = "" }: ProcessOptions,
): AgentProcess {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { env, cwd, detached: true });
  const out = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      out[name] += text;
    });
  }
  child.stdin.on("error", () => {});
  child.stdin.end(input);

  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`The agent cannot be started: ${error.message}`)));
    child.once("close", (code, signal) => resolve({ ...out, code, signal }));
    // What it has left behind may hold its pipes open.
    child.once("exit", () =>
      setTimeout(() => child.stdout.destroy() && child.stderr.destroy(), DRAIN_MS).unref(),
    );
  });
  ended.catch(() => {});

  const signalGroup = (name: NodeJS.Signals) => {
    if (child.pid !== undefined) tryKill(-child.pid, name);
  };
  return {
    get stdout() {
      return out.stdout;
    },
    get stderr() {
      return out.stderr;
    },
    signal: signalGroup,
    hangUp: () => child.stdout.destroy(),
    end: (sign = () => "", longest) =>
      within(
        "the agent to end",
        ended,
        () => `${endOfLines(out.stdout)} ${endOfLines(out.stderr)} ${sign()}`,
        longest,
      ),
    kill: () => signalGroup("SIGKILL"),
  };
}

/** Whether there is such a process; one that only waits to be reaped is gone. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!tryKill(pid, 0)) return false;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/\) Z /.test(stat);
}

/** Signals a process, or with a negative id its group. One that is gone already is fine. */
export function tryKill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
