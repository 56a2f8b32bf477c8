import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Ending } from "./ending.ts";
import { findTargets, MARK } from "./targets.ts";

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
/** The first look is soon, the later ones ever rarer: each reads all of /proc. */
const FIRST_LOOK_MS = 30;

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
  for (const group of living) send(alive(group), "SIGKILL");
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
  if (child.pid === undefined) {
    const [error] = await once(child, "error");
    throw error;
  }
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
  const start = performance.now();
  const passed = (): number => performance.now() - start;
  let targets = alive(group);
  send(targets, "SIGTERM");
  for (let wait = FIRST_LOOK_MS; targets.length > 0 && passed() < GIVE_UP_MS; wait *= 2) {
    await pause(Math.min(wait, GRACE_MS / 4), undefined, { ref: keepsUsAlive });
    targets = alive(group);
    if (passed() > GRACE_MS) send(targets, "SIGKILL");
  }
  living.delete(group);
}

/** Where signals have to go to reach all that lives of a group; nowhere when nothing does. */
function alive({ id, mark }: Group): number[] {
  const whole = isWindows ? id : -id;
  return findTargets(id, mark) ?? (tryKill(whole, 0) ? [whole] : []);
}

function send(targets: readonly number[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const target of targets) {
    if (isWindows) endTree(target);
    else tryKill(target, signal);
  }
}

/** Windows has no groups: a tree is found through its root, so what a finished command left behind is not. */
function endTree(root: number): void {
  spawnSync("taskkill", ["/T", "/F", "/PID", String(root)], { stdio: "ignore", windowsHide: true });
}

function tryKill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
