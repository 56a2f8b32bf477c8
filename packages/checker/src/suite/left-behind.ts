/** The processes that an agent leaves behind, found by a variable that they inherit. */
import { readdir, readFile } from "node:fs/promises";

/** Stands in the environment of everything that a check starts; its value is the check's own folder. */
export const MARK = "EIGHTFOLD_CHECK";

/** Their ids. Only Linux tells the environment of a process; elsewhere the list is empty. */
export async function leftBehind(base: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const marked = await Promise.all(pids.map((pid) => isMarked(pid, base)));
  return pids.filter((_, index) => marked[index]);
}

async function isMarked(pid: number, base: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
  return environment.split("\0").includes(`${MARK}=${base}`);
}

/** The words of a process's command line. */
export async function commandOf(pid: number): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return words.split("\0").join(" ").trim();
}

/** What the processes of a check have used of the processor, in ticks: it grows as long as any of them works. */
export async function ticksUsed(base: string): Promise<number> {
  const stats = await Promise.all(
    (await leftBehind(base)).map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")),
  );
  const ticks = stats.map((stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" "));
  return ticks.reduce((sum, fields) => sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0), 0);
}
