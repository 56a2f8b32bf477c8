import { asJson, lookOf } from "./guard.ts";

/** A text with every line end as LF, and where an index of it is in the raw text. */
export function viewLines(raw: string) {
  // The indexes in `text` of the LFs that stand for two characters.
  const pairs = Array.from(raw.matchAll(/\r\n/g), (match, before) => match.index - before);
  const rawIndex = (index: number) => index + pairs.filter((pair) => pair < index).length;
  return { text: toLf(raw), rawIndex };
}

export function toLf(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** What ends the lines that read_file counts: LF, after a CR or not; CR only where there is no LF. */
export const lineEndsOf = (raw: string) => (raw.includes("\n") ? /\r?\n/g : /\r/g);

/** The line end nearest to an index of a raw text: that of its line, or of the line before; LF where there is none. */
export function lineEndNear(raw: string, index: number): string {
  const ends = lineEndsOf(raw);
  return raw.slice(index).match(ends)?.[0] ?? raw.slice(0, index).match(ends)?.at(-1) ?? "\n";
}

/** How much two texts, or two lists of lines, have in common at the start, and after that at the end. */
export function commonEnds<Item>(a: ArrayLike<Item>, b: ArrayLike<Item>) {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { start, end };
}

/** The first `length` UTF-16 units of a text, or one fewer where that would halve a surrogate pair. */
export function cutEnd(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** The last `length` UTF-16 units of a text, or one fewer where that would halve a surrogate pair. */
export function cutStart(text: string, length: number): string {
  return text.length <= length ? text : text.slice(text.length - length).replace(/^[\udc00-\udfff]/, "");
}

/** Beyond these a file or a text is only compared line by line, not measured for similarity. */
const MAX_LINES = 20_000;
const MAX_WANTED = 200;
const MAX_LENGTH = 500;
const SHOWN_LINES = 20;
const ALIKE = 0.5;
const MAX_COMPARED = 1000;

/** Why a text was not found: where the nearest is, and what differs. @param wanted with LF line ends */
export function explainMiss(raw: string, wanted: string): string {
  const unnumbered = wanted.replace(/^ *\d+\t/gm, "");
  if (unnumbered !== wanted && toLf(raw).includes(unnumbered)) {
    return "It has the line numbers that read_file shows before each line. Leave them out.";
  }
  const lines = raw.split(lineEndsOf(raw));
  const parts = wanted.replace(/^\n+|\n+$/g, "").split("\n");
  const start = sameWhenFolded(lines, parts) ?? roughlyThere(lines, parts);
  if (start === undefined) return "Nothing in it is like that. Read the file again and copy the text.";
  const near = lines.slice(start, start + parts.length);
  const numbers = near.length === 1 ? `line ${start + 1}` : `lines ${start + 1} to ${start + near.length}`;
  return `The nearest is ${numbers}, which ${near.length === 1 ? "differs" : "differ"} in ${difference(near, parts)}:\n${numbered(near, start + 1)}\nCopy the text exactly, without the line numbers.`;
}

/** Where the parts stand, except for spacing, letter case and kinds of quotes: of such places, the one most like them. */
function sameWhenFolded(lines: readonly string[], parts: readonly string[]): number | undefined {
  const folded = lines.map(foldLine);
  const wanted = parts.map(foldLine);
  const last = wanted.length - 1;
  if (wanted.every((part) => part === "")) return undefined;
  const fits = (line: string, part: string, index: number) => {
    if (last === 0) return line.includes(part);
    if (index === 0) return line.endsWith(part);
    return index === last ? line.startsWith(part) : line === part;
  };
  const starts: number[] = [];
  for (let start = 0; start + last < folded.length && starts.length < MAX_COMPARED; start++) {
    if (wanted.every((part, index) => fits(folded[start + index] ?? "", part, index))) starts.push(start);
  }
  return mostAlike(starts, lines.map(short), parts.map(short));
}

/** The first line of the region most like the parts, found by the longest of them; undefined when none is. */
function roughlyThere(lines: readonly string[], parts: readonly string[]): number | undefined {
  if (lines.length > MAX_LINES || parts.length > MAX_WANTED) return undefined;
  const wanted = parts.map(short).map(foldLine);
  const folded = lines.map(short).map(foldLine);
  const longest = wanted.reduce((a, b) => (b.length > a.length ? b : a));
  const anchor = wanted.indexOf(longest);
  const candidates = folded
    .map((line, index) => ({ start: index - anchor, score: similarity(longest, line) }))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score);
  const starts = candidates.slice(0, 10).map(({ start }) => start);
  const best = mostAlike(starts, folded, wanted);
  return best === undefined ? undefined : Math.max(0, best);
}

/** The first of those lines from which on the lines are most like the parts. */
function mostAlike(starts: readonly number[], lines: readonly string[], parts: readonly string[]) {
  const scores = starts.map((start) =>
    parts.reduce((sum, part, index) => sum + similarity(part, lines[start + index] ?? ""), 0),
  );
  return starts[scores.indexOf(Math.max(...scores))];
}

const short = (line: string) => line.slice(0, MAX_LENGTH);

/** Names what differs in the first line that does. */
function difference(near: readonly string[], parts: readonly string[]): string {
  if (near.join("\n").includes(parts.join("\n"))) return "the line breaks around it";
  const pairs = parts.map((part, index) => ({ part, line: near[index] ?? "" }));
  const { part, line } = pairs.find((pair) => !pair.line.includes(pair.part)) ?? { part: "", line: "" };
  if (squeezed(line).includes(squeezed(part))) {
    const blanks = unlikeSigns(line.replace(/\S/g, ""), part.replace(/\S/g, ""));
    if (blanks) return `the kind of blanks${blanks}`;
    if (line.startsWith("\t") && part.startsWith(" ")) return "whitespace (the file indents with tabs)";
    if (line.startsWith(" ") && part.startsWith("\t")) return "whitespace (the file indents with spaces)";
    return "whitespace";
  }
  const sameMarks = squeezed(foldMarks(line)).includes(squeezed(foldMarks(part)));
  if (sameMarks) return `the kind of quotes, dashes or letters${unlikeSigns(line, part)}`;
  return foldLine(line).includes(foldLine(part)) ? "upper and lower case" : "words";
}

/** The signs that only one of two lines has, in escapes that a call can be written with, where a keyboard has not all. */
function unlikeSigns(line: string, part: string): string {
  const lacking = (text: string, other: string) => [...new Set(text)].filter((sign) => !other.includes(sign));
  const inFile = lacking(line, part).filter((sign) => UNUSUAL.test(sign));
  const inPart = lacking(part, line);
  if (![...inFile, ...inPart].some((sign) => UNUSUAL.test(sign))) return "";
  const shown = (signs: readonly string[]) => signs.map((sign) => asJson(sign)).join(" ") || "others";
  return ` (the file has ${shown(inFile)}, old_text ${shown(inPart)}; in a call they can be written as here, or left out)`;
}

const UNUSUAL = /[^\t -~]/;

const squeezed = (text: string) => text.replace(/\s+/g, "");

function numbered(lines: readonly string[], first: number): string {
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((line, index) => `${String(first + index).padStart(6)}\t${cutEnd(line, MAX_LENGTH)}`);
  if (lines.length > SHOWN_LINES) shown.push(`${" ".repeat(6)}\t…`);
  return shown.join("\n");
}

/** A line as a hasty reader sees it: spacing, letter case, kinds of quotes and dashes do not count. */
function foldLine(line: string): string {
  return foldMarks(line).replace(/\s+/g, " ").trim().toLowerCase();
}

/** Curly quotes and long dashes as the plain ones of a keyboard, letters in one Unicode form, nothing that is not drawn. */
function foldMarks(line: string): string {
  return lookOf(line.normalize("NFKC"))
    .replace(/[\u201a\u201b`]/g, "'")
    .replace(/[\u201e\u201f]/g, '"')
    .replace(/[\u2012-\u2015\u2212]/g, "-");
}

/** How alike two lines are, from 0 to 1: the share of letter pairs that they have in common (Sørensen–Dice). */
export function similarity(a: string, b: string): number {
  const [pairs, others] = [letterPairs(a), letterPairs(b)];
  const shared = [...pairs].filter((pair) => others.has(pair)).length;
  return a === b ? 1 : (2 * shared) / (pairs.size + others.size || 1);
}

function letterPairs(text: string): Set<string> {
  const { length } = text.slice(1);
  return new Set(Array.from({ length }, (_, index) => text.slice(index, index + 2)));
}
