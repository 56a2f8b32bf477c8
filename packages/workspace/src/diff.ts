import type { FileChange } from "@eightfold/core";
import type { StructuredPatch } from "diff";
import { commonEnds, cutEnd, cutStart } from "./text.ts";

/** Beyond this many changed lines the fewest that differ take seconds to find. */
const MAX_CHANGED_LINES = 2000;

/** Nobody can agree to what they have not seen: this is more than a model writes. */
const MAX_DIFF = 1_000_000;

type TextDiff = Pick<FileChange, "diff" | "added" | "removed">;

/** What changed between two texts, for a person to read: unified, three lines of context, long lines reduced to what differs in them; empty when nothing changed. */
export async function diffTexts(path: string, before: string, after: string): Promise<TextDiff> {
  if (before === after) return { diff: "", added: 0, removed: 0 };
  const { FILE_HEADERS_ONLY, formatPatch, structuredPatch } = await import("diff");
  const options = { context: 3, maxEditLength: MAX_CHANGED_LINES };
  const patch = structuredPatch("", "", before, after, undefined, undefined, options);
  const hunks = patch?.hunks ?? [hunkOfAll(before, after)];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const added = lines.filter((line) => line.startsWith("+")).length;
  const removed = lines.filter((line) => line.startsWith("-")).length;
  const names = { oldFileName: `a/${path}`, newFileName: `b/${path}` };
  const headers = { oldHeader: undefined, newHeader: undefined };
  const shown = hunks.map((hunk) => ({ ...hunk, lines: reduceLongLines(hunk.lines) }));
  const diff = formatPatch({ ...names, ...headers, hunks: shown }, FILE_HEADERS_ONLY);
  return shortened(path, { diff, added, removed }, MAX_DIFF);
}

/** Only how much changed, where the whole is longer than the limit. */
export function shortened(path: string, { diff, added, removed }: TextDiff, limit: number): TextDiff {
  const counts = `(too long to show: ${added} lines added, ${removed} removed)`;
  const short = `--- a/${path}\n+++ b/${path}\n${counts}\n`;
  return { diff: diff.length > limit ? short : diff, added, removed };
}

/** All lines between the first and the last that differ, gone and come again. */
function hunkOfAll(before: string, after: string): StructuredPatch["hunks"][number] {
  const linesOf = (text: string) => (text === "" ? [] : text.split(/(?<=\n)/));
  const [old, now] = [linesOf(before), linesOf(after)];
  const { start, end } = commonEnds(old, now);
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  const lines = [...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)];
  return {
    oldStart: start + 1,
    oldLines: gone.length,
    newStart: start + 1,
    newLines: come.length,
    lines: lines.flatMap((line) =>
      line.endsWith("\n") ? line.slice(0, -1) : [line, "\\ No newline at end of file"],
    ),
  };
}

/** A longer line of a diff is shown where it differs, and so much to either side. */
const MAX_WHOLE = 400;
const AROUND = 80;

/** The lines of a hunk, where of long ones only what differs is left: nobody could find it in the rest. */
function reduceLongLines(lines: readonly string[]): string[] {
  if (lines.every(({ length }) => length <= MAX_WHOLE)) return [...lines];
  const reduced = lines.map((line) => (line.startsWith(" ") ? aroundChange(line, 0, 0) : line));
  const signs = lines.map(([sign]) => sign).join("");
  for (const { 0: block, index } of signs.matchAll(/[-+\\]+/g)) {
    const numbersOf = (sign: string) => [...block].flatMap((each, row) => (each === sign ? index + row : []));
    const [gone, come] = [numbersOf("-"), numbersOf("+")];
    const isLineByLine = gone.length === come.length;
    const changes = isLineByLine ? gone.map((one, row) => [[one], come.slice(row, row + 1)]) : [[gone, come]];
    for (const sides of changes) reduceChange(lines, sides, reduced);
  }
  return reduced;
}

/** The numbers of the lines that are gone, and of those that have come in their place. */
function reduceChange(lines: readonly string[], sides: readonly number[][], reduced: string[]): void {
  const [old = "", now = ""] = sides.map((side) => side.map((at) => lines[at]?.slice(1)).join("\n"));
  const { start, end } = commonEnds(old, now);
  for (const [index, side] of sides.entries()) {
    const { length } = index === 0 ? old : now;
    let before = 0;
    for (const at of side) {
      const line = lines[at] ?? "";
      reduced[at] = aroundChange(line, start - before, length - end - before);
      before += line.length;
    }
  }
}

/** A line, behind its sign, from a little before where it changes to a little behind that. */
function aroundChange(line: string, start: number, end: number): string {
  if (line.length <= MAX_WHOLE) return line;
  const text = line.slice(1);
  const before = cutEnd(text, Math.max(0, start - AROUND)).length;
  const behind = cutStart(text, Math.max(0, text.length - end - AROUND)).length;
  const leftOut = (count: number) => (count > 0 ? `⋯ ${count.toLocaleString("en")} characters ⋯` : "");
  return `${line[0]}${leftOut(before)}${text.slice(before, text.length - behind)}${leftOut(behind)}`;
}
