import type { openCompletion } from "./completion.ts";
import { type openDrawnLine, rowsWithBlock } from "./drawn-line.ts";
import * as edited from "./edited-line.ts";
import type { Input } from "./keys.ts";
import { paintFor } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";
import { fitColumns } from "./width.ts";

/** How long a hint stays. */
const HINT_MS = 2_000;

export interface Editing {
  readonly output: NodeJS.WriteStream;
  /** What becomes of a line that is answered: it stays on the screen, or goes, with its prompt. */
  readonly traces: "stay" | "go";
  /** What is typed while nothing is asked for has changed. */
  readonly onTyped: () => void;
  /** Not a command. */
  readonly isForModel: (request: string) => boolean;
  /** These commands waited, and will not be run. */
  readonly onHeld: (commands: readonly string[]) => void;
  readonly line: edited.EditedLine;
  readonly drawn: ReturnType<typeof openDrawnLine>;
  readonly completion: ReturnType<typeof openCompletion>;
  /** Lets the user go on with the request in their editor; undefined when nothing came of it. */
  readonly edit?: ((request: string) => Promise<string | undefined>) | undefined;
  /** Requests that were ended before they were asked for. */
  readonly waiting: string[];
  readonly kept: Input[];
  asking?: { readonly prompt: string; answer(request?: string): void } | undefined;
  hint?: { readonly text: string; readonly timer: NodeJS.Timeout } | undefined;
  /** Something is done to the line. */
  busy?: boolean;
  /** What is done has the screen: the user's editor, or a page of details. */
  isAway?: boolean;
  /** Ctrl-X was the last key. */
  isChord?: boolean;
  /** Ctrl-D was the last key: the user leaves when nothing runs or waits any longer. */
  leaves?: boolean;
  closed?: boolean;
}

export function show(editing: Editing): void {
  const { asking, hint, isAway, line, onTyped, output } = editing;
  if (isAway) return;
  if (!asking) {
    onTyped();
    return;
  }
  const [columns, rows] = [output.columns || 80, output.rows || 24];
  const below = offeredRows(editing, columns, Math.floor(rows / 3));
  draw(editing, line.text, line.cursor, hint?.text, below);
}

const safeLines = (text: string) => text.split("\n").map(safeLine).join("\n");

/** Behind the prompt, the second line of a request and those that follow begin below its first. */
export const belowPrompt = (text: string) => safeLines(text).replaceAll("\n", "\n  ");

function draw(
  { asking, drawn }: Editing,
  text: string,
  cursor = text.length,
  hint = "",
  below?: string[],
): void {
  const [before, after] = [belowPrompt(text.slice(0, cursor)), belowPrompt(text.slice(cursor)) + hint];
  drawn.draw(asking?.prompt ?? "", before, after, below);
}

/** Of more requests, the number is shown. */
const MAX_WAITING = 3;

/**
 * What is typed during a turn, in at most `most` rows. No row reaches the last column, so a wider window cannot join two of
 * them. The cursor is drawn as a block, because the terminal's own is needed elsewhere.
 */
export function rowsOf(editing: Editing, columns: number, most: number): string[] {
  const { asking, closed, leaves, line, waiting } = editing;
  const { text, cursor } = line;
  if (asking || closed || (waiting.length === 0 && text === "" && !leaves)) return [];
  const hidden = waiting.length - MAX_WAITING;
  const above = waiting
    .slice(-MAX_WAITING)
    .map((request) => fitColumns(`  waits: ${safeLine(request)}`, columns - 2));
  if (hidden > 0) above.unshift(`  ${hidden} more`);
  if (leaves) {
    const words = `Ctrl-D: leaves when ${waiting.length > 0 ? "all is done" : "the turn ends"}; any key stays`;
    return [...above, fitColumns(`› ${words}`, columns - 2)].slice(-most);
  }
  const [before = "", after = ""] = [text.slice(0, cursor), text.slice(cursor)].map(safeLines);
  const { rows, cursorRow } = rowsWithBlock(before, after, Math.max(2, columns - 3));
  const offered = offeredRows(editing, columns, Math.floor(most / 2));
  const room = Math.max(1, most - above.length - offered.length);
  const start = Math.max(0, cursorRow - room + 1);
  const shown = rows.map((row, index) => (index === 0 ? "› " : "  ") + row).slice(start, start + room);
  return [...above, ...shown, ...offered].slice(-most);
}

function offeredRows({ completion, output }: Editing, columns: number, most: number): string[] {
  const rows = completion.rows(columns, most);
  return rows.length > 0 ? paintFor(output)(rows).split("\n") : [];
}

export function above(editing: Editing, write: () => void): boolean {
  const { asking, drawn, isAway } = editing;
  if (!asking) return false;
  if (!isAway) drawn.end(false);
  write();
  show(editing);
  return true;
}

/** Draws a request behind the prompt, and answers with it. */
export function submit(editing: Editing, text: string): void {
  const { asking, drawn, line, traces } = editing;
  draw(editing, text);
  drawn.end(traces === "stay");
  edited.remember(line, text);
  editing.asking = undefined;
  asking?.answer(edited.expand(line, text));
}

export function hint(editing: Editing, text: string): boolean {
  if (editing.hint) return false;
  const timer = setTimeout(() => {
    endHint(editing);
    show(editing);
  }, HINT_MS);
  editing.hint = { text, timer };
  show(editing);
  return true;
}

export function endHint(editing: Editing): void {
  clearTimeout(editing.hint?.timer);
  editing.hint = undefined;
}

export function close(editing: Editing): void {
  if (editing.closed) return;
  editing.closed = true;
  const { asking, completion, drawn, line, traces } = editing;
  endHint(editing);
  completion.close();
  line.cursor = line.text.length;
  show(editing);
  if (asking) drawn.end(traces === "stay");
  drawn.close();
  editing.asking = undefined;
  asking?.answer();
}
