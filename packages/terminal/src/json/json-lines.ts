import { once } from "node:events";
import { writeSync } from "node:fs";
import { type Failure, startRecord, type TurnRecord } from "./turn-record.ts";

/** Another number means that a line no longer says what it said. */
const VERSION = 1;

/**
 * The lines of `--output json` on stdout: a `session` first, then the events, and a `result` last, however the
 * process ends. There is one stdout, so this is kept once.
 */
const output: {
  stage: "not wanted" | "wanted" | "open" | "ended";
  phase: number;
  record: TurnRecord;
} = { stage: "not wanted", phase: 0, record: startRecord() };

const unread = new AbortController();

/** From now on a failure, and the end of the process, is told in JSON too. */
export function wantJson(phase: string): void {
  output.stage = "wanted";
  output.phase = Number.parseInt(phase, 10);
  process.stdout.on("error", () => unread.abort());
  process.on("exit", endAtOnce);
  process.on("SIGINT", () => output.stage === "wanted" && process.exit(130));
  process.on("SIGTERM", () => output.stage === "wanted" && process.exit(143));
}

/** Writes the first line. What the record holds when the process ends is the result. */
export function openJson(session: Readonly<Record<string, unknown>>, record: TurnRecord): void {
  if (output.stage !== "wanted") wantJson(String(session.phase));
  output.record = record;
  output.stage = "open";
  process.stdout.write(firstLine(session));
}

/** Writes an event, and waits for a reader that is slower than the model, until the signal aborts. */
export async function writeEvent(event: object, signal: AbortSignal): Promise<void> {
  if (unread.signal.aborted) return;
  process.stdout.write(lineOf(event));
  if (process.stdout.writableNeedDrain) await once(process.stdout, "drain", { signal }).catch(() => {});
}

/** Aborts when nobody reads stdout any longer (`| head -1`). */
export const jsonUnread: AbortSignal = unread.signal;

/** Remembers for the result what went wrong. */
export function noteFailure(failure: Failure): void {
  output.record.stop = "error";
  output.record.error = failure;
}

/** Writes the result, and waits until all is out. Does nothing where no JSON is wanted. */
export async function endJson(): Promise<void> {
  const last = lastLines(Number(process.exitCode ?? 0));
  if (last === "") return;
  output.stage = "ended";
  await new Promise((resolve) => process.stdout.write(last, resolve));
}

/** The process ends without having come to `endJson`. What is not out by now never will be. */
function endAtOnce(exitCode: number): void {
  const last = lastLines(exitCode);
  if (last === "" || process.stdout.writableLength > 0) return;
  try {
    writeSync(process.stdout.fd, last);
  } catch {
    // Nobody reads it.
  }
}

/** The result, with the first line if that is missing; "" where neither is wanted: after `--help`, say. */
function lastLines(exitCode: number): string {
  const { stage, record, phase } = output;
  const nothingToTell = stage === "wanted" && exitCode === 0;
  if (stage === "not wanted" || stage === "ended" || nothingToTell) return "";
  const { stop = exitCode > 128 ? "aborted" : "error", text, steps, usage, costUsd, error } = record;
  const cost = steps > 0 ? costUsd : undefined;
  const result = lineOf({ type: "result", stop, exitCode, text, steps, usage, costUsd: cost, error });
  return stage === "open" ? result : firstLine({ phase }) + result;
}

function firstLine(session: object): string {
  return lineOf({ type: "session", version: VERSION, ...session });
}

/** One line for every reader: some take these characters for the end of one too. */
function lineOf(value: object): string {
  const json = JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${json}\n`;
}
