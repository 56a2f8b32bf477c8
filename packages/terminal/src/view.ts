import { replyIn, type StopReason, type ToolCall, type ToolResult } from "@eightfold/core";
import { type Answer, type Asking, askOnScreen, type Question } from "./ask.ts";
import { callLine } from "./call-line.ts";
import { styledDiff } from "./diff-view.ts";
import { openProseView } from "./markdown/render.ts";
import { NEWLINE, type Paint, paintFor } from "./markdown/styled-text.ts";
import { paragraph } from "./notices.ts";
import { type Choice, styledChoices } from "./prompt.ts";
import { safeText } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import { follow, type Turn } from "./turn.ts";
import { openTurnView, type TurnView } from "./turn-view.ts";
import { type Used, usageLine, usageReport } from "./usage.ts";

/** All that a terminal draws, over a whole session. */
export interface View {
  /** Shows a turn until it ends, and what it used. */
  show(turn: Turn, signal: AbortSignal): Promise<StopReason>;
  /** Markdown that no model wrote, on stderr. */
  say(markdown: string): void;
  /** The same, for whoever shows it. */
  rendered(markdown: string): string;
  /** What the session used, as Markdown; "" before its first reply. */
  usage(): string;
  /** The whole result of the last call, as a terminal is sent it. */
  lastResult(): string;
  /** Shows it in the middle of a turn. */
  showResult(): void;
  /** Asks the user. Questions come one after the other, and what the turn shows waits for the answer. */
  ask(question: Question, through: AskingThrough, signal: AbortSignal): Promise<Answer>;
  /** What the Tab key may choose from. */
  choices(choices: readonly Choice[]): string;
}

type AskingThrough = Pick<Asking, "keyboard" | "stops" | "requests">;

interface State {
  readonly screen: Screen;
  /** For what stands in the place of the prompt. */
  readonly paint: Paint;
  readonly total: Used;
  /** Until the last question is answered. */
  asked: Promise<unknown>;
  /** That of the last question. */
  seenDiff?: string | undefined;
  turn?: TurnView | undefined;
  last?: { readonly call: ToolCall; readonly result: ToolResult } | undefined;
}

export function openView(screen: Screen): View {
  const paint = paintFor(screen.prompts);
  const state: State = { screen, paint, total: { replies: [], milliseconds: 0 }, asked: Promise.resolve() };
  return {
    show: (turn, signal) => show(state, turn, signal),
    say: (markdown) => screen.note(Symbol("said"), rendered(markdown, screen)),
    rendered: (markdown) => rendered(markdown, screen),
    usage: () => (state.total.replies.length > 0 ? usageReport(state.total) : ""),
    lastResult: () => lastResult(state),
    showResult() {
      state.turn?.moved();
      screen.note(Symbol("result"), lastResult(state));
    },
    ask: (question, through, signal) => ask(state, question, through, signal),
    choices: (choices) => paint(styledChoices(choices, screen.columns())),
  };
}

async function show(state: State, turn: Turn, signal: AbortSignal): Promise<StopReason> {
  const { screen, total } = state;
  const started = performance.now();
  const used: Used = { replies: [], milliseconds: 0 };
  const shown = openTurnView({
    screen,
    ended: (call, result) => (state.last = { call, result }),
    isSeen: (diff) => diff === state.seenDiff,
  });
  state.turn = shown;
  signal.addEventListener("abort", shown.stopped);
  let stop: StopReason = "error";
  try {
    stop = await follow(turn, async (event) => {
      await state.asked;
      if (!signal.aborted || !event.type.endsWith("_delta")) shown.show(event);
      const reply = replyIn(event);
      if (reply) used.replies.push({ usage: reply.usage, costUsd: reply.costUsd });
      await screen.drained(signal);
    });
    return stop;
  } finally {
    signal.removeEventListener("abort", shown.stopped);
    shown.end(stop);
    state.turn = undefined;
    used.milliseconds = performance.now() - started;
    total.milliseconds += used.milliseconds;
    total.replies.push(...used.replies);
    const columns = screen.columns();
    const line = paragraph(usageLine(used, columns), columns, ["dim"]);
    if (used.replies.length > 0) screen.note("usage", paintFor(process.stderr)(line));
  }
}

/** Rendered where stderr is a terminal; elsewhere the Markdown stays as it was written. */
function rendered(markdown: string, { columns }: Screen): string {
  const pieces: string[] = [];
  const put = (piece: string) => void pieces.push(piece);
  const prose = openProseView({ stream: process.stderr, put, columns });
  prose.write(markdown);
  prose.end();
  return pieces.join("");
}

async function ask(state: State, question: Question, through: AskingThrough, signal: AbortSignal) {
  const { screen } = state;
  const answer = state.asked.then(() => {
    state.seenDiff = "diff" in question.body ? question.body.diff : undefined;
    const asking = { ...through, screen, lastResult: () => lastResult(state) };
    return askOnScreen(question, asking, signal);
  });
  state.asked = answer.catch(() => {});
  return answer;
}

function lastResult({ screen, paint, last }: State): string {
  if (!last) return paint([{ text: "No tool has run yet.", format: ["dim"] }, NEWLINE]);
  const { call, result } = last;
  const columns = screen.columns();
  const head = paint(callLine(call, result, columns));
  if (result.diff) return head + paint(styledDiff(result.diff, columns, Number.POSITIVE_INFINITY));
  return `${head}${safeText(result.text).trimEnd()}\n`;
}
