import { openFlow, widthOfRuns } from "./flow.ts";
import type { Run } from "./ink.ts";

/** A line of runs, without its newline. */
export type Line = readonly Run[];

/** Reads the text of a cell. */
export type ReadCell = (text: string) => readonly Run[];

type Side = "left" | "right" | "center";

/** A cell is several lines where the source says `<br>`. */
type Cell = readonly Line[];

const GAP = "  ";
const text = (content: string): Run => ({ text: content, ink: [] });

/** `|---|:-:|`: the line below the names of the columns. */
export function isDelimiter(line: string): boolean {
  return /^\|(?:\s*:?-+:?\s*\|)*\s*(?::?-+:?\s*)?$/.test(line.trim()) && line.includes("-");
}

/**
 * Lays a table out in so many columns: `source` is its lines, the second being the delimiter. Cells wrap where it
 * is too wide; where there is no room even for its words, each row becomes a small list.
 */
export function layOutTable(source: readonly string[], room: number, readCell: ReadCell): Line[] {
  const [names = [], sides = [], ...rows] = source.map(cellsOf);
  const aligned = sides.map(sideOf);
  const read = (row: readonly string[]) =>
    names.map((_, index) => (row[index] ?? "").split(/<br ?\/?>/i).map((line) => readCell(line.trim())));
  const head = read(names).map((cell) => cell.map(bold));
  const body = rows.map(read);
  const widths = fit([head, ...body], room - GAP.length * (names.length - 1));
  if (!widths) return body.flatMap((row, index) => recordOf(head, row, room, index === 0));
  const drawn = body.flatMap((row) => drawRow(row, widths, aligned));
  if (names.every((name) => name === "")) return drawn;
  const rule = joinCells(widths.map((width) => [{ text: "─".repeat(width), ink: ["dim"] as const }]));
  return [...drawRow(head, widths, aligned), rule, ...drawn];
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function sideOf(delimiter: string): Side {
  if (!delimiter.endsWith(":")) return "left";
  return delimiter.startsWith(":") ? "center" : "right";
}

function bold(line: Line): Line {
  return line.map((run) => ({ text: run.text, ink: ["bold", ...run.ink] }));
}

/** Takes from the widest columns until the table fits; undefined where words would have to be broken. */
function fit(rows: readonly (readonly Cell[])[], room: number): number[] | undefined {
  const columns = rows[0]?.map((_, index) => rows.flatMap((row) => row[index] ?? [])) ?? [];
  const widths = columns.map((lines) => Math.max(1, ...lines.map(widthOfRuns)));
  const least = columns.map((lines) => Math.max(1, ...lines.map(widestWord)));
  if (sum(least) > room) return undefined;
  while (sum(widths) > room) {
    const spare = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const MAX_WORD = 20;

function widestWord(line: Line): number {
  const words = line
    .map((run) => run.text)
    .join("")
    .split(" ");
  return Math.min(MAX_WORD, Math.max(...words.map((word) => widthOfRuns([text(word)]))));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function drawRow(row: readonly Cell[], widths: readonly number[], sides: readonly Side[]): Line[] {
  const wrapped = row.map((cell, index) => cell.flatMap((line) => wrapLine(line, widths[index] ?? 1)));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) =>
    trimEnd(joinCells(wrapped.map((lines, x) => pad(lines[y] ?? [], widths[x] ?? 1, sides[x] ?? "left")))),
  );
}

function joinCells(cells: readonly Line[]): Line {
  return cells.flatMap((cell, index) => (index === 0 ? cell : [text(GAP), ...cell]));
}

function trimEnd(line: Line): Line {
  return line.slice(0, line.findLastIndex((run) => run.text.trim() !== "") + 1);
}

function pad(line: Line, width: number, side: Side): Line {
  const space = Math.max(0, width - widthOfRuns(line));
  const before = { left: 0, right: space, center: Math.floor(space / 2) }[side];
  return [text(" ".repeat(before)), ...line, text(" ".repeat(space - before))];
}

/** `Name: value`, a line for each column, and a blank line between rows. */
function recordOf(head: readonly Cell[], row: readonly Cell[], room: number, first: boolean): Line[] {
  const lines = row.flatMap((cell, index) => {
    const name = head[index]?.flat() ?? [];
    const label = widthOfRuns(name) > 0 ? [...name, text(": ")] : [];
    return wrapLine([...label, ...cell.flatMap((line) => [...line, text(" ")])], room, "  ");
  });
  return first ? lines : [[], ...lines];
}

/** Breaks a line of runs between its words, and a word that is too wide anywhere. */
function wrapLine(line: Line, width: number, indent = ""): Line[] {
  const lines: Run[][] = [[]];
  const flow = openFlow({
    put: (run) => (run.text === "\n" ? lines.push([]) : lines.at(-1)?.push(run)),
    columns: () => width,
    breaksWords: true,
  });
  flow.begin([], [text(indent)]);
  for (const run of line) flow.add(run);
  flow.end();
  return lines.slice(0, -1);
}
