import { once } from "node:events";
import { writeSync } from "node:fs";
import type { ModelError, StopReason, UsageTotal } from "@eightfold/core";
import { addReply, noUsage, UsageError } from "@eightfold/core";
import { paintFor } from "./markdown/styled-text.ts";
import { errorNotice } from "./notices.ts";
import { commandIn, withOwnCommands } from "./prompt.ts";
import { safeText } from "./safe-text.ts";
import type { Terminal, TerminalSetting } from "./terminal.ts";
import { follow, listenForStops, type Turn, type TurnEvent } from "./turn.ts";

/** Another number means that a line no longer says what it said. */
const VERSION = 1;

/** Of a kind of ModelError, "usage" for a wrong command line, or "bug". */
type Failure = Pick<ModelError, "message" | "hint"> & { readonly kind: string };

/** What is to be told of a turn when it has ended, and of one that is broken off. */
interface TurnRecord extends UsageTotal {
  stop?: StopReason;
  /** What the last reply said, as far as it came: the answer. */
  text: string;
  /** The last reply is not over. */
  saying: boolean;
  /** Replies of the model. */
  steps: number;
  error?: Failure | undefined;
}

const record: TurnRecord = { text: "", saying: false, steps: 0, ...noUsage() };

/** There is one stdout, and what is still to be written on it is known when the process ends: so this is kept once. */
let stage: "not wanted" | "expected" | "open" | "ended" = "not wanted";
let phase = 0;

/** `--output json` was given: from now on a failure, and the end of the process, is told in JSON too. */
export function expectJson(phaseName: string): void {
  stage = "expected";
  phase = Number.parseInt(phaseName, 10);
}

/**
 * Takes the part of the terminal when a program reads: JSON on stdout, one value per line, and nothing else. First
 * `{"type":"session","version":1,…}`, then every event of the turn, last `{"type":"result","stop","exitCode","text",
 * "steps","usage","costUsd"?,"error"?}`, which `runMain` writes however the turn ends. Nobody can be asked. Errors, and words
 * for a user, go to stderr. Throws a UsageError without a request, and for a slash command.
 */
export function openJsonOutput(setting: TerminalSetting): Terminal {
  const { about, model, workspace, request, sessionId } = setting;
  if (request === undefined) {
    throw new UsageError("--output json is for a single request: give one as words or on stdin.");
  }
  if (setting.commands && commandIn(request, withOwnCommands(setting)) !== undefined) {
    throw new UsageError(`${request} is a slash command, and answers in text. Leave out --output json.`);
  }
  const unread = new AbortController();
  process.stdout.on("error", () => unread.abort());
  const stops = listenForStops({
    isOneShot: true,
    unread: unread.signal,
    onSlow: () => void process.stderr.write("Still stopping. Ctrl-C again leaves at once.\n"),
  });
  expectJson(about.phase);
  stage = "open";
  const cwd = workspace?.root ?? process.cwd();
  process.stdout.write(firstLine({ provider: model.provider, model: model.name, cwd, sessionId }));

  return {
    async *requests() {
      yield request;
    },
    show: (start) => stops.during((signal) => writeTurn(start(signal), signal, unread.signal)),
    saidMeanwhile: () => [],
    typedCommand: () => undefined,
    canAsk: false,
    ask: async () => ({ type: "no" }),
    say: async (markdown) => void process.stderr.write(`${safeText(markdown)}\n`),
    usage: () => "",
  };
}

/** Writes each event, and waits for a reader that is slower than the model, until the signal aborts. */
async function writeTurn(turn: Turn, signal: AbortSignal, unread: AbortSignal): Promise<StopReason> {
  record.stop = await follow(turn, async (event) => {
    noteEvent(event);
    if (unread.aborted) return;
    process.stdout.write(lineOf(event));
    if (process.stdout.writableNeedDrain) await once(process.stdout, "drain", { signal }).catch(() => {});
  });
  if (record.error) process.stderr.write(paintFor(process.stderr)(errorNotice(record.error, 80)));
  return record.stop;
}

/** Adds what an event says to the result. The text of a reply takes the place of that of the one before. */
function noteEvent(event: TurnEvent): void {
  addReply(record, event);
  if (event.type === "text_delta") {
    record.text = (record.saying ? record.text : "") + event.text;
    record.saying = true;
  } else if (event.type === "retry") record.text = "";
  else if (event.type === "reply_end") {
    if (!record.saying) record.text = "";
    record.saying = false;
    record.steps++;
    record.error = event.error; // none after a failure that the agent found a way on from
  }
}

/** Remembers for the result what went wrong. */
export function noteFailure(error: Failure): void {
  Object.assign(record, { stop: "error", error });
}

/** Writes the result, and waits until all is out. Does nothing where no JSON is wanted. */
export async function endJson(): Promise<void> {
  const last = lastLines(Number(process.exitCode ?? 0));
  if (last === "") return;
  stage = "ended";
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
  const nothingToTell = stage === "expected" && exitCode === 0;
  if (stage === "not wanted" || stage === "ended" || nothingToTell) return "";
  const { stop = exitCode > 128 ? "aborted" : "error", text, steps, usage, error } = record;
  const costUsd = steps > 0 ? record.costUsd : undefined;
  const result = lineOf({ type: "result", stop, exitCode, text, steps, usage, costUsd, error });
  return stage === "open" ? result : firstLine({}) + result;
}

function firstLine(session: object): string {
  return lineOf({ type: "session", version: VERSION, phase, ...session });
}

/** One line for every reader: some take these characters for the end of one too. */
function lineOf(value: object): string {
  const json = JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${json}\n`;
}
