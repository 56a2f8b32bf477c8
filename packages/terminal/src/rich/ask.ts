import { type LineEditor, openLineEditor } from "../line-editor.ts";
import { type Paint, paintFor } from "../markdown/styled-text.ts";
import type { Input } from "../paste.ts";
import type { Screen } from "../screen.ts";
import type { SharedKeyboard } from "../shared-keyboard.ts";
import type { Stops } from "../stops.ts";
import { type Answer, answerOf, answerPrompt, answerRuns, type Question, questionRuns } from "./question.ts";
import { CTRL_O, ESCAPE, TAB } from "./rich-keys.ts";
import type { Spinner } from "./spinner.ts";

/** Through what a question is answered. */
export interface Hands {
  readonly keyboard: SharedKeyboard;
  readonly stops: Stops;
  /** Where the next request is typed; undefined when there is only the one of the command line. */
  requests(): LineEditor | undefined;
}

export interface AskingPlace extends Hands {
  readonly screen: Screen;
  readonly spinner: Spinner;
  /** For Ctrl-O. */
  lastResult(): string;
}

/** Keys count once the keyboard has been still for so long since the question was there to read. */
const STILL_MS = 300;

/**
 * Shows a question and waits for its answer, a line that is typed. Esc and Ctrl-C stop the turn, and are a no; so
 * are the end of input and an abort. The prompt comes when the keyboard is still: what was typed before that was
 * meant for something else, and never answers.
 */
export async function askOnScreen(
  question: Question,
  place: AskingPlace,
  signal: AbortSignal,
): Promise<Answer> {
  const { screen, spinner } = place;
  if (signal.aborted) return { type: "no" };
  const paint = paintFor(process.stderr);
  const block = Symbol("question");
  const resume = spinner.suspend();
  try {
    screen.note(block, paint(questionRuns(question, screen.columns())));
    const answer = answerOf(await readAnswer(question, place, paint, signal), question);
    screen.note(block, paint(answerRuns(answer, question, screen.columns())));
    return answer;
  } finally {
    resume();
  }
}

/** The line that is typed; undefined when nobody will type one. */
async function readAnswer(
  question: Question,
  place: AskingPlace,
  paint: Paint,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { screen, stops } = place;
  const editor = openLineEditor(screen.prompts, "go");
  const gone = new AbortController();
  const over = AbortSignal.any([signal, gone.signal]);
  const stillness = awaitStillness(over);

  const keyboard = place.keyboard.take({
    input(input) {
      if (stillness.reached()) editor.take(inOnePiece(input));
      else {
        stillness.disturb();
        keepAhead(input, place.requests());
      }
    },
    interrupt() {
      gone.abort();
      place.requests()?.hold();
      stops.interrupt();
    },
    resumed: editor.redraw,
    ended: () => gone.abort(),
    keys: {
      [ESCAPE]() {
        gone.abort();
        if (stops.stopTurn()) place.requests()?.hold();
      },
      [TAB]() {},
      [CTRL_O]: () => editor.above(() => screen.aside(place.lastResult())),
    },
  });
  over.addEventListener("abort", editor.close);
  try {
    await stillness.wait;
    const first = paint([{ text: answerPrompt(question, screen.columns()), format: ["cyan"] }]);
    return await editor.ask({ first, next: "" });
  } finally {
    over.removeEventListener("abort", editor.close);
    editor.close();
    keyboard.close();
  }
}

/** Whoever types the next request goes on with it; keys that come out of nothing are nobody's. */
function keepAhead(input: Input, requests: LineEditor | undefined): void {
  if (requests?.hasKept()) requests.take(input);
}

/** Several lines in one read are a paste, which some terminals do not mark: the first of them is no answer. */
function inOnePiece({ type, text }: Input): Input {
  return /[\r\n](?!$)/.test(text.replace(/\r\n/g, "\n")) ? { type: "paste", text } : { type, text };
}

function awaitStillness(over: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reached = false;
  const timer = setTimeout(end, STILL_MS);

  function end(): void {
    reached = true;
    clearTimeout(timer);
    over.removeEventListener("abort", end);
    resolve();
  }

  over.addEventListener("abort", end);
  return { wait: promise, reached: () => reached, disturb: () => void timer.refresh() };
}
