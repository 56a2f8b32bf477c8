import { createRequire } from "node:module";

/**
 * The head and the tail of a text of more than `limit` characters, and how many are left out: what matters is at the
 * ends. A text that was clipped before keeps its note on where the rest is. The pattern bounds the length of that note,
 * because the time for a text full of such beginnings would otherwise grow with the square of its length.
 */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const middle = text.slice(half, text.length - half);
  const where = / left out; ([^\n\]]{1,300}?)(?: …)?\]/.exec(middle)?.[1];
  const notice = `[${middle.length} characters left out${where ? `; ${where}` : ""}]`;
  return `${text.slice(0, half)}\n${notice}\n${text.slice(-half)}`.toWellFormed();
}

/**
 * A service's words, safe and short enough for one line of a terminal. A page of HTML, as proxies send it, is
 * reduced to its title.
 */
export function quote(text: string): string {
  if (/<!doctype html|<html|<head|<title/i.test(text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim();
    return title ? `an HTML page, "${title.slice(0, 80)}"` : "an HTML page";
  }
  // \p{C}: control characters, with which a server could redraw the terminal.
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200).toWellFormed()}…` : line;
}

/** The candidate that a mistyped word was meant to be, if one is close to it, or has its letters in another order. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const letters = (text: string) => [...text].sort().join("");
  const close = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .filter(
      ({ candidate, edits }) =>
        edits <= Math.max(1, candidate.length / 3) || letters(candidate) === letters(word),
    )
    .sort((a, b) => a.edits - b.edits);
  return close[0]?.candidate;
}

const require = createRequire(import.meta.url);

/** How many characters to insert, delete or replace to make one text of the other. No start waits for the package. */
export function editDistance(a: string, b: string): number {
  const { distance } = require("fastest-levenshtein") as typeof import("fastest-levenshtein");
  return distance(a, b);
}
