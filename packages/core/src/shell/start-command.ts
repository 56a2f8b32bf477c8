import { stat } from "node:fs/promises";
import { sizeOf } from "./clipped-text.ts";
import { commandEnvironment } from "./environment.ts";
import { findBash } from "./find-bash.ts";
import { type ProcessGroup, startGroup } from "./process-group.ts";

/**
 * Starts a command in a shell.
 * @throws an Error that says why it cannot be started, and what would help
 */
export async function startCommand(command: string, cwd: string): Promise<ProcessGroup> {
  checkCommand(command);
  const env = commandEnvironment(process.env);
  const shell = await findBash(env);
  try {
    return await startGroup(shell, shellArguments(shell, command), { cwd, env });
  } catch (error) {
    throw await startError(error, command, cwd);
  }
}

/**
 * Node hands out sockets where a shell hands out pipes, and Linux cannot open those by name: `echo no >/dev/stderr`
 * fails. There, each stream goes through a pipe of bash's; a `cat` sees it out even while the command is ended.
 */
const WITH_PIPES = [
  'exec > >(trap "" TERM; exec cat)',
  'exec 2> >(trap "" TERM; exec cat >&2)',
  'exec "$BASH" -c -- "$1" bash',
].join("\n");

function shellArguments(shell: string, command: string): string[] {
  const isBash = shell.endsWith("bash");
  if (isBash && process.platform === "linux") return ["-c", WITH_PIPES, "bash", command];
  return ["-c", "--", command, isBash ? "bash" : "sh"];
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
