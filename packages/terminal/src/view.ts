import { type ModelError, type ModelEvent, replyIn, type StopReason } from "@eightfold/core";
import { type Asking, askOnScreen, type Question } from "./ask.ts";
import { isTyped, type RunningCalls, runningCalls } from "./call-line.ts";
import type { Command } from "./choices.ts";
import type { LineEditor } from "./line-editor.ts";
import { type Markdown, openProseView } from "./markdown/render.ts";
import { errorNotice, lastWords, paragraph, retryWords, warn } from "./notices.ts";
import { addThought, type Details, detailsOf, noteResult, type Printing, printingInto } from "./results.ts";
import { safeLine } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import { follow, type Turn, type TurnEvent } from "./turn.ts";
import { type Used, usageLine, usageReport } from "./usage.ts";

export type View = ReturnType<typeof openView>;

interface State extends Asking {
  readonly total: Used;
  readonly windowFill: (() => number | undefined) | undefined;
  readonly details: Details;
  /** Until the user has left the page of details, or their editor. */
  paging?: Promise<unknown>;
  readonly commands: readonly Command[];
  /** Until the last question is answered. */
  asked: Promise<unknown>;
  /** That of the last question: it is above. */
  seenDiff?: string | undefined;
  turn?: ShownTurn | undefined;
}

interface ShownTurn {
  readonly state: State;
  readonly signal: AbortSignal;
  readonly running: RunningCalls;
  readonly printing: Printing;
  prose?: { readonly type: ProseEvent["type"]; readonly text: Markdown } | undefined;
  /** Nothing has been said: no word of the model's, no notice. */
  silent: boolean;
  /** Of the last reply. It is shown when the turn ends with it: until then the agent may find a way on. */
  failure?: ModelError | undefined;
}

type ProseEvent = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;

/** All that a terminal draws, over a whole session. */
export function openView(
  asking: Omit<Asking, "readDetails">,
  commands: readonly Command[],
  windowFill: State["windowFill"],
) {
  const { screen } = asking;
  const total = { replies: [], milliseconds: 0 };
  const readDetails = (editor: LineEditor) => openDetails(state, editor);
  const kept = { total, details: detailsOf(), commands, windowFill, asked: Promise.resolve() };
  const state: State = { ...asking, ...kept, readDetails };
  return {
    show: (turn: Turn, signal: AbortSignal) => show(state, turn, signal),
    /** Markdown that no model wrote, on stderr. */
    note: (markdown: string) => noteBetween(state, state.requests, rendered(markdown, screen)),
    /** The same on stdout: it is what was asked for. */
    answer: (markdown: string) => screen.answer(Symbol("said"), rendered(markdown, screen, process.stdout)),
    /** What the session used, as Markdown; "" before its first reply. */
    usage: () => (state.total.replies.length > 0 ? usageReport(state.total) : ""),
    /** Shows what the screen shows a part of, until the user has read it. @param editor where something may be typed */
    readDetails,
    /** Questions come one after the other, and what the turn shows waits for the answer. */
    ask: (question: Question, signal: AbortSignal) => ask(state, question, signal),
    /** Lets the user go on with a text in their editor; undefined when nothing came of it, which is told. */
    edit: (text: string, tell: (message: string) => void) => editOutside(state, text, tell),
  };
}

/** Something comes between the words of a turn, or above what is being typed. */
function noteBetween({ turn, screen }: State, editor: LineEditor | undefined, text: string): void {
  if (editor?.above(() => screen.writeAtPrompt(text))) return;
  turn?.prose?.text.moved();
  screen.note(Symbol("detail"), text);
}

async function show(state: State, turn: Turn, signal: AbortSignal): Promise<StopReason> {
  const { screen, total } = state;
  const started = performance.now();
  const used: Used = { replies: [], milliseconds: 0 };
  const shown: ShownTurn = {
    state,
    signal,
    running: runningCalls(),
    printing: printingInto(state.details),
    silent: true,
  };
  state.turn = shown;
  signal.addEventListener("abort", screen.spinner.stop);
  wait(shown, "thinking");
  let stop: StopReason = "error";
  try {
    stop = await follow(turn, async (event) => {
      await state.asked;
      if (event.type !== "text_delta" && event.type !== "reasoning_delta") note(shown, event);
      else if (!signal.aborted) say(shown, event);
      const reply = replyIn(event);
      if (reply) used.replies.push({ usage: reply.usage, costUsd: reply.costUsd });
      await screen.drained(signal);
    });
    return stop;
  } finally {
    signal.removeEventListener("abort", screen.spinner.stop);
    state.turn = undefined;
    noteEnd(shown, stop);
    used.milliseconds = performance.now() - started;
    total.milliseconds += used.milliseconds;
    total.replies.push(...used.replies);
    const columns = screen.columns();
    if (used.replies.length > 0)
      screen.note("usage", paragraph(usageLine(used, columns, state.windowFill?.()), columns, "dim"));
    if (used.milliseconds >= LONG_MS) screen.ring("Eightfold has finished.");
    await state.paging;
  }
}

