import { once } from "node:events";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type ClippedOutput, clippedOutput } from "./output.ts";
import type { ProcessGroup } from "./process-group.ts";
import { type StartPlan, startCommand } from "./start-command.ts";

/** How a command ended. */
export type Ending =
  | { readonly type: "exit"; readonly code: number }
  | { readonly type: "signal"; readonly signal: string }
  | { readonly type: "timeout"; readonly seconds: number }
  | { readonly type: "aborted" };

export interface CommandOptions {
  /** The root of the workspace: where the command starts, and where output too long to show is kept. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Seconds until the command is ended: 120 when absent, at most 600. */
  readonly timeoutSeconds?: number | undefined;
  /** Told what is printed on both streams while it runs, as plain text, ten times a second at most; of a flood the end. */
  readonly onPrint?: (text: string) => void;
}

export interface CommandOutcome {
  readonly ending: Ending;
  /** What it printed, as plain text; start and end only when it is long, with a line that names the file with all of it. */
  readonly stdout: string;
  readonly stderr: string;
  /** On a command that did not succeed in its box: what it could not do there, for a model. */
  readonly note?: string;
  readonly milliseconds: number;
}

type Output = Record<"stdout" | "stderr", ClippedOutput>;

const ABORTED = { type: "aborted" } as const;

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 600;

/** A background process may hold the pipes open for ever: reading goes on until they are quiet, or for so long. */
const QUIET_MS = 250;
const DRAIN_MS = 1000;

/**
 * Runs a command with bash and ends everything that it started: when it is done, when its time is up, when `signal` is
 * aborted, and when our own process exits. After an abort it returns at once, and the ending goes on in the background.
 * @param command a command, or the plan of one: a plan that reads is run as it was read
 * @throws an Error a model can act on, when the command cannot be started at all
 */
export async function runCommand(
  command: string | StartPlan,
  options: CommandOptions,
): Promise<CommandOutcome> {
  const { cwd, signal, timeoutSeconds, onPrint = () => {} } = options;
  const seconds = checkedSeconds(timeoutSeconds);
  const started = performance.now();
  const { print, flush } = printer(onPrint);
  const output = { stdout: clippedOutput(cwd, "stdout", print), stderr: clippedOutput(cwd, "stderr", print) };
  const { box, ...outside }: StartPlan = typeof command === "string" ? { command } : command;
  const ending = signal.aborted
    ? ABORTED
    : await runToEnd(await startCommand(command, cwd), output, seconds, signal, box !== undefined);
  const [stdout, stderr] = [await output.stdout.text(), await output.stderr.text()];
  flush();
  await box?.ended();
  const milliseconds = Math.round(performance.now() - started);
  const isDone = ending.type === "aborted" || (ending.type === "exit" && ending.code === 0);
  const failure = isDone ? undefined : await box?.failed(stdout, stderr);
  const outcome = { ending, stdout, stderr, milliseconds };
  if (!failure) return outcome;
  const { note, mayLeave } = failure;
  return { ...(mayLeave ? await runCommand(outside, options) : outcome), note };
}

const PRINT_MS = 100;
const MOST_PRINTED = 256 * 1024;

/** Gathers what is printed, and hands it on a few times a second. */
function printer(onPrint: (text: string) => void) {
  let held = "";
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (held !== "") onPrint(held);
    held = "";
  }

  function print(text: string): void {
    held += text;
    if (held.length > MOST_PRINTED) held = `[…]\n${held.slice(-MOST_PRINTED / 2)}`;
    timer ??= setTimeout(flush, PRINT_MS);
  }
  return { print, flush };
}

/** The ending in a few words: "exit 1", "killed by SIGSEGV", "timed out after 120 s", "stopped by the user". */
export function describeEnding(ending: Ending): string {
  switch (ending.type) {
    case "exit":
      return `exit ${ending.code}`;
    case "signal":
      return `killed by ${ending.signal}`;
    case "timeout":
      return `timed out after ${ending.seconds} s`;
    case "aborted":
      return "stopped by the user";
  }
}

/** The time a command gets: the time asked for, within bounds. In seconds. */
export function checkedSeconds(seconds: number = DEFAULT_SECONDS): number {
  if (seconds > 0) return Math.min(seconds, MAX_SECONDS);
  const wanted = `It must be a number of seconds above 0, such as ${DEFAULT_SECONDS}.`;
  throw new Error(`The timeout is ${seconds}. ${wanted}`);
}

/** Waits for the first of the endings, reading all the while, and sees to it that nothing lives on. */
async function runToEnd(
  group: ProcessGroup,
  output: Output,
  seconds: number,
  signal: AbortSignal,
  isBoxed: boolean,
) {
  const over = new AbortController();
  const aborted = signal.aborted
    ? ABORTED
    : once(signal, "abort", { signal: over.signal }).then(() => ABORTED);
  const timeout = pause(seconds * 1000, { type: "timeout", seconds } as const, { signal: over.signal });
  const read = Promise.all([feed(group.stdout, output.stdout), feed(group.stderr, output.stderr)]);

  /** What is left in the background gets a moment to say the rest; then it is ended, and its last words are read. */
  async function finish(ending: Ending): Promise<void> {
    if (ending.type !== "timeout") await drain(output, read);
    await group.end();
    await drain(output, read);
  }

  try {
    const ending = await Promise.race([endingOf(group, isBoxed), timeout, aborted]);
    if (ending !== ABORTED) await Promise.race([finish(ending), aborted]);
    return ending;
  } finally {
    over.abort();
    if (signal.aborted) group.abandon();
    group.stdout.destroy();
    group.stderr.destroy();
  }
}

/** A box tells of a signal as shells do: with 128 and its number. */
async function endingOf({ exited }: ProcessGroup, isBoxed: boolean): Promise<Ending> {
  const { code, signal } = await exited;
  const told = Object.entries(constants.signals).find(([, number]) => isBoxed && number + 128 === code);
  const name = signal ?? told?.[0];
  return name === undefined ? { type: "exit", code: code ?? 0 } : { type: "signal", signal: name };
}

/** Waits until all is read, or nothing has come for a while, or the time for it is up. */
async function drain({ stdout, stderr }: Output, read: Promise<unknown>): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const ended = read.then(() => true);
  const bytes = (): number => stdout.bytes() + stderr.bytes();
  for (let before = -1; before !== bytes() && performance.now() < deadline; ) {
    before = bytes();
    if (await Promise.race([ended, pause(QUIET_MS, false)])) return;
  }
}

async function feed(stream: Readable, output: ClippedOutput): Promise<void> {
  try {
    for await (const chunk of stream) await output.add(chunk);
  } catch {
    // The stream was destroyed: enough was read.
  }
}
