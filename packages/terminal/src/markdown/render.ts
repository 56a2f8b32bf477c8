import { safeProse, safeTextStream } from "../safe-text.ts";
import { type Colour, colourFor } from "./code-colours.ts";
import { type InlineText, openInline, readInline } from "./inline.ts";
import type { Fence, LineStart } from "./line-start.ts";
import { markOf, readFenceLine, readLineStart, startOfText, telling } from "./line-start.ts";
import type { Format, Line, Paint, StyledText, WrappedLine } from "./styled-text.ts";
import {
  addVerbatim,
  addWords,
  endLine,
  interruptLine,
  NEWLINE,
  openWrappedLine,
  paintFor,
  startLine,
  styled,
  trimEnd,
} from "./styled-text.ts";
import { isTable, layOutTable } from "./table.ts";

export interface MarkdownLook {
  put(text: string): void;
  readonly paint: Paint;
  /** Columns of the window, which may change. */
  columns(): number;
  /** The format of all of it. */
  readonly format?: Format;
}

export type Markdown = ReturnType<typeof openMarkdown>;

/** What is known of a text that has come so far. */
interface State {
  readonly wrapped: WrappedLine;
  readonly format: Format;
  /** Nothing can be painted: headings and code keep their marks. */
  readonly bare: boolean;
  /** What has come of a line before it is drawn. */
  held: string;
  /** How the rest of the line is drawn while it comes; "held": only its end tells what it is. */
  rest?: InlineText | "code" | "held" | undefined;
  /** How the last line began. */
  start: LineStart;
  /** How many of its containers have had their marks drawn. */
  marked: number;
  begun: boolean;
  /** Blank lines wait for what follows them; the number says how many containers they are in. */
  gap?: number | undefined;
  fence?: Fence | undefined;
  /** Of the code in the fence, line by line. */
  colour?: Colour | undefined;
  /** The lines of a table, which is drawn when it has ended. */
  rows: string[];
}

export interface ProseView extends Omit<MarkdownLook, "paint"> {
  readonly stream: NodeJS.WriteStream;
  /** Comes before the first word. */
  readonly label?: string;
}

/** Opens one stretch of Markdown: rendered on a terminal; elsewhere it stays as it was written. */
export function openProseView({ stream, label = "", ...look }: ProseView): Markdown {
  if (!stream.isTTY) return { ...safeProse(look.put, label), moved() {} };
  const markdown = openMarkdown({ ...look, paint: paintFor(stream) });
  if (label !== "") markdown.write(label);
  return markdown;
}

/**
 * Renders Markdown as it arrives. Nothing that was written is taken back, so whatever later text could still change is held
 * back: a word, a mark without its other half, the rows of a table.
 */
export function openMarkdown({ put, paint, columns, format = [] }: MarkdownLook) {
  const safe = safeTextStream();
  const drawn: StyledText[] = [];
  const wrapped = openWrappedLine(
    (part) => void drawn.push(part),
    () => Math.max(10, columns() - 1), // the last column stays free: terminals differ in it
  );
  const bare = paint([styled("x", "bold")]) === "x";
  const nothing = { held: "", start: startOfText, marked: 0, begun: false, rows: [] };
  const state: State = { wrapped, format, bare, ...nothing };

  function flush(): void {
    if (drawn.length > 0) put(paint(drawn.splice(0)));
  }

  return {
    write(piece: string): void {
      for (const part of safe(piece).split(/(\n)/)) {
        if (part === "\n") finishLine(state);
        else readText(state, part);
      }
      flush();
    },
    /** Ends the last line, if there is one. */
    end(): void {
      if (state.rest !== undefined || state.held !== "") finishLine(state);
      drawTable(state);
      flush();
    },
    /** Something else was written in the middle of a line: what follows begins a new one. */
    moved: () => interruptLine(wrapped),
  };
}

function readText(state: State, text: string): void {
  if (state.rest === "code") addVerbatim(state.wrapped, { text, format: state.format });
  else if (typeof state.rest === "object") drawWords(state, state.rest, text, false);
  else {
    state.held += text;
    if (state.rest === undefined && telling.test(text)) beginLine(state, false);
  }
}

function finishLine(state: State): void {
  if (state.rest === undefined || state.rest === "held") beginLine(state, true);
  if (typeof state.rest === "object") drawWords(state, state.rest, "", true);
  if (state.rest === "code" || typeof state.rest === "object") endLine(state.wrapped);
  state.rest = undefined;
  state.held = "";
}