/** Whoever waits for a turn that takes longer looks elsewhere. */
const LONG_MS = 10_000;

/** Says why a turn ended, where that is not plain to see. */
function noteEnd(shown: ShownTurn, stop: StopReason): void {
  const { screen, commands } = shown.state;
  screen.spinner.stop();
  endProse(shown);
  if (shown.failure) screen.note("notice", errorNotice(shown.failure, screen.columns(), commands));
  const words = shown.silent && stop === "done" ? "The model said nothing." : lastWords[stop];
  if (words !== undefined && !screen.unread.aborted) warn(screen, words);
}

function say(shown: ShownTurn, { type, text }: ProseEvent): void {
  let piece = text;
  if (shown.prose?.type !== type) {
    endProse(shown);
    piece = text.replace(/^\s*\n/, "");
    if (piece.trim() === "") return;
    shown.prose = { type, text: openProse(shown.state, type) };
    wait(shown, type === "text_delta" ? "writing" : "thinking");
  }
  shown.prose.text.write(piece);
  if (type === "text_delta") shown.silent = false;
}

/** Each stretch of text is a block of its own, also where nothing else is written between two of them: in a pipe. */
function openProse({ details, requests, screen }: State, type: ProseEvent["type"]): Markdown {
  const { answer, note, columns, hasSpinner } = screen;
  const block = Symbol(type);
  if (type === "text_delta") {
    return openProseView({ stream: process.stdout, put: (text) => answer(block, text), columns });
  }
  if (hasSpinner && requests) return addThought(details, screen);
  const put = (text: string) => note(block, text);
  return openProseView({ stream: process.stderr, put, columns, format: ["dim"], label: "thinking: " });
}

function endProse(shown: ShownTurn): void {
  shown.prose?.text.end();
  shown.prose = undefined;
}

function note(shown: ShownTurn, event: Exclude<TurnEvent, ProseEvent>): void {
  const { printing, running, state } = shown;
  const { screen } = state;
  const columns = screen.columns();
  endProse(shown);
  switch (event.type) {
    case "tool_start":
      running.start(event.call);
      break;
    case "tool_progress":
      if (event.printed === undefined) running.progress(event.call, event.text);
      else printing.add(event.call, event.printed);
      screen.spinner.rename(waitedFor(shown), printing.rows(screen));
      return;
    case "tool_end":
      running.end(event.call);
      if (isTyped(event.call)) shown.silent = false;
      noteResult(state, event, printing.end(event.call));
      break;
    case "notice":
      shown.silent = false;
      screen.note("notice", paragraph(event.text, columns, "dim"));
      break;
    case "retry": {
      // The spinner has one line for all attempts, of which nothing stays. A pipe has no spinner.
      const [why, when] = retryWords(event.error, event.waitMs);
      if (!screen.hasSpinner) warn(screen, `${why} ${when}`);
      wait(shown, safeLine(`${when} ${why}`));
      return;
    }
    case "reply_end":
      shown.failure = event.error;
      return;
  }
  wait(shown, waitedFor(shown));
}

/** Nothing moves any longer in a turn that has been told to stop. */
function wait({ state, signal }: ShownTurn, label: string): void {
  if (!signal.aborted) state.screen.spinner.wait(label);
}

/** Columns of a spinner's line that are not its name: the frame, and the time. */
const AROUND_WAIT = 12;

function waitedFor({ state, running }: ShownTurn): string {
  return running.words(state.screen.columns() - AROUND_WAIT) ?? "thinking";
}

/** Rendered where the stream is a terminal; elsewhere the Markdown stays as it was written. */
function rendered(text: string, { columns }: Screen, stream: NodeJS.WriteStream = process.stderr): string {
  const pieces: string[] = [];
  const put = (piece: string) => void pieces.push(piece);
  const prose = openProseView({ stream, put, columns });
  prose.write(text);
  prose.end();
  return pieces.join("");
}

async function ask(state: State, question: Question, signal: AbortSignal) {
  const answer = state.asked.then(async () => {
    state.screen.ring(`Eightfold asks: ${question.title}`);
    await state.paging;
    state.seenDiff = "diff" in question.body ? question.body.diff : undefined;
    return askOnScreen(question, state, signal);
  });
  state.asked = answer.catch(() => {});
  return answer;
}

async function editOutside(state: State, text: string, tell: (message: string) => void) {
  const edited = import("./external-editor.ts").then(({ editOutside }) => editOutside(text, state, tell));
  state.paging = Promise.allSettled([edited]);
  return edited;
}

/** Shows what the screen shows a part of, on a page of its own; the last of it between the others where a terminal has none. */
async function openDetails(state: State, editor: LineEditor): Promise<void> {
  const { details, screen } = state;
  const { lastDetail, readDetails } = await import("./pager.ts");
  if (details.all.length > 0 && screen.hasSpinner) {
    state.paging = editor.away(() => readDetails(details.all, state));
    return void (await state.paging);
  }
  noteBetween(state, editor, lastDetail(details.all, screen));
}
