import { type StyledText, styled } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";
import { charactersOf, fitColumns, mostColumnsOf } from "./width.ts";

/** What is typed while nothing is asked for. */
export interface Typed {
  /** Requests that the turn has not taken yet. */
  readonly waiting: readonly string[];
  /** The one that is being typed, and the place of the cursor in it. */
  readonly text: string;
  readonly cursor: number;
  /** The user leaves when the turn ends. */
  readonly leaves?: boolean | undefined;
  /** What is offered for it, row by row. */
  readonly offered: readonly string[];
}

/** Of more requests, the number is shown. */
const MAX_WAITING = 3;

/**
 * What is typed during a turn, in at most `most` rows. No row reaches the last column, so a wider window cannot join two of
 * them. The cursor is drawn as a block, because the terminal's own is needed elsewhere.
 */
export function typedRows(typed: Typed, columns: number, most: number): string[] {
  const { waiting, text, cursor, leaves, offered } = typed;
  if (waiting.length === 0 && text === "" && !leaves) return [];
  const hidden = waiting.length - MAX_WAITING;
  const above = waiting
    .slice(-MAX_WAITING)
    .map((request) => fitColumns(`  waits: ${safeLine(request)}`, columns - 2));
  if (hidden > 0) above.unshift(`  ${hidden} more`);
  if (leaves) {
    const words = `Ctrl-D: leaves when ${waiting.length > 0 ? "all is done" : "the turn ends"}; any key stays`;
    return [...above, fitColumns(`› ${words}`, columns - 2)].slice(-most);
  }
  const { rows, cursorRow } = wrapped(text, cursor, Math.max(2, columns - 3));
  const room = Math.max(1, most - above.length - offered.length);
  const start = Math.max(0, Math.min(cursorRow, rows.length) - room + 1);
  const shown = rows
    .slice(start, start + room)
    .map((row, index) => `${start + index === 0 ? "› " : "  "}${row}`);
  return [...above, ...shown, ...offered].slice(-most);
}

const BLOCK = "\x1b[7m";
const BLOCK_END = "\x1b[27m";

function wrapped(text: string, cursor: number, width: number) {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  let cursorRow = 0;

  function end(): void {
    rows.push(row);
    row = "";
    used = 0;
  }

  function put(character: string, isCursor: boolean): void {
    const columns = mostColumnsOf(character);
    if (used + columns > width) end();
    if (isCursor) cursorRow = rows.length;
    row += isCursor ? BLOCK + character + BLOCK_END : character;
    used += columns;
  }

  let at = 0;
  for (const character of charactersOf(`${text}\n`)) {
    const isCursor = at === cursor;
    at += character.length;
    if (character !== "\n") for (const part of safeParts(character)) put(part, isCursor);
    else {
      if (isCursor) put(" ", true);
      if (at <= text.length) end();
    }
  }
  end();
  return { rows, cursorRow };
}

/** A character as it is shown: one that a terminal would obey is several. */
function safeParts(character: string): Iterable<string> {
  const shown = safeLine(character);
  return shown === character ? [character] : charactersOf(shown);
}

/** A request of the user's that a turn has taken, as the prompt leaves one. */
export function styledRequest(request: string): StyledText[] {
  return [styled("› ", "cyan"), styled(`${request.split("\n").map(safeLine).join("\n  ")}\n`)];
}
