import type { ModelError, ModelEvent, StopReason, ToolCall, ToolResult } from "@eightfold/core";
import { callLine, type RunningCalls, runningCalls } from "./call-line.ts";
import { styledDiff } from "./diff-view.ts";
import type { Markdown } from "./markdown/render.ts";
import { openProseView } from "./markdown/render.ts";
import { type Paint, paintFor, type StyledText } from "./markdown/styled-text.ts";
import { errorNotice, lastWords, paragraph, retryNotice } from "./notices.ts";
import type { Block, Screen } from "./screen.ts";
import type { TurnEvent } from "./turn.ts";

type ProseEvent = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;

/** One turn on the screen. */
export interface TurnView {
  show(event: TurnEvent): void;
  /** The turn has been told to stop: nothing moves any longer. */
  stopped(): void;
  /** Says why the turn ended, where that is not plain to see. */
  end(stop: StopReason): void;
  /** Something else is written in the middle of the turn. */
  moved(): void;
}

export interface TurnViewSetting {
  readonly screen: Screen;
  /** The call that ended last, for whoever wants to see all of it. */
  ended(call: ToolCall, result: ToolResult): void;
  /** The user has just agreed to this diff: it stands above. */
  isSeen(diff: string): boolean;
}

/** A diff longer than this is cut. */
const MAX_DIFF_LINES = 24;

interface Shown extends TurnViewSetting {
  readonly paint: Paint;
  readonly running: RunningCalls;
  prose?: { readonly type: ProseEvent["type"]; readonly text: Markdown } | undefined;
  /** Nothing has been said: no word of the model's, no notice. */
  silent: boolean;
  /** Of the last reply. It is shown when the turn ends with it: until then the agent may find a way on. */
  failure?: ModelError | undefined;
  stopped: boolean;
}

export function openTurnView(setting: TurnViewSetting): TurnView {
  const { screen } = setting;
  const { spinner } = screen;
  const paint = paintFor(process.stderr);
  const shown: Shown = { ...setting, paint, running: runningCalls(), silent: true, stopped: false };
  wait(shown, "thinking");

  return {
    show(event) {
      if (event.type === "text_delta" || event.type === "reasoning_delta") say(shown, event);
      else note(shown, event);
    },
    stopped() {
      shown.stopped = true;
      spinner.stop();
    },
    end(stop) {
      spinner.stop();
      endProse(shown);
      if (shown.failure) write(shown, "notice", errorNotice(shown.failure, screen.columns()));
      const words = shown.silent && stop === "done" ? "The model said nothing." : lastWords[stop];
      if (words === undefined || screen.unread.aborted) return;
      write(shown, "notice", paragraph(words, screen.columns(), ["yellow"]));
    },
    moved: () => shown.prose?.text.moved(),
  };
}

function write({ screen, paint }: Shown, block: Block, texts: readonly StyledText[]): void {
  screen.note(block, paint(texts));
}

function wait({ screen, stopped }: Shown, label: string): void {
  if (!stopped) screen.spinner.wait(label);
}

function say(shown: Shown, { type, text }: ProseEvent): void {
  let piece = text;
  if (shown.prose?.type !== type) {
    endProse(shown);
    piece = text.replace(/^\s*\n/, "");
    if (piece.trim() === "") return;
    shown.prose = { type, text: openProse(shown.screen, type) };
    wait(shown, type === "text_delta" ? "writing" : "thinking");
  }
  shown.prose.text.write(piece);
  if (type === "text_delta") shown.silent = false;
}

/** Each stretch of text is a block of its own, also where nothing else is written between two of them: in a pipe. */
function openProse({ answer, note, columns }: Screen, type: ProseEvent["type"]): Markdown {
  const block = Symbol(type);
  if (type === "text_delta") {
    return openProseView({ stream: process.stdout, put: (text) => answer(block, text), columns });
  }
  const put = (text: string) => note(block, text);
  return openProseView({ stream: process.stderr, put, columns, format: ["dim"], label: "thinking: " });
}

function endProse(shown: Shown): void {
  shown.prose?.text.end();
  shown.prose = undefined;
}

function note(shown: Shown, event: Exclude<TurnEvent, ProseEvent>): void {
  const { running, screen } = shown;
  const columns = screen.columns();
  endProse(shown);
  switch (event.type) {
    case "tool_start":
      running.start(event.call);
      wait(shown, waitedFor(shown));
      break;
    case "tool_progress":
      running.progress(event.call, event.text);
      screen.spinner.rename(waitedFor(shown));
      break;
    case "tool_end":
      running.end(event.call);
      noteResult(shown, event.call, event.result);
      wait(shown, waitedFor(shown));
      break;
    case "notice":
      shown.silent = false;
      write(shown, "notice", paragraph(event.text, columns, ["dim"]));
      wait(shown, waitedFor(shown));
      break;
    case "retry":
      write(shown, "notice", retryNotice(event.error, event.waitMs, columns));
      wait(shown, "waiting to try again");
      break;
    case "reply_end":
      shown.failure = event.error;
  }
}

/** Columns of a spinner's line that are not its name: the frame, and the time. */
const AROUND_WAIT = 12;

function waitedFor({ screen, running }: Shown): string {
  return running.words(screen.columns() - AROUND_WAIT) ?? "thinking";
}

function noteResult(shown: Shown, call: ToolCall, result: ToolResult): void {
  const columns = shown.screen.columns();
  const { diff } = result;
  shown.ended(call, result);
  const below = diff && !shown.isSeen(diff) ? styledDiff(diff, columns, MAX_DIFF_LINES) : [];
  write(shown, "tools", [...callLine(call, result, columns), ...below]);
}
