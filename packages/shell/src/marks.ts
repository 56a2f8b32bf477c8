import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { processState } from "@eightfold/core";

/** The environment variable that shows which agent's command a process came from. */
const MARK = "COMMAND_MARK";

/** "1234.567890": a process id may come again, and its start tells the two apart. */
const ownerOf = (pid: number): string => `${pid}.${processState(pid)?.started ?? ""}`;

export const newMark = (): string => `${ownerOf(process.pid)}:${crypto.randomUUID()}`;

/** When an agent itself runs as a command, its commands carry both marks, so that ending either finds them. */
export function marked(env: NodeJS.ProcessEnv, mark: string): NodeJS.ProcessEnv {
  return { ...env, [MARK]: [env[MARK], mark].filter(Boolean).join(" ") };
}

/**
 * What runs on in a folder after the agent that started it was killed, in sentences for the user. Where the system does
 * not show the environment of processes, nothing is found.
 */
export function leftRunning(folder: string): string[] {
  if (process.platform !== "linux") return [];
  const found = readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      const owner = new RegExp(`\\b${MARK}=(?:\\S+ )?(\\d+)\\.(\\d*):`).exec(readProcess(pid, "environ"));
      if (!owner || processState(pid) === undefined) return false;
      return (
        ownerOf(Number(owner[1])) !== `${owner[1]}.${owner[2]}` && `${whereIs(pid)}/`.startsWith(`${folder}/`)
      );
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

export function readProcess(pid: number, file: "environ" | "comm" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return ""; // it ended meanwhile, belongs to somebody else, or is not a process
  }
}
