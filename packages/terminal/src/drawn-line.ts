import { charactersOf, fitColumns, inRows, placeBehind, widthOf } from "./width.ts";

/** A window that is drawn larger with the mouse changes its size many times. */
const RESIZED_MS = 50;

export const HIDE_CURSOR = "\x1b[?25l";
export const SHOW_CURSOR = "\x1b[?25h";
/**
 * Takes the row of the cursor, and those below, off the screen. tmux keeps what is cleared from the first place of the screen
 * among what was scrolled away, where a wider window brings it back. So all is cleared from the second place, and one row before.
 */
export const CLEAR = "\r\x1b[K\x1b[C\x1b[J\r";

/** A line up to the cursor, its prompt included, and what is behind the cursor. */
interface Drawn {
  readonly before: string;
  readonly after: string;
  /** Of the window in which it was drawn. */
  readonly columns: number;
}

/**
 * Redraws a line in one place. The terminal wraps it, and wraps it differently when the window changes. With rows below the line
 * the cursor is left at their end, and a block drawn where it belongs, because terminals differ in what a narrower window does
 * to rows below the cursor.
 */
export function openDrawnLine(output: NodeJS.WriteStream, redraw: () => void) {
  const isDumb = process.env.TERM === "dumb";
  // xterm.js leaves the line with the cursor as it was wrapped: see its option reflowCursorLine.
  const keepsRows = process.env.TERM_PROGRAM === "vscode";
  const hideCursor = cursorHider(output);
  let drawn: Drawn | undefined;
  let timer: NodeJS.Timeout | undefined;

  function backToStart(columns: number): string {
    if (!drawn) return "";
    return isDumb ? "\n" : startOf(drawn, columns, keepsRows ? drawn.columns : columns);
  }

  function onResize(): void {
    clearTimeout(timer);
    timer = setTimeout(() => drawn && redraw(), RESIZED_MS);
  }
  output.on("resize", onResize);

  return {
    draw(prompt: string, before: string, after: string, below: readonly string[] = []): void {
      const [columns, rows] = [output.columns || 80, output.rows || 24];
      const line = fitted(prompt, ...broken(prompt, before, after, columns), columns, rows - below.length);
      const now = { ...(below.length > 0 ? withBlock(line, below) : line), columns };
      hideCursor(below.length > 0);
      const more = drawn && whatFollows(drawn, now);
      if (more === "") return;
      const typed = more && (isDumb ? more : /^[ -~]+$/.test(more) && more + cellBehind(now.before, columns));
      output.write(typed || backToStart(columns) + (isDumb ? now.before + now.after : withCursor(now)));
      drawn = now;
    },
    /** What is drawn next begins in the place of the line or, with the cursor at its end, below it. */
    end(stays: boolean): void {
      const columns = output.columns || 80;
      hideCursor(false);
      const isBelow = !isDumb && drawn && fillsRow(drawn.before, columns);
      output.write(!stays ? backToStart(columns) : isBelow ? "" : "\n");
      drawn = undefined;
    },
    /** What is drawn next begins where the cursor is now. */
    forget(): void {
      hideCursor(false);
      drawn = undefined;
    },
    close(): void {
      clearTimeout(timer);
      output.off("resize", onResize);
    },
  };
}

function cursorHider(output: NodeJS.WriteStream) {
  let isHidden = false;
  return (hides: boolean): void => {
    if (hides !== isHidden) output.write(hides ? HIDE_CURSOR : SHOW_CURSOR);
    isHidden = hides;
  };
}

/** Moves to where the line begins, and takes all of it off the screen. @param columns of all its rows, and of the last line's */
function startOf({ before }: Drawn, columns: number, columnsOfLast: number): string {
  const last = before.lastIndexOf("\n") + 1;
  const above = placeBehind(before.slice(0, last), columns).row;
  return `${up(above + placeBehind(before.slice(last), columnsOfLast).row)}${CLEAR}`;
}

