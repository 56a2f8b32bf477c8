import { placesOf } from "./hunks.ts";
import { Problem } from "./problem.ts";

interface Hunk {
  /** The line, from 1, that its header names; absent without a header. */
  readonly line?: number;
  readonly lines: string[];
}

/**
 * Applies the lines of a diff to a file as a reader does: finds where the unchanged and the removed lines stand, by
 * the numbers of the `@@` lines where there are any, and puts the new lines there. A Problem when they stand nowhere,
 * or at several places.
 */
export function applyDiff(diff: readonly string[], file: readonly string[]): string[] {
  const result = [...file];
  let grown = 0;
  for (const { line, lines } of readHunks(diff)) {
    const without = (sign: string) =>
      lines.filter((each) => !each.startsWith(sign)).map((each) => each.slice(1));
    const [old, now] = [without("+"), without("-")];
    const at =
      line === undefined ? onlyPlace(old, result) : Math.max(0, line - (old.length > 0 ? 1 : 0)) + grown;
    if (old.some((text, offset) => result[at + offset] !== text))
      throw new Problem(`Line ${line} of the file is not where this hunk belongs: ${quote(old[0])}.`);
    result.splice(at, old.length, ...now);
    grown += now.length - old.length;
  }
  return result;
}

function readHunks(diff: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const text of diff) {
    const [head, line] = /^@@(?: -(\d+))?/.exec(text) ?? [];
    const open = hunks.at(-1);
    const entry = text === "" ? " " : text; // a blank line lost its space
    if (head) hunks.push({ ...(line && { line: Number(line) }), lines: [] });
    else if (!/^[ +-]/.test(entry)) throw new Problem(`Not a line of a diff: ${quote(text)}.`);
    else if (open) open.lines.push(entry);
    else hunks.push({ lines: [entry] });
  }
  return hunks;
}

function onlyPlace(old: readonly string[], file: readonly string[]): number {
  const [place, ...more] = placesOf(old, file);
  if (place === undefined)
    throw new Problem(`The file has no place where these lines stand: ${quote(old[0])} …`);
  if (more.length > 0)
    throw new Problem(`These lines stand at ${more.length + 1} places of the file: ${quote(old[0])} …`);
  return place;
}

const quote = (text: string | undefined) => JSON.stringify(text ?? "");
