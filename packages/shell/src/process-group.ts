import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { processState } from "@eightfold/core";

/** A running command with everything it starts. */
export interface ProcessGroup {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How its first process ended, with one of the two; what that one started may live on. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
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

/** Starts a command as the leader of a new process group. @throws the system's error when it cannot be started */
export async function startGroup(
  file: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProcessGroup> {
  const { spawn } = await import("node:child_process");
  const mark = newMark();
  const child = spawn(file, args, {
    cwd,
    env: marked(env, mark),
    detached: !isWindows,
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
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

async function endGroup(group: Group, keepsUsAlive: boolean): Promise<void> {
  let targets = alive(group);
  send(targets, "SIGTERM");
  let wait = FIRST_LOOK_MS;
  // What counts is the time between the looks: on a busy machine they take long, and nothing that is printed is read meanwhile.
  for (let waited = 0; targets.length > 0 && waited < GIVE_UP_MS; wait = Math.min(2 * wait, GRACE_MS / 4)) {
    await pause(wait, undefined, { ref: keepsUsAlive });
    waited += wait;
    targets = alive(group);
    if (waited > GRACE_MS) send(targets, "SIGKILL");
  }
  living.delete(group);
}

/**
 * Where signals have to go to reach each living process of a command once: its group, as a negative number, and on Linux each
 * process outside it. A process that left the group (`setsid`, a daemon) is found by the mark in its environment. These are not
 * found, and so not ended: one that also clears its environment (`env -i setsid …`), one of another user (`sudo setsid …`),
 * one that another process starts on its behalf (a container, a systemd unit, a cron job), and outside Linux any that left.
 */
function alive({ id, mark }: Group): number[] {
  const group = isWindows ? id : -id;
  if (process.platform !== "linux" || !existsSync("/proc/self/stat")) return tryKill(group, 0) ? [group] : [];
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const states = pids.map((pid) => ({ pid, state: processState(pid) }));
  const members = states.filter(({ state }) => state?.group === id).map(({ pid }) => pid);
  const others = states.filter(
    ({ pid, state }) => state && state.group !== id && readProcess(pid, "environ").includes(mark),
  );
  // What makes a box ends with the last process in it. Ended itself, it would kill all of them at once.
  const inBox = members.filter((pid) => !readProcess(pid, "comm").includes("bwrap"));
  return [
    ...(inBox.length < members.length ? inBox : members.slice(0, 1).map(() => group)),
    ...others.map(({ pid }) => pid),
  ];
}

function send(targets: readonly number[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const target of targets) {
    if (isWindows) endTree(target);
    else tryKill(target, signal);
  }
}

/** Windows has no groups: a tree is found through its root, so what a finished command left behind is not. */
function endTree(root: number): void {
  // Our own exit waits for no import().
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  spawnSync("taskkill", ["/T", "/F", "/PID", String(root)], { stdio: "ignore", windowsHide: true });
}

function tryKill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The environment variable that shows which agent's command a process came from. */
const MARK = "COMMAND_MARK";

/** "1234.567890": a process id may come again, and its start tells the two apart. */
const ownerOf = (pid: number): string => `${pid}.${processState(pid)?.started ?? ""}`;

const newMark = (): string => `${ownerOf(process.pid)}:${crypto.randomUUID()}`;

/** When an agent itself runs as a command, its commands carry both marks, so that ending either finds them. */
function marked(env: NodeJS.ProcessEnv, mark: string): NodeJS.ProcessEnv {
  return { ...env, [MARK]: [env[MARK], mark].filter(Boolean).join(" ") };
}

/**
 * What runs on in a folder after the agent that started it was killed, in sentences for the user. Where the system does
 * not show the environment of processes, nothing is found.
 */
export function leftRunning(folder: string): string[] {
  if (process.platform !== "linux") return [];
  const ofAgent = new RegExp(`\\b${MARK}=(?:\\S+ )?((\\d+)\\.\\d*):`);
  const found = readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      const [, owner, agent] = ofAgent.exec(readProcess(pid, "environ")) ?? [];
      if (owner === undefined || processState(pid) === undefined || ownerOf(Number(agent)) === owner)
        return false;
      return `${whereIs(pid)}/`.startsWith(`${folder}/`);
    });
  const leaders = new Map(found.reverse().map((pid) => [processState(pid)?.group, pid]));
  return Array.from(leaders, ([group, pid]) => {
    const command = readProcess(pid, "cmdline").replaceAll("\0", " ").trim();
    return `A command of it still runs: \`${command}\`; \`kill -- -${group}\` ends it.`;
  });
}

function whereIs(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function readProcess(pid: number, file: "environ" | "comm" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return ""; // it ended meanwhile, belongs to somebody else, or is not a process
  }
}
