import { type Format, NEWLINE, type StyledText } from "./markdown/styled-text.ts";
import { exactLine } from "./safe-text.ts";
import { clip, slices } from "./width.ts";

interface DiffLine {
  readonly sign: "+" | "-" | " " | "⋯";
  readonly number: number | undefined;
  readonly text: string;
}

const formats: Readonly<Record<DiffLine["sign"], Format>> = {
  "+": ["green"],
  "-": ["red"],
  " ": [],
  "⋯": ["dim"],
};

/**
 * A unified diff with the numbers of its lines: those of the new file, and for what is gone those of the old one.
 * At most `maxLines` of it; a line below says how many are hidden. Without a limit nothing is cut.
 */
export function styledDiff(diff: string, columns: number, maxLines: number): StyledText[] {
  const lines = readDiff(diff);
  const shown = lines.length > maxLines + 1 ? lines.slice(0, maxLines) : lines;
  const digits = lines.reduce((most, { number }) => Math.max(most, String(number ?? "").length), 1);
  const longest = Number.isFinite(maxLines) ? MAX_LINE : Number.POSITIVE_INFINITY;
  const texts = shown.flatMap((line) => drawLine(line, { digits, columns, longest }));
  const hidden = lines.length - shown.length;
  if (hidden === 0) return texts;
  return [...texts, { text: `  … ${hidden} more lines, Ctrl-O shows them`, format: ["dim"] }, NEWLINE];
}

interface Room {
  readonly digits: number;
  readonly columns: number;
  /** Characters of a line that are shown. */
  readonly longest: number;
}

function drawLine({ sign, number, text }: DiffLine, { digits, columns, longest }: Room): StyledText[] {
  const gutter = `  ${String(number ?? "").padStart(digits)} `;
  if (sign === "⋯") return [{ text: `${gutter}${sign}`, format: ["dim"] }, NEWLINE];
  const room = Math.max(8, columns - 1 - gutter.length - 2);
  const [first = "", ...more] = slices(exactLine(clip(text.replaceAll("\t", "    "), longest)), room);
  const format = formats[sign];
  return [
    { text: text === "" && sign === " " ? gutter.trimEnd() : gutter, format: ["dim"] },
    { text: `${sign === "-" ? "−" : sign} ${first}`.trimEnd(), format },
    NEWLINE,
    ...more.flatMap((part) => [
      { text: `${" ".repeat(gutter.length + 2)}${part.trimEnd()}`, format },
      NEWLINE,
    ]),
  ];
}

/** Minified files have lines that no one reads. */
const MAX_LINE = 1_000;

function readDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      if (lines.length > 0) lines.push({ sign: "⋯", number: undefined, text: "" });
    } else if (after === 0 && before === 0) {
      if (!/^(?:---|\+\+\+|===)/.test(line)) lines.push({ sign: " ", number: undefined, text: line });
    } else if (line.startsWith("+")) lines.push({ sign: "+", number: after++, text: line.slice(1) });
    else if (line.startsWith("-")) lines.push({ sign: "-", number: before++, text: line.slice(1) });
    else if (line.startsWith("\\")) lines.push({ sign: " ", number: undefined, text: clip(line, 80) });
    else {
      lines.push({ sign: " ", number: after++, text: line.slice(1) });
      before++;
    }
  }
  return lines;
}
