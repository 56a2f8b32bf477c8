import { existsSync, readFileSync } from "node:fs";

/** What the system says about a running process. */
export interface ProcessState {
  /** Its process group: on Linux only. */
  readonly group?: number;
  /** When it started, as a mark to compare: "" where the system does not tell. */
  readonly started: string;
}

/** Undefined when no such process runs. A zombie, which is dead and not yet reaped by its parent, does not run. */
export function processState(pid: number): ProcessState | undefined {
  if (existsSync("/proc/self/stat")) return linuxState(pid);
  return isThere(pid) ? { started: "" } : undefined;
}

/**
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: pid (name) state ppid pgrp …, the start as the 22nd, in
 * ticks since boot. The name may hold spaces and brackets.
 */
function linuxState(pid: number): ProcessState | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, , group] = fields;
    return state === "Z" || state === "X" ? undefined : { group: Number(group), started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // another user's
  }
}
