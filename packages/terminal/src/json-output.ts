import { once } from "node:events";
import { writeSync } from "node:fs";
import {
  addReply,
  type ModelError,
  noUsage,
  type StopReason,
  UsageError,
  type UsageTotal,
} from "@eightfold/core";
import { paintFor } from "./markdown/styled-text.ts";
import { type BannerSetting, errorNotice } from "./notices.ts";
import { safeText } from "./safe-text.ts";
import { follow, listenForStops, type Turn, type TurnEvent } from "./turn.ts";

/** Another number means that a line no longer says what it said. */
const VERSION = 1;

export interface Failure {
  /** A ModelErrorKind, "usage" for a wrong command line, or "bug". */
  readonly kind: string;
  readonly message: string;
}

/** What is to be told of a turn when it has ended, and of one that is broken off. */
interface TurnRecord extends UsageTotal {
  stop?: StopReason;
  /** What the last reply said, as far as it came: the answer. */
  text: string;
  /** The last reply is not over. */
  saying: boolean;
  /** Replies of the model. */
  steps: number;
  error?: Failure;
}

/** There is one stdout, and what is still to be written on it is known when the process ends: so this is kept once. */
const output: {
  stage: "not wanted" | "expected" | "open" | "ended";
  phase: number;
  readonly record: TurnRecord;
} = { stage: "not wanted", phase: 0, record: { text: "", saying: false, steps: 0, ...noUsage() } };

/** `--output json` was given: from now on a failure, and the end of the process, is told in JSON too. */
export function expectJson(phase: string): void {
  output.stage = "expected";
  output.phase = Number.parseInt(phase, 10);
}

/**
 * Stands in for a terminal where a program reads: JSON on stdout, one value a line, and nothing else there. First
 * `{"type":"session","version":1,…}`, then every event of the turn, last `{"type":"result","stop","exitCode","text",
 * "steps","usage","costUsd"?,"error"?}`, which `runMain` writes however the turn ends. Nobody can be asked; what is
 * said to a user, and errors, are on stderr. Throws a UsageError without a request.
 */
export function openJsonOutput(
  setting: BannerSetting & { readonly request?: string | undefined; readonly sessionId?: string | undefined },
) {
  const { about, model, workspace, request, sessionId } = setting;
  if (request === undefined) {
    throw new UsageError("--output json is for a single request: give one as words or on stdin.");
  }
  const unread = new AbortController();
  process.stdout.on("error", () => unread.abort());
  const stops = listenForStops({
    isOneShot: true,
    unread: unread.signal,
    onSlow: () => void process.stderr.write("Still stopping. Ctrl-C again leaves at once.\n"),
  });
  expectJson(about.phase);
  output.stage = "open";
  const cwd = workspace?.root ?? process.cwd();
  const names = { provider: model.provider, model: model.name, cwd, sessionId };
  process.stdout.write(firstLine({ phase: output.phase, ...names }));

  return {
    async *requests() {
      yield request;
    },
    show: (start: (signal: AbortSignal) => Turn) =>
      stops.during((signal) => writeTurn(start(signal), signal, unread.signal)),
    canAsk: false,
    ask: async () => ({ type: "no" }) as const,
    say: async (markdown: string) => void process.stderr.write(`${safeText(markdown)}\n`),
    usage: () => "",
    commands: [],
  };
}

/** Writes each event, and waits for a reader that is slower than the model, until the signal aborts. */
async function writeTurn(turn: Turn, signal: AbortSignal, unread: AbortSignal): Promise<StopReason> {
  let failure: ModelError | undefined;
  const stop = await follow(turn, async (event) => {
    record(event);
    if (event.type === "reply_end") failure = event.error;
    if (unread.aborted) return;
    process.stdout.write(lineOf(event));
    if (process.stdout.writableNeedDrain) await once(process.stdout, "drain", { signal }).catch(() => {});
  });
  output.record.stop = stop;
  if (failure) process.stderr.write(paintFor(process.stderr)(errorNotice(failure, 80)));
  return stop;
}

/** Adds what an event says to the result. The text of a reply takes the place of that of the one before. */
function record(event: TurnEvent): void {
  const { record } = output;
  addReply(record, event);
  switch (event.type) {
    case "text_delta":
      record.text = (record.saying ? record.text : "") + event.text;
      record.saying = true;
      break;
    case "retry":
      record.text = "";
      break;
    case "reply_end":
      if (!record.saying) record.text = "";
      record.saying = false;
      record.steps++;
      delete record.error; // an agent may find a way on after a failure
      if (event.error) record.error = event.error;
  }
}

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
export function endJsonAtOnce(exitCode: number): void {
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
  const { stage, phase } = output;
  const nothingToTell = stage === "expected" && exitCode === 0;
  if (stage === "not wanted" || stage === "ended" || nothingToTell) return "";
  const { stop = exitCode > 128 ? "aborted" : "error", text, steps, usage, costUsd, error } = output.record;
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
