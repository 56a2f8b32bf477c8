import type { History } from "./history.ts";
import { charactersOf } from "./width.ts";

/** The line that is edited, and the requests before it. */
export interface EditedLine {
  text: string;
  /** A place in the text, in UTF-16 units. */
  cursor: number;
  /** By the mark that stands for it in a line, where it is one character. */
  readonly pastes: Map<string, string>;
  readonly earlier: string[];
  /** Those of earlier conversations, until a key needs them, or another request comes behind them. */
  unread?: History | undefined;
  readonly history?: History | undefined;
  /** Which of them is shown; their number, when none is. */
  recalled: number;
  /** What was typed before one was. */
  draft: string;
  /** What Ctrl-R looks for, while it is pressed in a row. */
  sought?: string | undefined;
  /** By the keys in a row that delete more than a character. */
  deleted: string;
  deletes: boolean;
}

export function emptyLine(history?: History): EditedLine {
  const recalling = { earlier: [], recalled: 0, draft: "", unread: history, history };
  return { text: "", cursor: 0, pastes: new Map(), ...recalling, deleted: "", deletes: false };
}

/** Puts text in the place of so much before the cursor. Control characters go: what is put into a line never submits it. */
export function insert(line: EditedLine, text: string, replaced = 0): void {
  endRow(line);
  const clean = text.replace(/\p{Cc}/gu, "").toWellFormed();
  const start = line.cursor - replaced;
  line.text = line.text.slice(0, start) + clean + line.text.slice(line.cursor);
  line.cursor = start + clean.length;
}

/** Longer than this, a pasted line is more than anybody edits by hand. */
const MAX_SHOWN = 500;

/** A paste is a short line itself, or a mark that stands for it. */
export function paste(line: EditedLine, pasted: string): void {
  const whole = pasted.replace(/\r\n?/g, "\n");
  const shown = whole.replace(/\n+$/, "");
  if (shown.length <= MAX_SHOWN && !/\p{Cc}/u.test(shown)) insert(line, shown);
  else insert(line, markFor(line, whole));
}

/** As it can be edited: a request that was typed, or a mark where it was pasted. */
function shownAs(line: EditedLine, request: string): string {
  const isTyped = request.length <= MAX_SHOWN && !/(?!\n)\p{Cc}/u.test(request);
  return isTyped ? request : markFor(line, request);
}

function markFor(line: EditedLine, whole: string): string {
  const shown = whole.replace(/\n+$/, "");
  const lines = shown.split("\n").length;
  const size = lines > 1 ? `${lines} lines` : `${whole.length.toLocaleString("en")} characters`;
  const mark = `[paste ${line.pastes.size + 1}: ${size}]`;
  line.pastes.set(mark, whole);
  return mark;
}

/** The text with every mark replaced by what was pasted. */
export function expand({ pastes }: EditedLine, text: string): string {
  return text.replace(/\[paste \d+: [^\]]+\]/g, (mark) => pastes.get(mark) ?? mark);
}

/** Another text, with the cursor behind it. */
export function replaceLine(line: EditedLine, text: string): void {
  line.text = text;
  line.cursor = text.length;
}

/** A request that was written elsewhere: in the user's editor, say. */
export function replaceWhole(line: EditedLine, request: string): void {
  replaceLine(line, shownAs(line, request.replace(/\r\n?/g, "\n").replace(/\n+$/, "")));
}

/** Begins another line of the same request. */
export function breakLine(line: EditedLine): void {
  endRow(line);
  line.text = `${line.text.slice(0, line.cursor)}\n${line.text.slice(line.cursor)}`;
  line.cursor++;
}

/** A request that was typed is one of those before the next. */
export function remember(line: EditedLine, text: string): void {
  const { earlier, history } = line;
  readHistory(line);
  if (text.trim() !== "" && text !== earlier.at(-1)) {
    earlier.push(text);
    history?.add(expand(line, text));
  }
  line.recalled = earlier.length;
}

function readHistory(line: EditedLine): void {
  const requests = line.unread?.load() ?? [];
  line.unread = undefined;
  line.earlier.unshift(...requests.map((request) => shownAs(line, request)));
  line.recalled += requests.length;
}

/** Where its characters begin, and where the last one ends. */
function edgesOf({ pastes, text }: EditedLine): number[] {
  const edges = [0];
  for (const part of text.split(/(\[paste \d+: [^\]]+\])/)) {
    const characters = pastes.has(part) ? [part] : charactersOf(part);
    for (const character of characters) edges.push((edges.at(-1) ?? 0) + character.length);
  }
  return edges;
}

