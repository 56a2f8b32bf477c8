import type { ModelError, ModelEvent, StopReason, ToolCall, ToolResult } from "@eightfold/core";
import type { Markdown } from "../markdown/render.ts";
import { openProseView } from "../markdown/render.ts";
import { paintFor } from "../markdown/styled-text.ts";
import { errorNotice, lastWords, paragraph, retryNotice } from "../notices.ts";
import type { Screen } from "../screen.ts";
import type { Style } from "../style.ts";
import type { TurnEvent } from "../terminal.ts";
import { callLine } from "./call-line.ts";
import { styledDiff } from "./diff-view.ts";
import { type RunningCalls, runningCalls } from "./running-calls.ts";
import type { Spinner } from "./spinner.ts";

type ProseEvent = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;

/** One turn on the screen. */
export interface RichTurn {
  show(event: TurnEvent): void;
  /** The turn has been told to stop: nothing moves any longer. */
  stopped(): void;
  /** Says why the turn ended, where that is not plain to see. */
  end(stop: StopReason): void;
  /** Something else is written in the middle of the turn. */
  moved(): void;
}

export interface TurnPlace {
  readonly screen: Screen;
  readonly style: Style;
  readonly spinner: Spinner;
  /** The call that ended last, for whoever wants to see all of it. */
  ended(call: ToolCall, result: ToolResult): void;
  /** The user has just agreed to this diff: it stands above. */
  isSeen(diff: string): boolean;
}

/** A diff longer than this is cut. */
const MAX_DIFF_LINES = 24;

interface Shown {
  readonly place: TurnPlace;
  readonly running: RunningCalls;
  prose?: { readonly type: ProseEvent["type"]; readonly text: Markdown } | undefined;
  /** Nothing has been said: no word of the model's, no notice. */
  silent: boolean;
  /** Of the last reply. It is shown when the turn ends with it: until then the agent may find a way on. */
  failure?: ModelError | undefined;
  stopped: boolean;
}

export function openRichTurn(place: TurnPlace): RichTurn {
  const shown: Shown = { place, running: runningCalls(), silent: true, stopped: false };
  wait(shown, "thinking");

  return {
    show(event) {
      if (event.type === "text_delta" || event.type === "reasoning_delta") say(shown, event);
      else note(shown, event);
    },
    stopped() {
      shown.stopped = true;
      place.spinner.stop();
    },
    end(stop) {
      const { screen, spinner, style } = place;
      spinner.stop();
      endProse(shown);
      const columns = screen.columns();
      if (shown.failure) screen.note("notice", `${errorNotice(shown.failure, columns, style)}\n`);
      const words = shown.silent && stop === "done" ? "The model said nothing." : lastWords[stop];
      if (words === undefined || screen.unread.aborted) return;
      screen.note("notice", `${paragraph(words, columns, style.yellow)}\n`);
    },
    moved: () => shown.prose?.text.moved(),
  };
}

function wait({ place, stopped }: Shown, label: string): void {
  if (!stopped) place.spinner.wait(label);
}

function say(shown: Shown, { type, text }: ProseEvent): void {
  const { screen } = shown.place;
  let piece = text;
  if (shown.prose?.type !== type) {
    endProse(shown);
    piece = text.replace(/^\s*\n/, "");
    if (piece.trim() === "") return;
    shown.prose = { type, text: type === "text_delta" ? openAnswer(screen) : openThinking(screen) };
    wait(shown, type === "text_delta" ? "writing" : "thinking");
  }
  shown.prose.text.write(piece);
  if (type === "text_delta") shown.silent = false;
}

function endProse(shown: Shown): void {
  shown.prose?.text.end();
  shown.prose = undefined;
}

function note(shown: Shown, event: Exclude<TurnEvent, ProseEvent>): void {
  const { screen, style } = shown.place;
  const columns = screen.columns();
  endProse(shown);
  switch (event.type) {
    case "tool_start":
      shown.running.start(event.call);
      wait(shown, waitedFor(shown));
      break;
    case "tool_progress":
      shown.running.progress(event.call, event.text);
      shown.place.spinner.rename(waitedFor(shown));
      break;
    case "tool_end":
      shown.running.end(event.call);
      noteResult(shown.place, event.call, event.result);
      wait(shown, waitedFor(shown));
      break;
    case "notice":
      shown.silent = false;
      screen.note("notice", `${paragraph(event.text, columns, style.dim)}\n`);
      wait(shown, waitedFor(shown));
      break;
    case "retry":
      screen.note("notice", `${retryNotice(event.error, event.waitMs, columns, style)}\n`);
      wait(shown, "waiting to try again");
      break;
    case "reply_end":
      shown.failure = event.error;
  }
}

/** Columns of a spinner's line that are not its name: the frame, and the time. */
const AROUND_WAIT = 12;

function waitedFor({ place, running }: Shown): string {
  return running.words(place.screen.columns() - AROUND_WAIT) ?? "thinking";
}

function noteResult({ screen, ended, isSeen }: TurnPlace, call: ToolCall, result: ToolResult): void {
  ended(call, result);
  const columns = screen.columns();
  const runs = callLine(call, result, columns);
  if (result.diff && !isSeen(result.diff)) runs.push(...styledDiff(result.diff, columns, MAX_DIFF_LINES));
  screen.note("tools", paintFor(process.stderr)(runs));
}

function openAnswer(screen: Screen): Markdown {
  const block = Symbol("answer");
  const put = (text: string) => screen.answer(block, text);
  return openProseView({ stream: process.stdout, put, columns: screen.columns });
}

function openThinking(screen: Screen): Markdown {
  const block = Symbol("thinking");
  const put = (text: string) => screen.note(block, text);
  const { columns } = screen;
  return openProseView({ stream: process.stderr, put, columns, format: ["dim"], label: "thinking: " });
}
