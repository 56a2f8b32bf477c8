import { styledDiff } from "./diff-view.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Input } from "./keys.ts";
import { type LineEditor, openLineEditor } from "./line-editor.ts";
import { paintFor, type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import { exactWords, safeLine } from "./safe-text.ts";
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
  readDetails(editor: LineEditor): Promise<void>;
}

/** Keys count once the keyboard has been still for so long since the question was there to read. */
const STILL_MS = 300;

/**
 * Shows a question and waits for a typed line. Esc and Ctrl-C mean no, and stop the turn; the end of input and an abort mean
 * no as well. The prompt appears once the keyboard is still, because keys typed before that were meant for something else.
 */
export async function askOnScreen(question: Question, asking: Asking, signal: AbortSignal): Promise<Answer> {
  const { screen } = asking;
  if (signal.aborted) return { type: "no" };
  const block = Symbol("question");
  const resume = screen.spinner.suspend();
  try {
    const answer = await answerPageByPage(question, asking, signal, block);
    screen.note(block, styledAnswer(answer, question, screen.columns()));
    return answer;
  } finally {
    resume();
  }
}

/** Nobody can agree to what they have not seen: a yes counts once the last page of a question is on the screen. */
async function answerPageByPage(question: Question, asking: Asking, signal: AbortSignal, block: symbol) {
  const { screen } = asking;
  const columns = screen.columns();
  const rows = paintFor(process.stderr)(styledQuestion(question, columns)).trimEnd().split("\n");
  const perPage = Math.max(
    1,
    screen.rows() - 1 - answerPrompt(question, columns, rows.length).split("\n").length,
  );
  if (!isWhole(question)) {
    screen.note(block, `${rows.join("\n")}\n`);
    return { type: "no", why: "it is too long to be shown whole. Do it in smaller steps" } as const;
  }
  for (let seen = perPage; ; seen += perPage) {
    screen.note(block, `${rows.slice(seen - perPage, seen).join("\n")}\n`);
    const more = seen < rows.length ? `rows 1–${seen} of ${rows.length} · Enter shows more` : undefined;
    const size = rows.length > perPage ? rows.length : 0;
    const said = await readAnswer(answerPrompt(question, columns, size, more), asking, signal);
    const answer = answerOf(said, question);
    if (!more || said === undefined || (answer.type === "no" && said.trim() !== "")) return answer;
  }
}

/** A diff without a hunk says only how much it leaves out. */
const isWhole = ({ body }: Question) => !("diff" in body) || body.diff === "" || /^@@ /m.test(body.diff);

/** The line that is typed; undefined when nobody will type one. */
async function readAnswer(prompt: string, asking: Asking, signal: AbortSignal) {
  const { screen, stops } = asking;
  const editor = openLineEditor(screen.prompts, { traces: "go" });
  const gone = new AbortController();
  const over = AbortSignal.any([signal, gone.signal]);
  const stillness = awaitStillness(over);
  let uncover = () => {};

  const giveBack = asking.keyboard.take({
    heard: stillness.disturb,
    input(input) {
      if (stillness.reached()) editor.take(inOnePiece(input));
      // Whoever types the next request goes on with it; keys that come out of nothing are nobody's.
      else if (asking.requests?.hasTyped()) asking.requests.take(input);
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
      // What is asked stays in sight.
      "ctrl-l"() {},
      "ctrl-o": () => editor.during(asking.readDetails(editor)),
    },
  });
  over.addEventListener("abort", editor.close);
  try {
    await stillness.wait;
    uncover = screen.spinner.cover();
    return await editor.ask(paintFor(process.stderr)([styled(prompt, "cyan")]));
  } finally {
    uncover();
    over.removeEventListener("abort", editor.close);
    editor.close();
    giveBack();
  }
}

/** Several lines in one read are a paste, which some terminals do not mark: the first of them is not an answer. */
function inOnePiece({ type, text }: Input): Input {
  return type === "text" && /\r(?!$)/.test(text) ? { type: "paste", text } : { type, text };
}

function awaitStillness(over: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reached = false;
  let look: NodeJS.Immediate | undefined;
  // On a busy machine keys may still be unread when the time is over: they come first.
  const timer = setTimeout(() => {
    look = setImmediate(end);
  }, STILL_MS);

  function end(): void {
    reached = true;
    clearTimeout(timer);
    over.removeEventListener("abort", end);
    resolve();
  }

  function disturb(): void {
    clearImmediate(look);
    if (!reached) timer.refresh();
  }

  over.addEventListener("abort", end);
  return { wait: promise, reached: () => reached, disturb };
}

/** The question on the screen, whole and with nothing hidden, up to where the answer is typed. */
export function styledQuestion({ title, body, reason }: Question, columns: number): StyledText[] {
  const [first = "", ...more] = slices(exactWords(title), columns - 3);
  return [
    styled("? ", "yellow"),
    ...styledLines([first, ...more.map(indented)], "bold"),
    ...styledBody(body, columns),
    ...styledLines(slices(exactWords(reason), columns - 3).map(indented), "dim"),
  ];
}

/** What the answer is typed behind: how large the question is, where it needs several pages, and what can be answered. */
export function answerPrompt({ always }: Question, columns: number, rows = 0, more?: string): string {
  const size = rows > 0 ? [`${rows} rows`] : [];
  const choices = ["y once", ...(always === undefined ? [] : [`a always ${exactWords(always)}`])];
  const all = more === undefined ? [...size, ...choices] : [more];
  const lines = wrap(`${all.join(" · ")} · n no, or say why:`, columns - 4);
  return `${lines.map(indented).join("\n")} `;
}

/** What a typed line answers. Whatever is not a clear yes is a no. */
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
  if (answer.type === "always") return styledLines(parts(`always allowed: ${exactWords(always)}`), "green");
  const why = answer.why === undefined ? "" : `: ${safeLine(answer.why)}`;
  return styledLines(parts(`not allowed${why}`), "yellow");
}

function styledBody(body: Question["body"], columns: number): StyledText[] {
  if ("diff" in body) return styledDiff(body.diff, columns);
  if ("command" in body) return styledCommand(body.command, columns);
  const lines = body.text.trimEnd().split("\n");
  return styledLines(lines.flatMap((line) => slices(exactWords(line), columns - 3).map(indented)));
}

/** As a shell shows it: each line has a mark, so that one that was too long for the screen is told from two. */
function styledCommand(command: string, columns: number): StyledText[] {
  const lines = command.replace(
    /\n(?:[ \t]*\n){9,}/g,
    (run) => `\n[${run.split("\n").length - 2} × empty line]\n`,
  );
  return lines.split("\n").flatMap((line, index) => {
    const [first = "", ...more] = slices(exactWords(line), columns - 5).map((part) => part.trimEnd());
    return [
      styled(index === 0 ? "  $ " : "  > ", "dim"),
      ...styledLines([first, ...more.map((part) => `    ${part}`)]),
    ];
  });
}

const indented = (line: string) => `  ${line}`;
