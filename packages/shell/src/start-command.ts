import { stat } from "node:fs/promises";
import type { CommandPlan } from "@eightfold/core";
import { commandEnvironment } from "@eightfold/workspace";
import { sizeOf } from "./clipped-text.ts";
import { findBash } from "./find-bash.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";
import { readingEnvironment } from "./reading-environment.ts";

/**
 * Starts a command in a shell. A plan that reads starts its script, in a shell that nothing else has a say in.
 * @throws an Error that says why it cannot be started, and what would help
 */
export async function startCommand(command: string | CommandPlan, cwd: string): Promise<ProcessGroup> {
  const { command: asked, proved } = typeof command === "string" ? { command, proved: undefined } : command;
  const text = proved?.script ?? asked;
  checkCommand(text);
  const env = proved ? await readingEnvironment(process.env, cwd) : commandEnvironment(process.env);
  const shell = proved?.bash ?? (await findBash(env));
  try {
    return await startGroup(shell, shellArguments(shell, text, proved?.cat), { cwd, env });
  } catch (error) {
    throw await startError(error, text, cwd);
  }
}

/**
 * Node hands out sockets where a shell hands out pipes, and Linux cannot open those by name: `echo no >/dev/stderr`
 * fails. There, each stream goes through a pipe of bash's; a `cat` sees it out even while the command is ended.
 */
const WITH_PIPES = [
  'exec > >(trap "" TERM; exec "$2")',
  'exec 2> >(trap "" TERM; exec "$2" >&2)',
  'command=$1; shift 2; exec "$BASH" "$@" -c -- "$command" bash',
].join("\n");

/** No file of the user's may define a function in the place of a program that was looked at. */
const BARE = ["--noprofile", "--norc"];

/** @param cat the program that a proved command is run with: no file of the user's has a say in it */
function shellArguments(shell: string, command: string, cat: string | undefined): string[] {
  const isBash = shell.endsWith("bash");
  const flags = isBash && cat !== undefined ? BARE : [];
  if (isBash && process.platform === "linux")
    return [...flags, "-c", WITH_PIPES, "bash", command, cat ?? "cat", ...flags];
  return [...flags, "-c", "--", command, isBash ? "bash" : "sh"];
}

function checkCommand(command: string): void {
  if (command.trim() === "")
    throw new Error("The command is empty. Give the command to run, such as: npm test");
  if (!command.includes("\0")) return;
  throw new Error("The command holds a NUL character, which no shell can read. Leave it out.");
}

async function startError(error: unknown, command: string, cwd: string): Promise<Error> {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const folder = await stat(cwd).catch(() => undefined);
  if (!folder?.isDirectory())
    return new Error(`Nothing can be run in ${cwd}: the folder is not there any more.`);
  if (code === "E2BIG" || code === "ENAMETOOLONG") {
    const size = sizeOf(Buffer.byteLength(command));
    return new Error(
      `The command is too long to be started (${size}). Write it to a script file and run that.`,
    );
  }
  return new Error(`The command could not be started: the system says ${code}. Try again.`, { cause: error });
}
