import { stripVTControlCharacters } from "node:util";
import { CLEAR, HIDE_CURSOR, SHOW_CURSOR, up } from "./drawn-line.ts";
import { paintFor, styled } from "./markdown/styled-text.ts";
import { fitColumns, placeBehind, widthOf } from "./width.ts";

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 100;

/** A wait shorter than this is not worth a word; in the middle of a line it has to be longer. */
const QUIET_MS = 250;
const QUIET_IN_LINE_MS = 1_000;

const TAB_COLUMNS = 8;

/** The rows of what is typed, that many at most. */
export type TypedRows = (columns: number, most: number) => string[];

/** What is waited for, since when, and the last rows of what is printed meanwhile. */
interface Waiting {
  label: string;
  printed: readonly string[];
  readonly since: number;
}

interface Below {
  readonly stream: NodeJS.WriteStream;
  waiting?: Waiting | undefined;
  timer?: NodeJS.Timeout | undefined;
  quietSince: number;
  /** The last line of the text above, as far as it has come. */
  line: string;
  /** What is drawn before the cursor; undefined when nothing is. */
  drawn?: string | undefined;
  /** The cursor was put back to the end of a full row, where the terminal would not have left it. */
  isBack: boolean;
  /** So many things have its place: a question, and the page of details above it. */
  covers: number;
  typed: TypedRows;
}

/**
 * The last rows of the screen during a turn: what it is waiting for, and for how long, the end of what that prints, and what is
 * being typed. A pipe and a dumb terminal get none. They are drawn below a blank row, and erased before the text above goes on.
 * While something is typed the cursor is left at their end, for the reason given in drawn-line.ts.
 */
export function openFooter(stream: NodeJS.WriteStream) {
  const moves = stream.isTTY && process.env.TERM !== "dumb";
  const below: Below = { stream, quietSince: 0, line: "", isBack: false, covers: 0, typed: () => [] };

  const footer = {
    draw: () => draw(below),
    /** Makes way for a text, which it must know: it may have to come back to its end. */
    hide: (text = "") => void (moves && hide(below, stripVTControlCharacters(text))),
    wait(label: string): void {
      footer.hide();
      below.waiting = { label, printed: [], since: performance.now() };
      if (moves) below.timer ??= setInterval(footer.draw, FRAME_MS).unref();
      footer.draw();
    },
    rename(label: string, printed: readonly string[] = []): void {
      if (below.waiting) Object.assign(below.waiting, { label, printed });
    },
    /** Nothing is waited for until the function that this gives is called: the wait begins again then. */
    suspend() {
      const suspended = below.waiting;
      footer.hide();
      below.waiting = undefined;
      return () => void (below.timer && suspended && footer.wait(suspended.label));
    },
    /** Nothing is shown until the function that this gives is called. */
    cover() {
      footer.hide();
      below.covers++;
      return () => {
        below.covers--;
        footer.draw();
      };
    },
    /** The screen was used by somebody else, and the cursor is at the start of a row. */
    forget(): void {
      Object.assign(below, { line: "", drawn: undefined, isBack: false });
    },
    /** What is shown of what is typed. */
    below(rows: TypedRows): void {
      below.typed = rows;
    },
    stop(): void {
      footer.suspend();
      clearInterval(below.timer);
      below.timer = undefined;
    },
  };
  return footer;
}

function draw(below: Below): void {
  const { stream, line, drawn } = below;
  const columns = stream.columns || 80;
  const rows = rowsOf(below);
  if (rows.length === 0) {
    erase(below);
    return;
  }
  const start = drawn === undefined ? (line === "" ? "\n" : "\n\n") : backToStart(drawn, columns);
  // What is typed has a cursor of its own.
  const hasCursor = below.typed(columns, 1).length > 0;
  const text = rows.join("\n");
  const toStart = `${up(rows.length - 1)}\r`;
  stream.write((hasCursor ? HIDE_CURSOR : SHOW_CURSOR) + start + text + (hasCursor ? "" : toStart));
  below.drawn = hasCursor ? stripVTControlCharacters(text) : "";
}

function rowsOf(below: Below): string[] {
  const { stream, waiting, line, quietSince } = below;
  const columns = stream.columns || 80;
  const room = (stream.rows || 24) - 2;
  if (!below.timer || below.covers > 0 || room < 1) return [];
  const now = performance.now();
  const isQuiet = now - quietSince >= (line === "" ? QUIET_MS : QUIET_IN_LINE_MS);
  const paint = (row: string) => paintFor(stream)([styled(row, "dim")]);
  const waits = waiting && isQuiet ? rowsOfWait(waiting, now, columns).map(paint) : [];
  return [...waits, ...below.typed(columns, Math.ceil(room / 2))].slice(-room);
}

function rowsOfWait({ label, printed, since }: Waiting, now: number, columns: number): string[] {
  const frame = FRAMES[Math.floor((now - since) / FRAME_MS) % FRAMES.length];
  const seconds = Math.floor((now - since) / 1000);
  const time = seconds > 0 ? ` ${seconds} s` : "";
  const line = `${frame} ${fitColumns(label, columns - 4 - time.length)}${time}`;
  return [line, ...printed.map((row) => `    ${fitColumns(row, columns - 5)}`)];
}

function backToStart(before: string, columns: number): string {
  const { row, column } = placeBehind(before, columns);
  const rows = column === 0 && before !== "" ? row - 1 : row; // a full row keeps the cursor
  return up(rows) + CLEAR;
}

/** Leaves the cursor at the end of the text above. @param next what will be written there, if anything */
function erase(below: Below, next = ""): void {
  const { stream, line, drawn } = below;
  const columns = stream.columns || 80;
  const { column } = placeBehind(line, columns);
  const isFull = line !== "" && column === 0;
  const isWrapped = isFull && /^[^\n]/.test(next);
  if (drawn !== undefined) {
    const toEnd = `\x1b[2A\x1b[${isFull ? columns : column + 1}G`;
    const back = line === "" || isWrapped ? "\x1b[A" : toEnd;
    stream.write(`${backToStart(drawn, columns)}${back}${SHOW_CURSOR}`);
    below.isBack = isFull && next === "";
  } else if (below.isBack && next !== "") {
    if (isWrapped) stream.write("\n");
    below.isBack = false;
  }
  below.drawn = undefined;
}

function hide(below: Below, text: string): void {
  below.quietSince = performance.now();
  erase(below, text);
  const at = text.lastIndexOf("\n");
  const [first = "", ...more] = (at < 0 ? below.line + text : text.slice(at + 1)).split("\t");
  const withTab = (all: string) => all.padEnd(all.length + TAB_COLUMNS - (widthOf(all) % TAB_COLUMNS));
  below.line = more.reduce((all, part) => withTab(all) + part, first);
}
