import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { type Paint, paintFor, type StyledText, styled } from "./markdown/styled-text.ts";
import { fitColumns, widthOf } from "./width.ts";

/** What is written together. Between two different blocks there is one blank line. */
export type Block = string | symbol;

export type Screen = ReturnType<typeof openScreen>;

/** A stream, and what was written last where it is shown. */
interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly end: { last?: Block; midLine: boolean };
  /** Aborts when nobody reads it: the pipe is closed, the terminal is gone. */
  readonly unread: AbortSignal;
}

/** The two streams, laid out as the one page that they are when both are the terminal. */
export function openScreen(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream) {
  const notes = outputOf(stderr, { midLine: false });
  const answers = outputOf(stdout, stdout.isTTY && stderr.isTTY ? notes.end : { midLine: false });
  const prompts = stdout.isTTY && !stderr.isTTY ? answers : notes;
  const paint = paintFor(stderr);
  const { put, cover, isCovered } = openCover();
  const { hide, ...spinner } = openSpinner(stderr, isCovered);
  process.on("uncaughtExceptionMonitor", spinner.stop);
  process.on("exit", () => [notes, answers].forEach(endLine));

  return {
    /** Writes on stdout, as part of `block`. */
    answer: (block: Block, text: string) =>
      put(() => {
        hide(stdout.isTTY ? text : "");
        write(answers, block, text);
      }),
    /** Writes on stderr, as part of `block`. */
    note(block: Block, shown: string | readonly StyledText[]): void {
      const text = typeof shown === "string" ? shown : paint(shown);
      put(() => {
        hide(text);
        write(notes, block, text);
      });
    },
    /** Waits for readers that are slower than the model, until the signal aborts. */
    drained: (signal: AbortSignal) => Promise.all([drained(answers, signal), drained(notes, signal)]),
    /** Where the user types: stderr, or stdout when that is the terminal and stderr is not. */
    prompts: prompts.stream,
    /** Says on stderr what is waited for. It is gone before anything else is written. */
    spinner,
    /** Whether that line is drawn: not in a pipe, and not on a dumb terminal. */
    hasSpinner: stderr.isTTY && process.env.TERM !== "dumb",
    /** Writes in the place of a prompt that was erased, and sets the next one apart. */
    writeAtPrompt: (text: string) => put(() => write(prompts, "prompt", `${text}\n`)),
    /** Sets a prompt apart from what is above it. The prompt then ends its own line. */
    beginPrompt: () => write(prompts, "prompt", ""),
    /** Lets something else have the terminal: what is written waits until the function that this gives is called. */
    cover: () => cover(hide),
    /** Rings, where somebody may have looked away. */
    ring: () => void (prompts.stream.isTTY && prompts.stream.write("\x07")),
    /** Columns of the terminal, or 80. */
    columns: () => prompts.stream.columns || 80,
    /** Rows of the terminal, or 24. */
    rows: () => prompts.stream.rows || 24,
    /** Aborts when nobody reads stdout any longer (`| head -1`). */
    unread: answers.unread,
  };
}

/** What is written waits while something else has the terminal. */
function openCover() {
  let waiting: (() => void)[] | undefined;
  return {
    isCovered: () => waiting !== undefined,
    put: (write: () => void) => void (waiting ? waiting.push(write) : write()),
    cover(hide: () => void) {
      hide();
      waiting = [];
      return () => {
        const all = waiting ?? [];
        waiting = undefined;
        for (const write of all) write();
      };
    },
  };
}

function endLine({ stream, end }: Output): void {
  if (end.midLine && stream.isTTY) stream.write("\n");
}

function outputOf(stream: NodeJS.WriteStream, end: Output["end"]): Output {
  const unread = new AbortController();
  stream.on("error", () => unread.abort());
  return { stream, end, unread: unread.signal };
}

/** Writes a text behind what must come before it: the end of an unfinished line, and the blank line between blocks. */
function write({ stream, end, unread }: Output, block: Block, text: string): void {
  let before = "";
  if (end.last !== block) {
    before = end.midLine ? "\n" : "";
    if (end.last !== undefined) before += "\n";
  }
  end.last = block;
  end.midLine = text !== "" && !text.endsWith("\n");
  if (!unread.aborted) stream.write(before + text);
}