function withBlock({ before, after }: Pick<Drawn, "before" | "after">, below: readonly string[]) {
  const [under, rest] = underCursor(after);
  return { before: [before + block(under) + rest, ...below].join("\n"), after: "" };
}

/** What a block is drawn over, and what comes behind it. */
function underCursor(after: string): [under: string, rest: string] {
  const [first = "\n"] = charactersOf(after);
  return first === "\n" ? [" ", after] : [first, after.slice(first.length)];
}

const block = (text: string) => text.replace(/[^\n]+/g, "\x1b[7m$&\x1b[27m");

/** What is typed during a turn, as rows of that many columns, with a block where the cursor is. */
export function rowsWithBlock(before: string, after: string, columns: number) {
  const [start = "", under = "", end = ""] = inRows([before, ...underCursor(after)], columns);
  const cursorRow = (start + under).split("\n").length - 1;
  return { rows: (start + block(under) + end).split("\n"), cursorRow };
}

/** What was typed at the end of the line since it was drawn; undefined when something else has changed. */
function whatFollows(drawn: Drawn, { before, after, columns }: Drawn): string | undefined {
  if (drawn.columns !== columns) return undefined;
  if (drawn.before === before && drawn.after === after) return "";
  if (drawn.after + after !== "") return undefined;
  return before.startsWith(drawn.before) ? before.slice(drawn.before.length) : undefined;
}

/** The cursor goes where the terminal puts it behind `before`: terminals differ in how wide they take an emoji to be. */
function withCursor({ before, after, columns }: Drawn): string {
  const whole = before + after + cellBehind(before + after, columns);
  if (after === "") return whole;
  const [next = ""] = charactersOf(after);
  const onNext = fillsRow(before, columns) ? `${next}\r` : "";
  return `${whole}${up(placeBehind(before + after, columns).row)}\r${before}${onNext}`;
}

/** The cursor is on the last column then, and goes to the next row with one more character. */
function fillsRow(text: string, columns: number): boolean {
  const { row, column } = placeBehind(text, columns);
  return row > 0 && column === 0;
}

/**
 * A blank where the cursor is: a narrower window may end a row there, and terminals agree on where that leaves the cursor if
 * something is written under it.
 */
const cellBehind = (text: string, columns: number) => (fillsRow(text, columns) ? " \r" : "\x1b7 \x1b8");

export const up = (rows: number) => (rows > 0 ? `\x1b[${rows}A` : "");

/** What a character has that terminals do not agree on how wide it is. */
const DISPUTED = /\u200d|\ufe0f|\p{Emoji_Modifier}|\p{Regional_Indicator}/u;

/** A line with such characters is broken before any terminal breaks it: only then is it known how many rows it takes. */
function broken(prompt: string, before: string, after: string, columns: number): [string, string] {
  if (!DISPUTED.test(before + after)) return [before, after];
  const [start = "", end = ""] = inRows([before, after], columns - 1, placeBehind(prompt, columns).column);
  return [start, end];
}

/** Of a line that is taller than the screen, what is around the cursor: rows that are scrolled away cannot be drawn again. */
function fitted(prompt: string, before: string, after: string, columns: number, rows: number) {
  const { row, column } = placeBehind(prompt, columns);
  if (placeBehind(prompt + before + after, columns).row < rows - 1) return { before: prompt + before, after };
  let room = (columns - 1) * (rows - 1 - row) - column;
  const characters = [...charactersOf(before)];
  while (characters.length > 0) {
    const last = characters.at(-1) ?? "";
    room -= last === "\n" ? columns : widthOf(last);
    if (room < columns) break;
    characters.pop();
  }
  const cut = characters.join("").length;
  const [firstLine = ""] = after.split("\n");
  const mark = cut > 0 ? "…" : "";
  return { before: prompt + mark + before.slice(cut), after: fitColumns(firstLine, Math.max(1, room)) };
}
