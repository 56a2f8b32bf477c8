import { type ModelError, UsageError } from "@eightfold/core";
import type { Setting } from "../banner.ts";
import { errorNotice } from "../notices.ts";
import type { RichTerminal } from "../rich/rich-terminal.ts";
import { safeText } from "../safe-text.ts";
import { listenForStops } from "../stops.ts";
import { styleFor } from "../style.ts";
import { exitCodeOf, type Turn } from "../terminal.ts";
import { jsonUnread, openJson, writeEvent } from "./json-lines.ts";
import { recorder, startRecord, type TurnRecord } from "./turn-record.ts";

export interface JsonSetting extends Setting {
  /** Of the command line. */
  readonly request?: string | undefined;
  readonly sessionId?: string | undefined;
}

/**
 * Stands in for a terminal where a program reads: JSON on stdout, one value a line, and nothing else there. First
 * `{"type":"session","version":1,…}`, then every event of the turn, last `{"type":"result","stop","exitCode","text",
 * "steps","usage","costUsd"?,"error"?}`, which `runMain` writes however the turn ends. Nobody can be asked; what is
 * said to a user, and errors, are on stderr. Throws a UsageError without a request.
 */
export function openJsonOutput(setting: JsonSetting): RichTerminal {
  const { about, model, workspace, request, sessionId } = setting;
  if (request === undefined) {
    throw new UsageError("--output json is for a single request: give one as words or on stdin.");
  }
  const stops = listenForStops(() => {
    process.stderr.write("Still stopping. Ctrl-C again leaves at once.\n");
  });
  const record = startRecord();
  openJson(
    {
      phase: Number.parseInt(about.phase, 10),
      provider: model.provider,
      model: model.name,
      cwd: workspace?.root ?? process.cwd(),
      sessionId,
    },
    record,
  );

  return {
    async *requests() {
      yield request;
    },
    show: (start) =>
      stops.during(async (stopped) => {
        const signal = AbortSignal.any([stopped, jsonUnread]);
        record.stop = await follow(start(signal), record, signal);
        if (!stops.left.aborted) process.exitCode = exitCodeOf(record.stop, jsonUnread);
      }),
    canAsk: false,
    ask: async () => ({ type: "no" }),
    say: async (markdown) => void process.stderr.write(`${safeText(markdown)}\n`),
    usage: () => "",
    leave() {},
  };
}

async function follow(turn: Turn, record: TurnRecord, signal: AbortSignal) {
  const add = recorder(record);
  let failure: ModelError | undefined;
  let step = await turn.next();
  while (!step.done) {
    const event = step.value;
    add(event);
    await writeEvent(event, signal);
    if (event.type === "reply_end") failure = event.error;
    step = await turn.next();
  }
  if (failure) process.stderr.write(`${errorNotice(failure, 80, styleFor(process.stderr))}\n`);
  return step.value;
}
