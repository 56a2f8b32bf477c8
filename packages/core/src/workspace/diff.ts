import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";

/** What changed between two texts, for a person to read. */
export interface TextDiff {
  /** Unified, three lines of context. Empty when nothing changed; without its lines when they are too many. */
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

/** Beyond this many changed lines a diff takes seconds to compute, and nobody reads it. */
const MAX_CHANGED_LINES = 2000;
const MAX_LENGTH = 100_000;

/** Not to be imported before there is something to compare: the package behind it is large. */
export function diffTexts(path: string, before: string, after: string): TextDiff {
  if (before === after) return { diff: "", added: 0, removed: 0 };
  const patch = structuredPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    maxEditLength: MAX_CHANGED_LINES,
  });
  if (!patch) return countsOnly(path, before, after);
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  const added = lines.filter((line) => line.startsWith("+")).length;
  const removed = lines.filter((line) => line.startsWith("-")).length;
  const diff = formatPatch(patch, FILE_HEADERS_ONLY);
  return { diff: diff.length > MAX_LENGTH ? tooLong(path, added, removed) : diff, added, removed };
}

/** Counts every line between the first and the last that differ, which is exact for a file that is all new. */
function countsOnly(path: string, before: string, after: string): TextDiff {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const shorter = Math.min(old.length, now.length) - start;
  while (end < shorter && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const added = now.length - start - end;
  const removed = old.length - start - end;
  return { diff: tooLong(path, added, removed), added, removed };
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function tooLong(path: string, added: number, removed: number): string {
  return `--- a/${path}\n+++ b/${path}\n(too long to show: ${added} lines added, ${removed} removed)\n`;
}
