import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The environment variable by which a process can be told to have come from a command. */
export const MARK = "COMMAND_MARK";

/**
 * Where signals have to go to reach each living process of a command once, on Linux: its group, as a negative
 * number, and each process outside it. Undefined on other systems, where nothing but the group can be known.
 *
 * A process that leaves its group (`setsid`, a daemon) is found by the mark in its environment. Not found, and so
 * not ended: one that leaves the group and clears its environment (`env -i setsid …`), one of another user (`sudo
 * setsid …`), what another process starts for the command (a container, a systemd unit, a cron job); and outside
 * Linux whatever leaves the group.
 */
export function findTargets(group: number, mark: string): number[] | undefined {
  if (process.platform !== "linux" || !existsSync("/proc/self/stat")) return undefined;
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return [...new Set(pids.flatMap((pid) => targetOf(pid, group, mark)))];
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: pid (name) state ppid pgrp … */
function targetOf(pid: number, group: number, mark: string): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return [];
    if (Number(pgrp) === group) return [-group];
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark) ? [pid] : [];
  } catch {
    // It ended meanwhile, or belongs to somebody else.
    return [];
  }
}
