import { charactersOf, fitColumns, placeBehind, widthOf } from "./width.ts";

/** A window that is drawn larger with the mouse changes its size many times. */
const RESIZED_MS = 50;

/** A line up to the cursor, its prompt included, and what is behind the cursor. */
interface Drawn {
  readonly before: string;
  readonly after: string;
  /** Of the window in which it was drawn. */
  readonly columns: number;
}

/** Draws a line in the same place again and again. The terminal wraps it, and wraps it anew in another window. */
export function openDrawnLine(output: NodeJS.WriteStream, redraw: () => void) {
  const isDumb = process.env.TERM === "dumb";
  // xterm.js leaves the line with the cursor as it was wrapped: see its option reflowCursorLine.
  const keepsRows = process.env.TERM_PROGRAM === "vscode";
  let drawn: Drawn | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Moves to where the line begins, and takes all of it off the screen. */
  function backToStart(columns: number): string {
    if (!drawn) return "";
    if (isDumb) return "\n";
    return `${up(placeBehind(drawn.before, keepsRows ? drawn.columns : columns).row)}\r\x1b[J`;
  }

  function onResize(): void {
    clearTimeout(timer);
    timer = setTimeout(() => drawn && redraw(), RESIZED_MS);
  }
  output.on("resize", onResize);

  return {
    draw(prompt: string, before: string, after: string): void {
      const { columns = 80, rows = 24 } = output;
      const now = { ...fitted(prompt, before, after, columns, rows), columns };
      const more = drawn && whatFollows(drawn, now);
      if (more === "") return;
      if (more && (isDumb || /^[ -~]+$/.test(more))) output.write(more + ifWrapped(now.before, columns, " "));
      else output.write(backToStart(columns) + (isDumb ? now.before + now.after : withCursor(now)));
      drawn = now;
    },
    /** What is drawn next begins in the place of the line or, with the cursor at its end, below it. */
    end(stays: boolean): void {
      const { columns = 80 } = output;
      const isBelow = !isDumb && drawn && ifWrapped(drawn.before, columns, " ") !== "";
      output.write(!stays ? backToStart(columns) : isBelow ? "" : "\n");
      drawn = undefined;
    },
    /** What is drawn next begins where the cursor is now. */
    forget(): void {
      drawn = undefined;
    },
    close(): void {
      clearTimeout(timer);
      output.off("resize", onResize);
    },
  };
}

/** What was typed at the end of the line since it was drawn; undefined when something else has changed. */
function whatFollows(drawn: Drawn, { before, after, columns }: Drawn): string | undefined {
  if (drawn.after + after !== "" || drawn.columns !== columns) return undefined;
  return before.startsWith(drawn.before) ? before.slice(drawn.before.length) : undefined;
}

/** The cursor goes where the terminal puts it behind `before`: terminals differ in how wide they take an emoji to be. */
function withCursor({ before, after, columns }: Drawn): string {
  const whole = before + after + ifWrapped(before + after, columns, " ");
  if (after === "") return whole;
  const [next = ""] = charactersOf(after);
  return `${whole}${up(placeBehind(before + after, columns).row)}\r${before}${ifWrapped(before, columns, next)}`;
}

/** A full row leaves the cursor on its last column: one more character, and it is on the next row. */
function ifWrapped(text: string, columns: number, character: string): string {
  const { row, column } = placeBehind(text, columns);
  return row > 0 && column === 0 ? `${character}\r` : "";
}

const up = (rows: number) => (rows > 0 ? `\x1b[${rows}A` : "");

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