async function drained({ stream, unread }: Output, signal: AbortSignal): Promise<void> {
  if (unread.aborted || !stream.writableNeedDrain) return;
  await once(stream, "drain", { signal }).catch(() => {}); // aborted, or nobody reads any longer
}

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 100;

/** A wait shorter than this is not worth a word; in the middle of a line it has to be longer. */
const QUIET_MS = 250;
const QUIET_IN_LINE_MS = 1_000;

/** What is waited for, since when, and the last rows of what is printed meanwhile. */
interface Waiting {
  readonly label: string;
  readonly below: readonly string[];
  readonly since: number;
}

/**
 * One line that says what is waited for, and for how long, with the last rows of what is printed meanwhile. In a pipe, and on a dumb terminal, it shows nothing.
 * `suspend` erases it until the function that this gives is called: the wait begins anew then.
 *
 * The line is drawn below a blank one, with the cursor left at its start: erased from there to the end of the
 * screen, nothing of it stays, also when the window has become narrower meanwhile.
 */
function openSpinner(stream: NodeJS.WriteStream, isCovered: () => boolean) {
  const moves = stream.isTTY && process.env.TERM !== "dumb";
  let waiting: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let quietSince = 0;
  let column = 0;
  let drawn = false;
  const columns = () => stream.columns || 80;

  function draw(): void {
    if (column > 0 && column % columns() === 0) return; // the terminal keeps the cursor after the last column
    const quietMs = performance.now() - quietSince;
    if (!waiting || isCovered() || quietMs < (column > 0 ? QUIET_IN_LINE_MS : QUIET_MS)) return;
    const start = drawn ? "\x1b[J" : column > 0 ? "\n\n" : "\n";
    stream.write(start + drawnWait(waiting, columns(), paintFor(stream)));
    drawn = true;
  }

  /** Erases the line, and notes where the text ends that comes in its place: it may have to come back to there. */
  function hide(text = ""): void {
    quietSince = performance.now();
    if (drawn) stream.write(column > 0 ? `\x1b[J\x1b[2A\x1b[${(column % columns()) + 1}G` : "\x1b[J\x1b[A");
    drawn = false;
    if (moves) column = columnAfter(text, column);
  }

  const spinner = {
    hide,
    wait(label: string): void {
      hide();
      waiting = { label, below: [], since: performance.now() };
      if (moves) timer ??= setInterval(draw, FRAME_MS).unref();
    },
    rename(label: string, below: readonly string[] = []): void {
      if (waiting) Object.assign(waiting, { label, below });
    },
    suspend() {
      const suspended = waiting;
      hide();
      waiting = undefined;
      return () => void (timer && suspended && spinner.wait(suspended.label));
    },
    stop(): void {
      spinner.suspend();
      clearInterval(timer);
      timer = undefined;
    },
  };
  return spinner;
}

/** The line, with the rows below it, and the cursor back at its start. */
function drawnWait({ label, below, since }: Waiting, columns: number, paint: Paint): string {
  const rows = below.map((row) => styled(`\n    ${fitColumns(row, columns - 5)}`, "dim"));
  const up = rows.length > 0 ? `\x1b[${rows.length}A` : "";
  return `${paint([lineOf(label, performance.now() - since, columns), ...rows])}${up}\r`;
}

/** Where the line of a text ends that was written from a column on. */
function columnAfter(text: string, column: number): number {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return (line === text ? column : 0) + widthOf(stripVTControlCharacters(line));
}

function lineOf(label: string, waitedMs: number, columns: number): StyledText {
  const frame = FRAMES[Math.floor(waitedMs / FRAME_MS) % FRAMES.length];
  const seconds = Math.floor(waitedMs / 1000);
  const time = seconds > 0 ? ` ${seconds} s` : "";
  return styled(`${frame} ${fitColumns(label, columns - 4 - time.length)}${time}`, "dim");
}
