import { NEWLINE, type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import { asciiLine, exactLine } from "./safe-text.ts";
import { fitColumns, slices } from "./width.ts";

const formats = { "+": ["green"], "-": ["red"], " ": [], "⋯": ["dim"] } as const;

interface DiffLine {
  readonly sign: keyof typeof formats;
  readonly number?: number;
  readonly text: string;
  /** The part that is not in the line that it replaces, or is replaced by. */
  changed?: { readonly from: number; readonly to: number };
}

/** Minified files have lines that no one reads. */
const MAX_LINE = 1_000;

/**
 * A unified diff with the numbers of its lines: those of the new file, and for what is gone those of the old one.
 * At most `maxLines` of it; a line below says how many are hidden. Without a limit nothing is cut.
 */
export function styledDiff(diff: string, columns: number, maxLines = Number.POSITIVE_INFINITY): StyledText[] {
  const lines = readDiff(diff);
  markChangedWords(lines);
  const shown = lines.length > maxLines + 1 ? lines.slice(0, maxLines) : lines;
  const digits = lines.reduce((most, { number }) => Math.max(most, String(number ?? "").length), 1);
  const longest = Number.isFinite(maxLines) ? MAX_LINE : Number.POSITIVE_INFINITY;
  // A tab is drawn as blanks where nothing could be taken for it.
  const tab = lines.some(({ text }) => / {2}| \t|\t /.test(text)) ? "\t" : "    ";

  // Letters in another Unicode form look the same.
  const forms = Map.groupBy(new Set(lines.map(({ text }) => text)), (text) => text.normalize());
  const hasTwin = (text: string) => forms.get(text.normalize())?.length !== 1;

  function drawLine({ sign, number, text, changed }: DiffLine): StyledText[] {
    const gutter = `  ${String(number ?? "").padStart(digits)} `;
    if (sign === "⋯") return styledLines([`${gutter}${sign}`], ...formats[sign]);
    const room = Math.max(8, columns - 1 - gutter.length - 2);
    const ended = sign === " " ? text : text.replace(/(?<! ) +$/, ({ length }) => `[${length} × blank]`);
    const seen = fitColumns(ended.replaceAll(/\t(?!$)/g, tab), longest);
    const [first = "", ...more] = slices(hasTwin(text) ? asciiLine(seen) : exactLine(seen), room);
    const below = more.map((part) => " ".repeat(gutter.length + 2) + part.trimEnd());
    const mark = sign === "-" ? "−" : sign;
    const format = formats[sign];
    if (changed && first === text) {
      const [from, to] = [changed.from, changed.to];
      const marked = styled(text.slice(from, to), ...format, "inverse");
      const unmarked = [`${mark} ${text.slice(0, from)}`, text.slice(to)].map((part) =>
        styled(part, ...format),
      );
      return [styled(gutter, "dim"), ...unmarked.toSpliced(1, 0, marked), NEWLINE];
    }
    return [
      styled(text === "" && sign === " " ? gutter.trimEnd() : gutter, "dim"),
      ...styledLines([`${mark} ${first}`.trimEnd(), ...below], ...format),
    ];
  }

  const texts = shown.flatMap(drawLine);
  const hidden = lines.length - shown.length;
  if (hidden === 0) return texts;
  return [...texts, ...styledLines([`  … ${hidden} more lines, Ctrl-O shows them`], "dim")];
}

/** Where as many lines came as went, each is compared with the one that it replaces. */
function markChangedWords(lines: readonly DiffLine[]): void {
  for (let at = 0; at < lines.length; at++) {
    const gone = runFrom(lines, at, "-");
    const come = runFrom(lines, at + gone.length, "+");
    if (gone.length === come.length) for (const [y, line] of gone.entries()) markPair(line, come[y] ?? line);
    at += Math.max(0, gone.length + come.length - 1);
  }
}

function runFrom(lines: readonly DiffLine[], start: number, sign: DiffLine["sign"]): DiffLine[] {
  let end = start;
  while (lines[end]?.sign === sign) end++;
  return lines.slice(start, end);
}

/** Marks what is between the words that two lines have in common at both ends, unless that is most of them. */
function markPair(gone: DiffLine, come: DiffLine): void {
  if (Math.max(gone.text.length, come.text.length) > MAX_LINE) return;
  const [a, b] = [gone, come].map(({ text }) => text.match(/[\p{L}\p{N}_]+|\s+|./gu) ?? []);
  if (!a || !b) return;
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  for (const [line, words] of [[gone, a] as const, [come, b] as const]) {
    const lengthOf = (part: readonly string[]) => part.join("").length;
    const from = lengthOf(words.slice(0, head));
    const to = lengthOf(words.slice(0, words.length - tail));
    if (to > from && to - from <= line.text.trim().length * 0.6) line.changed = { from, to };
  }
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
