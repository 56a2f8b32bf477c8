import { spawnSync } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { type CommandOptions, type CommandOutcome, runCommand } from "../src/index.ts";

/** Runs a command in the temp folder, or where the options say. */
export function run(command: string, options: Partial<CommandOptions> = {}): Promise<CommandOutcome> {
  return runCommand(command, { cwd: tmpdir(), signal: new AbortController().signal, ...options });
}

/** After so many seconds a command has begun on this machine, as busy as it is. */
export async function secondsToBegin(): Promise<number> {
  const { milliseconds } = await run("true");
  return 0.5 + milliseconds / 250;
}

/** A folder that is removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "eightfold-shell-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The process numbers in a text: each is one line of digits. */
export function pidsIn(text: string): number[] {
  return (text.match(/^\d+$/gm) ?? []).map(Number);
}

/** Those of the processes that still run; one that waits to be reaped does not. */
export function stillRunning(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return stdout.trim() !== "" && !stdout.startsWith("Z");
  });
}

/** Waits until none of the processes runs, for as long as the test's own time lasts. */
export async function allGone(pids: readonly number[]): Promise<void> {
  while (stillRunning(pids).length > 0) await pause(50);
}

/** For tests that read the pipes themselves. */
export { startCommand } from "../src/start-command.ts";