/** Begins to draw the line that is held, unless its end is needed to tell what it is. */
function beginLine(state: State, ended: boolean): void {
  const { held, fence, start: previous } = state;
  const inFence = fence ? readFenceLine(held, fence, previous.containers) : "outside";
  if (typeof inFence === "object") {
    if (state.colour && !ended) state.rest = "held";
    else beginCode(state, inFence.code);
    return;
  }
  state.fence = undefined;
  if (inFence === "end") return;

  const start = readLineStart(held, previous);
  const { kind, kept, containers } = start;
  if (!ended && (kind === "row" || kind === "fence")) {
    state.rest = "held";
    return;
  }
  if (kind !== "row" || kept < containers.length || kept < previous.containers.length) drawTable(state);
  state.start = start;
  if (kind !== "blank") state.marked = Math.min(state.marked, kept);
  beginBlock(state, start);
}

function beginBlock(state: State, { kind, kept, rest, column }: LineStart): void {
  if (kind === "blank") state.gap = kept;
  else if (kind === "text") beginWords(state, rest, state.format);
  else if (kind === "heading") beginHeading(state, rest);
  else if (kind === "code") beginCode(state, rest);
  else if (kind === "row") state.rows.push(rest);
  else if (kind === "rule") {
    drawLine(state, [styled("─".repeat(Math.max(3, Math.min(MAX_RULE, roomOf(state)))), "dim")]);
  } else {
    const [marks = ""] = /^(?:`+|~+)/.exec(rest) ?? [];
    const language = rest.slice(marks.length).trim();
    state.fence = { marks, column };
    state.colour = state.bare ? undefined : colourFor(language);
    if (language !== "") drawLine(state, [styled(`${CODE_INDENT}${language}`, "dim")]);
  }
}

const MAX_RULE = 40;

/** Text in words, with its emphasis, code and links. */
function beginWords(state: State, text: string, format: Format, mark: Line = []): void {
  const [first, hanging] = prefixes(state);
  startLine(state.wrapped, [...first, ...mark], hanging);
  state.rest = openInline(format, state.bare);
  drawWords(state, state.rest, text, false);
}

function drawWords(state: State, inline: InlineText, text: string, ended: boolean): void {
  for (const part of readInline(inline, text, ended)) addWords(state.wrapped, part);
}

function beginHeading(state: State, text: string): void {
  const [whole = "", marks] = /^(#+) */.exec(text) ?? [];
  const format: Format = [...state.format, "bold", ...(marks === "#" ? (["underline"] as const) : [])];
  state.gap ??= 0;
  beginWords(state, text.slice(whole.length), format, state.bare ? [styled(`${marks} `, ...format)] : []);
}

/** Code is set in a little, and nothing else is done to it. */
const CODE_INDENT = "  ";

/** Code is shown as it comes. A line that is too long is left to the terminal: copied, it is one line. */
function beginCode(state: State, text: string): void {
  const [first, hanging] = prefixes(state);
  const indent = styled(CODE_INDENT);
  startLine(state.wrapped, text === "" ? trimEnd(first) : [...first, indent], [...hanging, indent]);
  state.rest = "code";
  const parts = (state.fence && state.colour?.(text)) ?? [styled(text)];
  for (const part of parts)
    addVerbatim(state.wrapped, { ...part, format: [...state.format, ...part.format] });
}

/** Draws the table that ended, or, when it was none, its lines as they are. */
function drawTable(state: State): void {
  const { rows, format, bare } = state;
  state.rows = [];
  if (isTable(rows)) {
    const readCell = (text: string) => readInline(openInline(format, bare), text, true);
    for (const line of layOutTable(rows, roomOf(state), readCell)) drawLine(state, line);
    return;
  }
  for (const row of rows) {
    beginWords(state, row, format);
    finishLine(state);
  }
}

function drawLine(state: State, line: Line): void {
  const [first] = prefixes(state);
  for (const part of [...first, ...line, NEWLINE]) state.wrapped.put(part);
}

/** Draws the blank line that waits, and says what comes before the line that begins, and before each further one. */
function prefixes(state: State): [first: Line, hanging: Line] {
  const { gap, marked, format, wrapped } = state;
  const { containers } = state.start;
  const hanging = containers.map((each) => markOf(each, false, format));
  if (gap !== undefined && state.begun) {
    for (const part of [...trimEnd(hanging.slice(0, Math.min(gap, marked))), NEWLINE]) wrapped.put(part);
  }
  state.gap = undefined;
  state.begun = true;
  state.marked = containers.length;
  return [containers.map((each, index) => markOf(each, index >= marked, format)), hanging];
}

/** Columns that are left beside the marks of the containers. */
function roomOf({ wrapped, start }: State): number {
  return wrapped.columns() - start.containers.reduce((width, { shown }) => width + shown.length + 1, 0);
}
