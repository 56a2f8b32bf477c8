import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from "diff";
import { commonEnds } from "./text.ts";

/** What changed between two texts, for a person to read. */
export interface TextDiff {
  /** Unified, three lines of context. Empty when nothing changed; without its lines when they are too long to show. */
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

/** Beyond this many changed lines the fewest that differ take seconds to find. */
const MAX_CHANGED_LINES = 2000;

/** Nobody can agree to what they have not seen: this is more than a model writes. In characters. */
const MAX_LENGTH = 1_000_000;

/** What is worth keeping once a change has landed. In characters. */
const MAX_KEPT_LENGTH = 100_000;

/** Not to be imported before there is something to compare: the package behind it is large. */
export function diffTexts(path: string, before: string, after: string): TextDiff {
  if (before === after) return { diff: "", added: 0, removed: 0 };
  const options = { context: 3, maxEditLength: MAX_CHANGED_LINES };
  const patch =
    structuredPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, options) ??
    inOneHunk(path, before, after);
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  const added = lines.filter((line) => line.startsWith("+")).length;
  const removed = lines.filter((line) => line.startsWith("-")).length;
  return shortened(path, { diff: formatPatch(patch, FILE_HEADERS_ONLY), added, removed }, MAX_LENGTH);
}

/** The diff of a change that has landed, short enough to be kept. */
export function keptDiff(path: string, diff: TextDiff): TextDiff {
  return shortened(path, diff, MAX_KEPT_LENGTH);
}

function shortened(path: string, { diff, added, removed }: TextDiff, limit: number): TextDiff {
  const counts = `(too long to show: ${added} lines added, ${removed} removed)`;
  const short = `--- a/${path}\n+++ b/${path}\n${counts}\n`;
  return { diff: diff.length > limit ? short : diff, added, removed };
}

/** All lines between the first and the last that differ, gone and come again. */
function inOneHunk(path: string, before: string, after: string): StructuredPatch {
  const old = linesOf(before);
  const now = linesOf(after);
  const { start, end } = commonEnds(old, now);
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  const hunk = {
    oldStart: start + 1,
    oldLines: gone.length,
    newStart: start + 1,
    newLines: come.length,
    lines: [...gone.flatMap((line) => signed("-", line)), ...come.flatMap((line) => signed("+", line))],
  };
  const names = { oldFileName: `a/${path}`, newFileName: `b/${path}` };
  return { ...names, oldHeader: undefined, newHeader: undefined, hunks: [hunk] };
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function signed(sign: "+" | "-", line: string): string[] {
  return line.endsWith("\n") ? [sign + line.slice(0, -1)] : [sign + line, "\\ No newline at end of file"];
}
