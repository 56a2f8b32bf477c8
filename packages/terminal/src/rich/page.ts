import type { Fence } from "./fence.ts";
import { type Flow, widthOfRuns } from "./flow.ts";
import { type Ink, NEWLINE, type Run } from "./ink.ts";
import { readInline } from "./inline.ts";
import type { Container, LineKind } from "./line-start.ts";
import { isDelimiter, type Line, layOutTable } from "./table.ts";

/** The page that Markdown is drawn on, and what of the lines above matters for the next. */
export interface Page {
  put(run: Run): void;
  /** Columns that a line may have. */
  columns(): number;
  readonly flow: Flow;
  /** The look of all of it. */
  readonly ink: Ink;
  /** Nothing can be painted: headings and code keep their marks. */
  readonly bare: boolean;
  containers: readonly Container[];
  /** What the last line was. */
  after?: LineKind | undefined;
  /** Something was drawn. */
  begun: boolean;
  /** Blank lines wait for what follows them; the number says how many containers they are in. */
  gap?: number | undefined;
  fence?: Fence | undefined;
  table?: { readonly lines: string[]; readonly place: Place } | undefined;
}

/** The containers of a line, and how many of them go on from the line before. */
export interface Place {
  readonly containers: readonly Container[];
  readonly kept: number;
}

/** What stands before the first line of something, and before each further one. */
export interface Prefix {
  readonly first: Line;
  readonly hanging: Line;
}

/** Draws the blank line that waits, and says what stands before the line that begins. */
export function beginLine(page: Page, { containers, kept }: Place): Prefix {
  if (page.gap !== undefined && page.begun) {
    const shared = containers.slice(0, Math.min(page.gap, kept));
    for (const run of bars(shared, page.ink)) page.put(run);
    page.put(NEWLINE);
  }
  page.gap = undefined;
  page.begun = true;
  const { ink } = page;
  const first = containers.map((each, index) => markOf(each, index >= kept, ink));
  return { first, hanging: containers.map((each) => markOf(each, false, ink)) };
}

function markOf(container: Container, begins: boolean, ink: Ink): Run {
  if (container.type === "quote") return { text: "│ ", ink: [...ink, "dim"] };
  const shown = `${container.shown} `;
  return { text: begins ? shown : " ".repeat(shown.length), ink };
}

/** A blank line inside a quote is drawn with its bar. */
function bars(containers: readonly Container[], ink: Ink): Line {
  const last = containers.findLastIndex(({ type }) => type === "quote");
  const runs = containers.slice(0, last + 1).map((each) => markOf(each, false, ink));
  return runs.map((run, index) => (index === last ? { ...run, text: "│" } : run));
}

/** Draws the table that ended, or, when it was none, its lines as they stand. */
export function flushTable(page: Page): void {
  const { table } = page;
  if (!table) return;
  page.table = undefined;
  const { lines, place } = table;
  const prefix = beginLine(page, place);
  const read = (text: string) =>
    readInline(text, { ink: page.ink, ended: true, before: "", bare: page.bare }).runs;
  const isTable = isDelimiter(lines[1] ?? "");
  const room = page.columns() - widthOfRuns(prefix.hanging);
  const drawn = isTable ? layOutTable(lines, room, read) : undefined;
  for (const [index, line] of (drawn ?? lines.map(read)).entries()) {
    const before = index === 0 ? prefix.first : prefix.hanging;
    if (drawn) for (const run of [...before, ...line, NEWLINE]) page.put(run);
    else {
      page.flow.begin(before, prefix.hanging);
      for (const run of line) page.flow.add(run);
      page.flow.end();
    }
  }
}
