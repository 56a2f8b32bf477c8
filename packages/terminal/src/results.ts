import type { ToolCall, ToolResult } from "@eightfold/core";
import { callLine, hasFailed, isTyped } from "./call-line.ts";
import { styledDiff } from "./diff-view.ts";
import type { Markdown } from "./markdown/render.ts";
import { type StyledText, styledLines } from "./markdown/styled-text.ts";
import { exactLine, safeLine } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import { fitColumns } from "./width.ts";

/** What the screen shows only a part of: the result of a call, what a command prints, a thought. */
export interface Detail {
  head(columns: number): StyledText[];
  text: string;
  /** Instead of the text: a diff, say. */
  body?: ((columns: number) => StyledText[]) | undefined;
  /** Nothing more comes. */
  isOver: boolean;
}

/** So much is kept of one detail, and of all together. In characters. */
const MOST_OF_ONE = 2_000_000;
const MOST = 8_000_000;

export type Details = ReturnType<typeof detailsOf>;

/** The details of a session, the oldest first. Those that were too many are gone. */
export function detailsOf() {
  const all: Detail[] = [];

  function keepWithin(): void {
    let size = all.reduce((sum, { text }) => sum + text.length, 0);
    while (all.length > 1 && size > MOST) size -= all.shift()?.text.length ?? 0;
  }

  return {
    all,
    add(detail: Detail): Detail {
      all.push(detail);
      keepWithin();
      return detail;
    },
    /** Adds to the text of one; of what is too long the end is kept. */
    append(detail: Detail, text: string): void {
      detail.text += text;
      if (detail.text.length <= MOST_OF_ONE) return;
      detail.text = `[the beginning is left out]\n${detail.text.slice(-MOST_OF_ONE / 2)}`;
      keepWithin();
    },
  };
}

export type Printing = ReturnType<typeof printingInto>;

/** What calls print while they run. */
export function printingInto(details: Details) {
  const running = new Map<string, Detail>();
  return {
    add(call: ToolCall, text: string): void {
      const head = (columns: number) => callLine(call, undefined, columns);
      const detail = running.get(call.id) ?? details.add({ head, text: "", isOver: false });
      running.set(call.id, detail);
      details.append(detail, text);
    },
    /** The last rows of what was printed last. */
    rows(screen: Screen): string[] {
      const last = [...running.values()].at(-1);
      return last ? liveRows(last, screen) : [];
    },
    end({ id }: ToolCall): Detail | undefined {
      const detail = running.get(id);
      running.delete(id);
      return detail;
    },
  };
}

const MAX_DIFF_LINES = 24;

/** What is kept on the screen of what a command printed: the reason for a failure takes more, the user's own a screen. */
const KEPT_LINES = 3;
const KEPT_OF_FAILED = 10;

interface Showing {
  readonly screen: Screen;
  readonly details: Details;
  readonly requests: unknown;
  readonly seenDiff?: string | undefined;
}

/** Writes how a call ended, with its diff, or the last of what it printed. */
export function noteResult(
  { screen, details, requests, seenDiff }: Showing,
  { call, result }: { readonly call: ToolCall; readonly result: ToolResult },
  printed?: Detail,
): void {
  const columns = screen.columns();
  const { diff, text } = result;
  const detail = printed ?? details.add({ head: () => [], text, isOver: true });
  detail.head = (columns) => callLine(call, result, columns);
  detail.isOver = true;
  if (diff) detail.body = (columns) => styledDiff(diff, columns);
  const usual = hasFailed(result) ? KEPT_OF_FAILED : KEPT_LINES;
  const most = isTyped(call) ? Math.max(KEPT_OF_FAILED, screen.rows() - 6) : usual;
  const below = diff && diff !== seenDiff ? styledDiff(diff, columns, MAX_DIFF_LINES) : [];
  const tail = printed ? styledTail(printed.text, most, columns, requests !== undefined) : [];
  screen.note("tools", [...callLine(call, result, columns), ...below, ...tail]);
}

function styledTail(text: string, most: number, columns: number, canOpen: boolean): StyledText[] {
  const lines = lastLines(text, most, columns - 5);
  const hidden = (text.match(/\S.*/g)?.length ?? 0) - lines.length;
  const more = `… ${hidden} ${hidden === 1 ? "line" : "lines"} above${canOpen ? ", Ctrl-O" : ""}`;
  return styledLines(
    [...(hidden > 0 ? [more] : []), ...lines].map((line) => `    ${line}`),
    "dim",
  );
}

/** The last rows of a text that grows, below the line that says what is waited for. */
function liveRows({ text }: Detail, screen: Screen): string[] {
  const most = Math.max(1, Math.min(5, Math.floor(screen.rows() / 5)));
  return lastLines(text, most, screen.columns() - 5);
}

/** The last lines that hold anything, each cut to fit a row. */
function lastLines(text: string, most: number, columns: number): string[] {
  const lines = text.slice(-most * 2_000).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .slice(-most)
    .map((line) => fitColumns(exactLine(line.slice(0, 2_000).replaceAll("\t", "    ")), columns));
}

/** Takes what a model thinks, and leaves a line of it on the screen. */
export function addThought(details: Details, screen: Screen): Markdown {
  const head = () => styledLines(["thinking"], "dim");
  const thought = details.add({ head, text: "", isOver: false });
  return {
    write(piece) {
      details.append(thought, piece);
      screen.spinner.rename("thinking", liveRows(thought, screen));
    },
    end() {
      thought.isOver = true;
      screen.note(Symbol("thought"), styledLines([folded(thought.text, screen.columns() - 1)], "dim"));
    },
    moved() {},
  };
}

function folded(thought: string, columns: number): string {
  const lines = thought.trim().split("\n");
  const line = `thinking: ${safeLine(lines[0] ?? "").replace(/^[#* ]+|[* ]+$/g, "")}`;
  if (lines.length === 1 && line.length * 2 <= columns) return line;
  const more = ` · ${lines.length} ${lines.length === 1 ? "line" : "lines"}, Ctrl-O`;
  return fitColumns(line, columns - more.length) + more;
}