const word = String.raw`(?:[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]+|)`;
// Functions, because such classes of characters take a millisecond to read, at a start that may never need them.
const lastWord = () => new RegExp(String.raw`${word}\s*$`, "u");
const firstWord = () => new RegExp(String.raw`^\s*${word}`, "u");

const startOfLine = ({ text, cursor }: EditedLine) => text.slice(0, cursor).lastIndexOf("\n") + 1;

function endOfLine({ text, cursor }: EditedLine): number {
  const end = text.indexOf("\n", cursor);
  return end < 0 ? text.length : end;
}

export const isOnFirstLine = (line: EditedLine) => startOfLine(line) === 0;

/** Where keys move the cursor to, or delete up to; no further than to the edge of a character. */
const places = [
  { moving: ["left", "ctrl-b"], deleting: ["backspace"], at: ({ cursor }: EditedLine) => cursor - 1 },
  { moving: ["right", "ctrl-f"], deleting: ["delete", "ctrl-d"], at: ({ cursor }: EditedLine) => cursor + 1 },
  { moving: ["home", "ctrl-a"], deleting: ["ctrl-u"], at: startOfLine },
  { moving: ["end", "ctrl-e"], deleting: ["ctrl-k"], at: endOfLine },
  {
    moving: ["ctrl-left", "alt-left", "alt-b"],
    deleting: ["ctrl-w", "alt-backspace", "ctrl-backspace"],
    at: ({ text, cursor }: EditedLine) => text.slice(0, cursor).search(lastWord()),
  },
  {
    moving: ["ctrl-right", "alt-right", "alt-f"],
    deleting: ["alt-d", "alt-delete", "ctrl-delete"],
    at: ({ text, cursor }: EditedLine) => cursor + (firstWord().exec(text.slice(cursor))?.[0].length ?? 0),
  },
];

/** What comes between two keys parts them: the second deletes or looks for something of its own. */
function endRow(line: EditedLine): void {
  line.deletes = false;
  line.sought = undefined;
}

/** Does what a key is for. */
export function press(line: EditedLine, key: string): void {
  const { deletes, recalled, sought } = line;
  endRow(line);
  const place = places.find(({ moving, deleting }) => moving.includes(key) || deleting.includes(key));
  if (place) {
    const [from, to, edges] = [line.cursor, place.at(line), edgesOf(line)];
    line.cursor =
      (to < from ? edges.findLast((edge) => edge <= to) : edges.find((edge) => edge >= to)) ?? from;
    if (place.deleting.includes(key)) deleteFrom(line, from, key, deletes);
  } else if (key === "ctrl-y") insert(line, line.deleted);
  else if (key === "ctrl-r") seek(line, sought ?? line.text);
  else if (key === "up" || key === "ctrl-p") {
    readHistory(line);
    if (isOnFirstLine(line)) recall(line, line.recalled - 1);
    else moveTo(line, startOfLine(line) - 1);
  } else if (key === "down" || key === "ctrl-n") {
    if (endOfLine(line) === line.text.length) recall(line, recalled + 1);
    else moveTo(line, endOfLine(line) + 1);
  }
}

/** Moves the cursor to the line of a place, below or above where it was. */
function moveTo(line: EditedLine, place: number): void {
  const column = line.cursor - startOfLine(line);
  line.cursor = place;
  line.cursor = startOfLine(line);
  const to = Math.min(line.cursor + column, endOfLine(line));
  line.cursor = edgesOf(line).findLast((edge) => edge <= to) ?? to;
}

const single = ["backspace", "delete", "ctrl-d"];

/** Deletes what is between the cursor and where it was; more than a character is kept for Ctrl-Y. */
function deleteFrom(line: EditedLine, from: number, key: string, goesOn: boolean): void {
  const { cursor, text } = line;
  const [start, end] = [Math.min(cursor, from), Math.max(cursor, from)];
  const gone = text.slice(start, end);
  line.text = text.slice(0, start) + text.slice(end);
  line.cursor = start;
  if (single.includes(key)) return;
  line.deletes = true;
  if (!goesOn) line.deleted = gone;
  else line.deleted = cursor < from ? gone + line.deleted : line.deleted + gone;
}

/** Goes back to the request before that has what was typed in it. */
function seek(line: EditedLine, wanted: string): void {
  readHistory(line);
  const { earlier, recalled } = line;
  const found = earlier.slice(0, recalled).findLastIndex((request) => request.includes(wanted));
  recall(line, found);
  line.sought = wanted;
}

/** Beyond the oldest, and beyond what is typed now, there is nothing: the line stays. */
function recall(line: EditedLine, index: number): void {
  const { earlier, recalled, text } = line;
  if (index < 0 || index > earlier.length) return;
  if (recalled === earlier.length) line.draft = text;
  line.recalled = index;
  replaceLine(line, earlier[index] ?? line.draft);
}
