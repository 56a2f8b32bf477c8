import { type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import { exactLine } from "./safe-text.ts";
import { fitColumns, slices } from "./width.ts";

const formats = { "+": ["green"], "-": ["red"], " ": [], "⋯": ["dim"] } as const;

interface DiffLine {
  readonly sign: keyof typeof formats;
  readonly number?: number;
  readonly text: string;
}

/** Minified files have lines that no one reads. */
const MAX_LINE = 1_000;

/**
 * A unified diff with the numbers of its lines: those of the new file, and for what is gone those of the old one.
 * At most `maxLines` of it; a line below says how many are hidden. Without a limit nothing is cut.
 */
export function styledDiff(diff: string, columns: number, maxLines = Number.POSITIVE_INFINITY): StyledText[] {
  const lines = readDiff(diff);
  const shown = lines.length > maxLines + 1 ? lines.slice(0, maxLines) : lines;
  const digits = lines.reduce((most, { number }) => Math.max(most, String(number ?? "").length), 1);
  const longest = Number.isFinite(maxLines) ? MAX_LINE : Number.POSITIVE_INFINITY;
  // A tab is drawn as blanks where nothing could be taken for it.
  const tab = lines.some(({ text }) => / {2}| \t|\t /.test(text)) ? "\t" : "    ";

  function drawLine({ sign, number, text }: DiffLine): StyledText[] {
    const gutter = `  ${String(number ?? "").padStart(digits)} `;
    if (sign === "⋯") return styledLines([`${gutter}${sign}`], ...formats[sign]);
    const room = Math.max(8, columns - 1 - gutter.length - 2);
    const ended = sign === " " ? text : text.replace(/(?<! ) +$/, ({ length }) => `[${length} × blank]`);
    const seen = ended.replaceAll(/\t(?!$)/g, tab);
    const [first = "", ...more] = slices(exactLine(fitColumns(seen, longest)), room);
    const below = more.map((part) => " ".repeat(gutter.length + 2) + part.trimEnd());
    return [
      styled(text === "" && sign === " " ? gutter.trimEnd() : gutter, "dim"),
      ...styledLines([`${sign === "-" ? "−" : sign} ${first}`.trimEnd(), ...below], ...formats[sign]),
    ];
  }

  const texts = shown.flatMap(drawLine);
  const hidden = lines.length - shown.length;
  if (hidden === 0) return texts;
  return [...texts, ...styledLines([`  … ${hidden} more lines, Ctrl-O shows them`], "dim")];
}

function readDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      if (lines.length > 0) lines.push({ sign: "⋯", text: "" });
    } else if (after === 0 && before === 0) {
      if (!/^(?:---|\+\+\+|===)/.test(line)) lines.push({ sign: " ", text: line });
    } else if (line.startsWith("+")) lines.push({ sign: "+", number: after++, text: line.slice(1) });
    else if (line.startsWith("-")) lines.push({ sign: "-", number: before++, text: line.slice(1) });
    else if (line.startsWith("\\")) lines.push({ sign: " ", text: fitColumns(line, 80) });
    else {
      lines.push({ sign: " ", number: after++, text: line.slice(1) });
      before++;
    }
  }
  return lines;
}
