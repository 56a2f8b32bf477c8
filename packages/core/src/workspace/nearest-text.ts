import { cutEnd } from "./cut.ts";
import { foldLine, foldMarks, likeness } from "./likeness.ts";

/** Beyond these a file or a text is only compared line by line, not measured for likeness. */
const MAX_LINES = 20_000;
const MAX_WANTED = 200;
const MAX_LENGTH = 500;
const SHOWN_LINES = 20;
const ALIKE = 0.5;

/** Why a text was not found: where the nearest is, and what differs. Both texts have LF line ends. */
export function explainMiss(text: string, wanted: string): string {
  const unnumbered = wanted.replace(/^ *\d+\t/gm, "");
  if (unnumbered !== wanted && text.includes(unnumbered)) {
    return "It has the line numbers that read_file shows before each line. Leave them out.";
  }
  const lines = text.split("\n");
  const parts = wanted.replace(/^\n+|\n+$/g, "").split("\n");
  const start = sameWhenFolded(lines, parts) ?? mostAlike(lines, parts);
  if (start === undefined) return "Nothing in it is like that. Read the file again and copy the text.";
  const near = lines.slice(start, start + parts.length);
  const numbers = near.length === 1 ? `line ${start + 1}` : `lines ${start + 1} to ${start + near.length}`;
  return `The nearest is ${numbers}, which ${near.length === 1 ? "differs" : "differ"} in ${difference(near, parts)}:\n${numbered(near, start + 1)}\nCopy the text exactly, without the line numbers.`;
}

/** The first line from which on the parts stand, but for spacing, letter case and kinds of quotes. */
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
  for (let start = 0; start + last < folded.length; start++) {
    if (wanted.every((part, index) => fits(folded[start + index] ?? "", part, index))) return start;
  }
  return undefined;
}

/** The first line of the region most like the parts, found by the longest of them; undefined when none is. */
function mostAlike(lines: readonly string[], parts: readonly string[]): number | undefined {
  if (lines.length > MAX_LINES || parts.length > MAX_WANTED) return undefined;
  const wanted = parts.map(shortFold);
  const anchor = wanted.reduce((longest, part, index) => {
    return part.length > (wanted[longest]?.length ?? 0) ? index : longest;
  }, 0);
  const folded = lines.map(shortFold);
  const scores = folded.map((line, index) => ({
    start: index - anchor,
    score: likeness(wanted[anchor] ?? "", line),
  }));
  const candidates = scores.filter(({ score }) => score >= ALIKE).sort((a, b) => b.score - a.score);
  let best: { start: number; score: number } | undefined;
  for (const { start } of candidates.slice(0, 10)) {
    const score = wanted.reduce((sum, part, index) => sum + likeness(part, folded[start + index] ?? ""), 0);
    if (!best || score > best.score) best = { start: Math.max(0, start), score };
  }
  return best?.start;
}

function shortFold(line: string): string {
  return foldLine(line.slice(0, MAX_LENGTH));
}

/** Names what differs in the first line that does. */
function difference(near: readonly string[], parts: readonly string[]): string {
  const pairs = parts.map((part, index) => ({ part, line: near[index] ?? "" }));
  const { part, line } = pairs.find((pair) => !pair.line.includes(pair.part)) ?? { part: "", line: "" };
  if (squeezed(line).includes(squeezed(part))) return whitespaceDifference(line, part);
  const sameMarks = squeezed(foldMarks(line)).includes(squeezed(foldMarks(part)));
  if (sameMarks) return "the kind of quotes, dashes or letters";
  if (foldLine(line).includes(foldLine(part))) return "upper and lower case";
  return "words";
}

function whitespaceDifference(line: string, part: string): string {
  if (line.startsWith("\t") && part.startsWith(" ")) return "whitespace (the file indents with tabs)";
  if (line.startsWith(" ") && part.startsWith("\t")) return "whitespace (the file indents with spaces)";
  return "whitespace";
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

function numbered(lines: readonly string[], first: number): string {
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((line, index) => `${String(first + index).padStart(6)}\t${cutEnd(line, MAX_LENGTH)}`);
  if (lines.length > SHOWN_LINES) shown.push(`${" ".repeat(6)}\t…`);
  return shown.join("\n");
}
