import { styledDiff } from "./diff-view.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Input } from "./keys.ts";
import { type LineEditor, openLineEditor } from "./line-editor.ts";
import { paintFor, type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import { exactLine, safeLine, safeText } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import type { Stops } from "./turn.ts";
import { slices, wrap } from "./width.ts";

export interface Question {
  /** What would be done: "run a command", "edit src/a.js". */
  readonly title: string;
  /** All of it. */
  readonly body: { readonly command: string } | { readonly diff: string } | { readonly text: string };
  /** Why it is asked. */
  readonly reason: string;
  /** What "always" allows ("this exact command"); absent: it is not offered. */
  readonly always?: string;
}

export type Answer =
  | { readonly type: "once" }
  | { readonly type: "always" }
  /** `why` is what the user typed instead. */
  | { readonly type: "no"; readonly why?: string };

/** Through what a question is answered. */
export interface Asking {
  readonly keyboard: Keyboard;
  readonly stops: Stops;
  /** Where the next request is typed; undefined when there is only the one of the command line. */
  readonly requests: LineEditor | undefined;
  readonly screen: Screen;
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
export async function askOnScreen(question: Question, asking: Asking, signal: AbortSignal): Promise<Answer> {
  const { screen } = asking;
  if (signal.aborted) return { type: "no" };
  const block = Symbol("question");
  const resume = screen.spinner.suspend();
  try {
    screen.note(block, styledQuestion(question, screen.columns()));
    const answer = answerOf(await readAnswer(question, asking, signal), question);
    screen.note(block, styledAnswer(answer, question, screen.columns()));
    return answer;
  } finally {
    resume();
  }
}

/** The line that is typed; undefined when nobody will type one. */
async function readAnswer(question: Question, asking: Asking, signal: AbortSignal) {
  const { screen, stops } = asking;
  const editor = openLineEditor(screen.prompts, "go");
  const gone = new AbortController();
  const over = AbortSignal.any([signal, gone.signal]);
  const stillness = awaitStillness(over);

  const giveBack = asking.keyboard.take({
    input(input) {
      if (stillness.reached()) editor.take(inOnePiece(input));
      else {
        stillness.disturb();
        // Whoever types the next request goes on with it; keys that come out of nothing are nobody's.
        if (asking.requests?.hasKept()) asking.requests.take(input);
      }
    },
    interrupt() {
      gone.abort();
      asking.requests?.hold();
      stops.interrupt();
    },
    resumed: editor.redraw,
    ended: () => gone.abort(),
    keys: {
      escape() {
        gone.abort();
        if (stops.stopTurn()) asking.requests?.hold();
      },
      tab() {},
      "ctrl-o": () => editor.above(() => screen.writeAtPrompt(asking.lastResult())),
    },
  });
  over.addEventListener("abort", editor.close);
  try {
    await stillness.wait;
    const prompt = styled(answerPrompt(question, screen.columns()), "cyan");
    return await editor.ask(paintFor(process.stderr)([prompt]), "");
  } finally {
    over.removeEventListener("abort", editor.close);
    editor.close();
    giveBack();
  }
}

/** Several lines in one read are a paste, which some terminals do not mark: the first of them is no answer. */
function inOnePiece({ type, text }: Input): Input {
  return type === "text" && /\r(?!$)/.test(text) ? { type: "paste", text } : { type, text };
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

/** The question on the screen, whole and with nothing hidden, up to where the answer is typed. */
export function styledQuestion({ title, body, reason }: Question, columns: number): StyledText[] {
  const [first = "", ...more] = slices(exactLine(title), columns - 3);
  return [
    styled("? ", "yellow"),
    ...styledLines([first, ...more.map(indented)], "bold"),
    ...styledBody(body, columns),
    ...styledLines(wrap(safeLine(reason), columns - 3).map(indented), "dim"),
  ];
}

/** What the answer is typed behind. */
export function answerPrompt({ always }: Question, columns: number): string {
  const choices = ["y once", ...(always === undefined ? [] : [`a always ${exactLine(always)}`])];
  const lines = wrap(`${choices.join(" · ")} · n no, or say why:`, columns - 4);
  return `${lines.map(indented).join("\n")} `;
}

/** What a typed line answers. Whatever is no clear yes is a no. */
export function answerOf(line: string | undefined, { always }: Question): Answer {
  const said = line?.trim() ?? "";
  if (/^y(es)?$/i.test(said)) return { type: "once" };
  if (/^a(lways)?$/i.test(said) && always !== undefined) return { type: "always" };
  return /^(no?)?$/i.test(said) ? { type: "no" } : { type: "no", why: said };
}

/** What stays on the screen in the place of the prompt. */
export function styledAnswer(answer: Answer, { always = "" }: Question, columns: number): StyledText[] {
  const parts = (text: string) => slices(text, columns - 3).map(indented);
  if (answer.type === "once") return styledLines(["  allowed once"], "green");
  if (answer.type === "always") return styledLines(parts(`always allowed: ${exactLine(always)}`), "green");
  const why = answer.why === undefined ? "" : `: ${safeLine(answer.why)}`;
  return styledLines(parts(`not allowed${why}`), "yellow");
}

function styledBody(body: Question["body"], columns: number): StyledText[] {
  if ("diff" in body) return styledDiff(body.diff, columns);
  if ("command" in body) return styledCommand(body.command, columns);
  const lines = safeText(body.text).trimEnd().split("\n");
  return styledLines(lines.flatMap((line) => wrap(line, columns - 3).map(indented)));
}

/** As a shell shows it: each line has a mark, so that one that was too long for the screen is told from two. */
function styledCommand(command: string, columns: number): StyledText[] {
  return command.split("\n").flatMap((line, index) => {
    const [first = "", ...more] = slices(exactLine(line), columns - 5).map((part) => part.trimEnd());
    return [
      styled(index === 0 ? "  $ " : "  > ", "dim"),
      ...styledLines([first, ...more.map((part) => `    ${part}`)]),
    ];
  });
}

const indented = (line: string) => `  ${line}`;
