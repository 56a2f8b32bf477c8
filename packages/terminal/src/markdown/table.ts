import { widthOf } from "../width.ts";
import type { Line, StyledText } from "./styled-text.ts";
import {
  addWords,
  endLine,
  NEWLINE,
  openWrappedLine,
  startLine,
  styled,
  textOf,
  trimEnd,
  widthOfLine,
} from "./styled-text.ts";

type Side = "left" | "right" | "center";

/** A cell is several lines where the source says `<br>`. */
type Cell = readonly Line[];

const GAP = "  ";

/** The second line of a table, below the names of its columns, is `|---|:-:|`. */
export function isTable([, delimiter = ""]: readonly string[]): boolean {
  return /^\|(?:\s*:?-+:?\s*\|)*\s*(?::?-+:?\s*)?$/.test(delimiter.trim()) && delimiter.includes("-");
}

/**
 * Lays the lines of a table out in that many columns. Cells wrap where it is too wide; where there is no room even for
 * its words, each row becomes a small list.
 */
export function layOutTable(source: readonly string[], room: number, readCell: (text: string) => Line) {
  const [names = [], delimiters = [], ...rows] = source.map(cellsOf);
  const sides = delimiters.map(sideOf);
  const read = (row: readonly string[]) =>
    names.map((_, x) => (row[x] ?? "").split(/<br ?\/?>/i).map((line) => readCell(line.trim())));
  const head = read(names).map((cell) => cell.map(bold));
  const body = rows.map(read);
  const widths = fit([head, ...body], room - GAP.length * (names.length - 1));
  if (!widths) return body.flatMap((row, y) => [...(y === 0 ? [] : [[]]), ...drawAsList(head, row, room)]);
  const drawn = body.flatMap((row) => drawRow(row, widths, sides));
  if (names.every((name) => name === "")) return drawn;
  const rule = joinCells(widths.map((width) => [styled("─".repeat(width), "dim")]));
  return [...drawRow(head, widths, sides), rule, ...drawn];
}

function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\||(?<!\\)\|$/g, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function sideOf(delimiter: string): Side {
  if (!delimiter.endsWith(":")) return "left";
  return delimiter.startsWith(":") ? "center" : "right";
}

function bold(line: Line): Line {
  return line.map(({ text, format }) => ({ text, format: ["bold", ...format] }));
}

/** Takes from the widest columns until the table fits; undefined where words would have to be broken. */
function fit(rows: readonly (readonly Cell[])[], room: number): number[] | undefined {
  const columns = rows[0]?.map((_, x) => rows.flatMap((row) => row[x] ?? [])) ?? [];
  const widths = columns.map((lines) => greatest(lines.map(widthOfLine)));
  const least = columns.map((lines) => greatest(lines.map(widestWord)));
  if (sum(least) > room) return undefined;
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    const spare = widths.map((width, x) => (width > (least[x] ?? 0) ? width : 0));
    const widest = spare.indexOf(greatest(spare));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A longer word may be broken. */
const MAX_WORD = 20;

function widestWord(line: Line): number {
  return Math.min(MAX_WORD, greatest(textOf(line).split(" ").map(widthOf)));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** At least 1: a column is never empty. */
const greatest = (numbers: readonly number[]) => numbers.reduce((most, number) => Math.max(most, number), 1);

function drawRow(row: readonly Cell[], widths: readonly number[], sides: readonly Side[]): Line[] {
  const wrapped = row.map((cell, x) => cell.flatMap((line) => wrapLine(line, widths[x] ?? 1)));
  const height = greatest(wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) =>
    trimEnd(joinCells(wrapped.map((lines, x) => pad(lines[y] ?? [], widths[x] ?? 1, sides[x] ?? "left")))),
  );
}

function joinCells(cells: readonly Line[]): Line {
  return cells.flatMap((cell, x) => (x === 0 ? cell : [styled(GAP), ...cell]));
}

function pad(line: Line, width: number, side: Side): Line {
  const space = Math.max(0, width - widthOfLine(line));
  const before = { left: 0, right: space, center: Math.floor(space / 2) }[side];
  return [styled(" ".repeat(before)), ...line, styled(" ".repeat(space - before))];
}

/** `Name: value`, a line for each column. */
function drawAsList(head: readonly Cell[], row: readonly Cell[], room: number): Line[] {
  return row.flatMap((cell, x) => {
    const name = head[x]?.flat() ?? [];
    const label = widthOfLine(name) > 0 ? [...name, styled(": ")] : [];
    return wrapLine([...label, ...cell.flatMap((line) => [...line, styled(" ")])], room, GAP);
  });
}

/** Breaks a line between its words, and a word that is too wide anywhere. */
function wrapLine(line: Line, width: number, indent = ""): Line[] {
  const lines: StyledText[][] = [[]];
  const put = (part: StyledText) => void (part === NEWLINE ? lines.push([]) : lines.at(-1)?.push(part));
  const wrapped = openWrappedLine(put, () => width, true);
  startLine(wrapped, [], [styled(indent)]);
  for (const part of line) addWords(wrapped, part);
  endLine(wrapped);
  return lines.slice(0, -1);
}
