import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { spawn as spawnInTerminal } from "@lydell/node-pty";

const repoRoot = join(import.meta.dirname, "../../..");
const { scripts } = JSON.parse(readFileSync(join(repoRoot, "package.json"), "utf8"));

/** What `pnpm phase` runs to start a phase's agent. */
export function startCommand(phase: number, ...words: string[]): string[] {
  const [, ...launch] = String(scripts.phase).split(" ");
  const launcher = join(repoRoot, launch.pop() ?? "");
  return [process.execPath, ...launch, launcher, String(phase), "start", ...words];
}

/** The least that a program on Node can do: what other times are compared with. */
export const nothing: readonly string[] = [process.execPath, "-e", "0"];

/** Milliseconds from a program's start to its end. Throws when it fails. */
export async function timeToEnd(
  [file = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const begin = performance.now();
  const child = spawn(file, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const complaint = text(child.stderr);
  const [code] = await once(child, "exit");
  const time = performance.now() - begin;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with exit code ${code}: ${await complaint}`);
  return time;
}

/** Milliseconds from a program's start in a terminal to its end, or until the screen ends with `prompt`. */
export async function timeInTerminal(
  [file = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  prompt?: string,
): Promise<number> {
  const begin = performance.now();
  const terminal = spawnInTerminal(file, args, { cols: 80, rows: 24, cwd: repoRoot, env });
  const ended = Promise.withResolvers<number>();
  const prompted = Promise.withResolvers<number>();
  let screen = "";
  terminal.onExit(() => ended.resolve(performance.now() - begin));
  terminal.onData((data) => {
    screen += stripVTControlCharacters(data);
    if (prompt && screen.includes(prompt)) prompted.resolve(performance.now() - begin);
  });
  if (!prompt) return ended.promise;
  const time = await Promise.race([prompted.promise, ended.promise]);
  if (!screen.includes(prompt)) throw new Error(`${args.join(" ")} ended without a prompt: ${screen}`);
  terminal.write("\x04"); // Ctrl-D: leave
  await ended.promise;
  return time;
}

/** The most memory that a program on Node held, in MiB. */
export async function peakMemory(command: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const report = `import { writeSync } from "node:fs";
    process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));`;
  return Number(await reportOf(command, env, `data:text/javascript,${encodeURIComponent(report)}`)) / 1024;
}

/** The files of this repository that a program on Node has loaded by its end. */
export async function loadedBy(command: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  return JSON.parse(await reportOf(command, env, import.meta.resolve("./count-modules.js")));
}

/** What the module `preloaded` writes to file descriptor 3 while the program runs. */
async function reportOf(
  [file = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  preloaded: string,
): Promise<string> {
  const watched = ["--import", preloaded, ...args];
  const child = spawn(file, watched, { env, stdio: ["ignore", "ignore", "ignore", "pipe"] });
  return text(child.stdio[3] as Readable);
}
