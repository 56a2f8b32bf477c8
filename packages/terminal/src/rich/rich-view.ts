import type { StopReason, ToolCall, ToolResult } from "@eightfold/core";
import { openProseView } from "../markdown/render.ts";
import { NEWLINE, type Paint, paintFor } from "../markdown/styled-text.ts";
import { paragraph } from "../notices.ts";
import { safeText } from "../safe-text.ts";
import type { Screen } from "../screen.ts";
import { type Style, styleFor } from "../style.ts";
import type { Turn, TurnEvent } from "../terminal.ts";
import { askOnScreen, type Hands } from "./ask.ts";
import { callLine } from "./call-line.ts";
import { choiceLines } from "./choices.ts";
import type { Choice } from "./complete.ts";
import { styledDiff } from "./diff-view.ts";
import type { Answer, Question } from "./question.ts";
import { openRichTurn, type RichTurn } from "./rich-turn.ts";
import { type Spinner, withSpinner } from "./spinner.ts";
import { addReply, startTally, type Tally, usageLine, usageReport } from "./usage.ts";

/** All that a rich terminal draws, over a whole session. */
export interface RichView {
  /** Shows a turn until it ends, and what it used. */
  follow(turn: Turn, signal: AbortSignal): Promise<StopReason>;
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
  ask(question: Question, hands: Hands, signal: AbortSignal): Promise<Answer>;
  /** What the Tab key may choose from. */
  choices(choices: readonly Choice[]): string;
}

interface Session {
  readonly screen: Screen;
  readonly style: Style;
  /** For what stands in the place of the prompt. */
  readonly paint: Paint;
  readonly spinner: Spinner;
  readonly total: Tally;
  /** Until the last question is answered. */
  asked: Promise<unknown>;
  /** That of the last question. */
  seenDiff?: string | undefined;
  turn?: RichTurn | undefined;
  last?: { readonly call: ToolCall; readonly result: ToolResult } | undefined;
}

export function openRichView(page: Screen): RichView {
  const style = styleFor(process.stderr);
  const paint = paintFor(page.prompts);
  const { screen, spinner } = withSpinner(page, style.dim);
  const session: Session = { screen, style, paint, spinner, total: startTally(), asked: Promise.resolve() };
  const { columns } = screen;
  function rendered(markdown: string): string {
    const pieces: string[] = [];
    const put = (piece: string) => void pieces.push(piece);
    const prose = openProseView({ stream: process.stderr, put, columns });
    prose.write(markdown);
    prose.end();
    return pieces.join("");
  }
  return {
    follow: (turn, signal) => follow(session, turn, signal),
    say: (markdown) => screen.note(Symbol("said"), rendered(markdown)),
    rendered,
    usage: () => (session.total.replies > 0 ? usageReport(session.total) : ""),
    lastResult: () => lastResult(session),
    showResult() {
      session.turn?.moved();
      screen.note(Symbol("result"), lastResult(session));
    },
    ask: (question, hands, signal) => ask(session, question, hands, signal),
    choices: (choices) =>
      choiceLines(choices, screen.columns())
        .map((line) => `${paint(line)}\n`)
        .join(""),
  };
}

async function follow(session: Session, turn: Turn, signal: AbortSignal): Promise<StopReason> {
  const { screen, style, spinner, total } = session;
  const started = performance.now();
  const used = startTally();
  const shown = openRichTurn({
    screen,
    style,
    spinner,
    ended: (call, result) => (session.last = { call, result }),
    isSeen: (diff) => diff === session.seenDiff,
  });
  session.turn = shown;
  signal.addEventListener("abort", shown.stopped);
  let stop: StopReason = "error";
  try {
    let step = await turn.next();
    while (!step.done) {
      await session.asked;
      if (!signal.aborted || !step.value.type.endsWith("_delta")) shown.show(step.value);
      count(step.value, [used, total]);
      await screen.drained(signal);
      step = await turn.next();
    }
    stop = step.value;
    return stop;
  } finally {
    signal.removeEventListener("abort", shown.stopped);
    shown.end(stop);
    session.turn = undefined;
    used.milliseconds = performance.now() - started;
    total.milliseconds += used.milliseconds;
    if (used.replies > 0) {
      const columns = screen.columns();
      screen.note("usage", `${paragraph(usageLine(used, columns), columns, style.dim)}\n`);
    }
  }
}

async function ask(session: Session, question: Question, hands: Hands, signal: AbortSignal): Promise<Answer> {
  const { screen, spinner, asked } = session;
  const place = { ...hands, screen, spinner, lastResult: () => lastResult(session) };
  const answer = asked.then(() => {
    session.seenDiff = "diff" in question.body ? question.body.diff : undefined;
    return askOnScreen(question, place, signal);
  });
  session.asked = answer.catch(() => {});
  return answer;
}

/** A reply to a helper is one more that the turn was given. */
function count(event: TurnEvent, tallies: readonly Tally[]): void {
  const reply = event.type === "tool_progress" ? event.reply : event;
  if (reply?.type !== "reply_end") return;
  for (const tally of tallies) addReply(tally, reply.usage, reply.costUsd);
}

function lastResult({ screen, paint, last }: Session): string {
  if (!last) return paint([{ text: "No tool has run yet.", format: ["dim"] }, NEWLINE]);
  const { call, result } = last;
  const columns = screen.columns();
  const head = paint(callLine(call, result, columns));
  if (result.diff) return head + paint(styledDiff(result.diff, columns, Number.POSITIVE_INFINITY));
  return `${head}${safeText(result.text).trimEnd()}\n`;
}
