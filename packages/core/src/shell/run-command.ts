import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type ClippedOutput, clippedOutput } from "./clipped-output.ts";
import { sizeOf } from "./clipped-text.ts";
import type { Ending } from "./ending.ts";
import { commandEnvironment } from "./environment.ts";
import { findBash } from "./find-bash.ts";
import type { ProcessGroup } from "./process-group.ts";

export interface CommandOptions {
  /** The root of the workspace: where the command starts, and where output too long to show is kept. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Seconds until the command is ended: 120 when absent, at most 600. */
  readonly timeoutSeconds?: number | undefined;
}

export interface CommandOutcome {
  readonly ending: Ending;
  /** What it printed, as plain text; start and end only when it is long, with a line that names the file with all of it. */
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

const ABORTED = { type: "aborted" } as const;

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 600;

/** A background process may hold the pipes open for ever: reading goes on until they are quiet, or for so long. */
const QUIET_MS = 100;
const DRAIN_MS = 1000;

/**
 * Runs a command with bash and ends all that it started: when it is done, when its time is up, when `signal` is
 * aborted, and when our own process exits. After an abort it returns at once, and the ending goes on behind.
 * @throws an Error a model can act on, when the command cannot be started at all
 */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandOutcome> {
  const { cwd, signal, timeoutSeconds } = options;
  checkCommand(command);
  const seconds = checkedSeconds(timeoutSeconds);
  const started = performance.now();
  const stdout = clippedOutput(cwd, "stdout");
  const stderr = clippedOutput(cwd, "stderr");
  const ending = signal.aborted
    ? ABORTED
    : await run(await start(command, cwd), [stdout, stderr], seconds, signal);
  return {
    ending,
    stdout: await stdout.text(),
    stderr: await stderr.text(),
    milliseconds: Math.round(performance.now() - started),
  };
}

async function run(
  group: ProcessGroup,
  [stdout, stderr]: readonly [ClippedOutput, ClippedOutput],
  seconds: number,
  signal: AbortSignal,
): Promise<Ending> {
  let ending: Ending | undefined;
  const finish = async (): Promise<void> => {
    const read = Promise.all([feed(group.stdout, stdout), feed(group.stderr, stderr)]);
    ending = await withTimeout(group.exited, seconds);
    if (ending.type === "timeout") await group.end();
    await drain(read, () => stdout.bytes + stderr.bytes);
    await group.end();
  };
  await unlessAborted(finish(), signal);
  if (signal.aborted) group.abandon();
  group.stdout.destroy();
  group.stderr.destroy();
  return ending ?? ABORTED;
}

async function start(command: string, cwd: string): Promise<ProcessGroup> {
  const { startGroup } = await import("./process-group.ts");
  const env = commandEnvironment(process.env);
  const bash = await findBash(env);
  try {
    return await startGroup(bash, ["-c", "--", command], { cwd, env });
  } catch (error) {
    throw await startError(error, command, cwd);
  }
}

async function feed(stream: Readable, output: ClippedOutput): Promise<void> {
  try {
    for await (const chunk of stream) await output.add(chunk);
  } catch (error) {
    // Destroyed by us: enough was read.
    if (!stream.destroyed) throw error;
  }
}

async function withTimeout(exited: Promise<Ending>, seconds: number): Promise<Ending> {
  const stop = new AbortController();
  const timeout = pause(seconds * 1000, { type: "timeout", seconds } as const, { signal: stop.signal });
  timeout.catch(() => {});
  try {
    return await Promise.race([exited, timeout]);
  } finally {
    stop.abort();
  }
}

/** Waits until all is read, or nothing has come for a while, or the time for it is up. */
async function drain(read: Promise<unknown>, bytes: () => number): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const ended = read.then(() => true);
  for (let before = -1; before !== bytes() && performance.now() < deadline; ) {
    before = bytes();
    if (await Promise.race([ended, pause(QUIET_MS, false)])) return;
  }
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const onAbort = (): void => aborted.resolve();
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function checkCommand(command: string): void {
  if (command.trim() === "")
    throw new Error("The command is empty. Give the command to run, such as: npm test");
  if (command.includes("\0"))
    throw new Error("The command holds a NUL character, which no shell can read. Leave it out.");
}

function checkedSeconds(seconds: number = DEFAULT_SECONDS): number {
  if (seconds > 0) return Math.min(seconds, MAX_SECONDS);
  throw new Error(
    `The timeout is ${seconds}. It must be a number of seconds above 0, such as ${DEFAULT_SECONDS}.`,
  );
}

async function startError(error: unknown, command: string, cwd: string): Promise<Error> {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const folder = await stat(cwd).catch(() => undefined);
  if (!folder?.isDirectory())
    return new Error(`The folder ${cwd} is not there any more, so nothing can be run in it.`);
  if (code === "E2BIG" || code === "ENAMETOOLONG") {
    const size = sizeOf(Buffer.byteLength(command));
    return new Error(
      `The command is too long to be started (${size}). Write it to a script file and run that.`,
    );
  }
  return new Error(`The command could not be started: ${code}.`, { cause: error });
}
