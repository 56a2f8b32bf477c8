import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Ending } from "./ending.ts";
import { findMembers, MARK } from "./members.ts";

/** A running command with everything it starts. */
export interface ProcessGroup {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How its first process ended; what that one started may live on. */
  readonly exited: Promise<Ending>;
  /** Ends what is left of it: SIGTERM, and SIGKILL to what lives 2 s later. Resolves when all is gone. */
  end(): Promise<void>;
  /** The same in the background: our process may exit meanwhile, and takes with it what is left. */
  abandon(): void;
}

const GRACE_MS = 2000;
/** A process in the middle of a disk request cannot be killed: it is not waited for. */
const GIVE_UP_MS = 3000;
const POLL_MS = 20;

const isWindows = process.platform === "win32";

interface Group {
  readonly id: number;
  readonly mark: string;
}

const living = new Set<Group>();

/**
 * No group outlives us, as long as Node gets to run this hook. After a `kill -9` of our own process it does not:
 * a command that prints then dies of its closed pipes (SIGPIPE), and a silent one runs to its end.
 */
process.on("exit", () => {
  for (const group of living) send(group, "SIGKILL");
});

/**
 * Starts a command as the leader of a new process group.
 * @throws the system's error, when it cannot be started
 */
export async function startGroup(
  file: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProcessGroup> {
  const mark = randomUUID();
  const child = spawn(file, args, {
    cwd,
    // A command of an agent that is itself a command bears both marks, so that ending either finds it.
    env: { ...env, [MARK]: [env[MARK], mark].filter(Boolean).join(" ") },
    detached: !isWindows,
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code, signal]) => endingOf(code, signal));
  exited.catch(() => {});
  await once(child, "spawn");
  if (child.pid === undefined) throw new Error("The command has no process.");

  const group = { id: child.pid, mark };
  living.add(group);
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    end: () => endGroup(group, true),
    abandon: () => {
      child.unref();
      void endGroup(group, false);
    },
  };
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): Ending {
  return signal === null ? { type: "exit", code: code ?? 0 } : { type: "signal", signal };
}

async function endGroup(group: Group, keepsUsAlive: boolean): Promise<void> {
  if (!living.has(group)) return;
  const start = performance.now();
  if (isAlive(group)) send(group, "SIGTERM");
  while (isAlive(group)) {
    const passed = performance.now() - start;
    if (passed > GIVE_UP_MS) break;
    if (passed > GRACE_MS) send(group, "SIGKILL");
    await pause(POLL_MS, undefined, { ref: keepsUsAlive });
  }
  living.delete(group);
}

function isAlive({ id, mark }: Group): boolean {
  const members = findMembers(id, mark);
  if (members) return members.length > 0;
  return isWindows ? tryKill(id, 0) : tryKill(-id, 0);
}

function send({ id, mark }: Group, signal: "SIGTERM" | "SIGKILL"): void {
  if (isWindows) {
    // There are no groups. The tree is found through its root, so what a finished command left behind is not.
    spawnSync("taskkill", ["/T", "/F", "/PID", String(id)], { stdio: "ignore", windowsHide: true });
    return;
  }
  tryKill(-id, signal);
  for (const pid of findMembers(id, mark) ?? []) tryKill(pid, signal);
}

function tryKill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
