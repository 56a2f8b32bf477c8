import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Dialect } from "@eightfold/wire";
import type { Subject } from "./check.ts";
import { fromFolder } from "./suite/setup.ts";

const root = join(import.meta.dirname, "../../..");

/** The agent of a phase of this repository, started as `pnpm phase N start` does. Throws when there is no such phase. */
export async function phaseSubject(phase: number, dialect: Dialect): Promise<Subject> {
  const folders = await readdir(join(root, "phases"));
  if (!folders.some((name) => name.startsWith(`${phase}-`))) throw new Error(`There is no phase ${phase}.`);
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const [launcher = "", ...flags] = String(scripts.phase).split(" ").slice(1).toReversed();
  const approval = phase >= 7 ? ["--approval", "auto"] : []; // nobody answers in a check; a later flag wins over this
  return {
    command: [process.execPath, ...flags, join(root, launcher), String(phase), "start", ...approval],
    dialect,
    ours: true,
  };
}

/**
 * How an agent of the reader's is started. A command is read as a shell reads it, with `exec`, so that signals reach the
 * agent itself. Its program and its files are looked up here: in a check the agent starts in the workspace, and may have no
 * PATH. Returns what is wrong with it.
 */
export function ownCommand(agent: string, folder: string, phase: number): string[] | string {
  const approval = phase >= 7 ? ["--approval", "auto"] : []; // as for ours: nobody answers in a check
  const main = join(resolve(folder, agent), "src/main.ts");
  if (existsSync(main)) return [process.execPath, main, ...approval];
  let words: string;
  try {
    words = fromFolder(agent, folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [program = ""] = words.split(" ");
  const { stdout } = spawnSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", program], { encoding: "utf8" });
  const found = stdout.trim();
  const command = found.startsWith("/") ? `"$0"${words.slice(program.length)}` : words;
  return ["/bin/sh", "-c", `exec ${command} "$@"`, found, ...approval];
}
