import { readFileSync } from "node:fs";

/** When a process started, as a mark to compare: "" where the system does not tell. Undefined: it does not run. */
export function processStart(pid: number): string | undefined {
  return process.platform === "linux" ? linuxStart(pid) : runs(pid) ? "" : undefined;
}

/** proc_pid_stat(5): the state is the first field after the name, the start in ticks since boot the 20th. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const isDead = fields[0] === "Z" || fields[0] === "X"; // killed, and its parent has not looked yet
    return isDead ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // another user's
  }
}
