import { type Page, phaseNumberOf } from "./blocks.ts";
import { wordsIn, wordsOf } from "./words.ts";

/** How a page reads, in figures: they tell where to look, and no check depends on them. */
export interface Figures {
  readonly words: number;
  /** Of the lines that have something on them, how many are code or output, in percent. */
  readonly code: number;
  /** The most lines of code and output between two pieces of prose; what is folded away does not count. */
  readonly stretch: number;
  /** Words in a sentence: three quarters of them have more than the first number, half more than the second, … */
  readonly sentence: readonly [quarter: number, median: number, threeQuarters: number];
}

export function figuresOf(page: Page): Figures {
  const prose = proseOf(page).filter(({ text }) => text !== "");
  const code = page.fences.reduce((sum, { body }) => sum + body.length, 0);
  const lengths = sentencesOf(page)
    .map((sentence) => wordsIn(sentence).length)
    .filter((length) => length > 0)
    .sort((a, b) => a - b);
  const at = (part: number) => lengths[Math.floor(part * lengths.length)] ?? 0;
  return {
    words: wordsOf(page),
    code: Math.round((100 * code) / Math.max(1, code + prose.length)),
    stretch: longestStretch(page),
    sentence: [at(0.25), at(0.5), at(0.75)],
  };
}

/** The figures of the book's chapters, as a table. */
export function figuresTable(pages: readonly Page[]): string {
  const rows = pages
    .filter((page) => phaseNumberOf(page) !== undefined)
    .map((page) => {
      const { words, code, stretch, sentence } = figuresOf(page);
      const [quarter, median, threeQuarters] = sentence;
      const name = page.path.replace(/^docs\/|\.md$/g, "");
      return [name, words, `${code} %`, stretch, median, `${quarter} to ${threeQuarters}`];
    });
  const head = ["chapter", "words", "code", "lines without prose", "words a sentence", "half have"];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => String(row[column]).length)),
  );
  const cells = (row: readonly (string | number)[]) =>
    row.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[column] ?? 0),
    );
  return [head, ...rows].map((row) => `${cells(row).join("  ")}\n`).join("");
}

/** What the author wrote: without what is generated, headings, tables, captions and the tags of what is folded. */
function proseOf({ prose, blocks }: Page): { text: string; line: number }[] {
  const isMade = (line: number) => blocks.some(({ start, end }) => line > start && line <= end);
  return prose.filter(({ text, line }) => !isMade(line) && !/^(?:#|\||<)/.test(text));
}

function sentencesOf(page: Page): string[] {
  const paragraphs: string[] = [];
  let before = 0;
  for (const { text, line } of proseOf(page)) {
    const item = /^(?:>\s*)?(?:[-*]|\d+\.)\s/.test(text);
    if (text === "" || item || line !== before + 1) paragraphs.push("");
    before = line;
    paragraphs.push(`${paragraphs.pop() ?? ""} ${text.replace(/^(?:>\s*)?(?:[-*]|\d+\.)\s/, "")}`);
  }
  return paragraphs
    .map((text) => text.replace(/`[^`]*`/g, "code").replace(/\]\([^)]*\)/g, "]"))
    .flatMap((text) => text.split(/(?<=[.!?:]["”)*]*)\s+(?=["“(*[\p{Lu}])/u));
}

function longestStretch(page: Page): number {
  const spoken = new Set(proseOf(page).flatMap(({ text, line }) => (text === "" ? [] : [line])));
  const inFence = new Set(page.fences.flatMap(({ start, end }) => range(start + 2, end - 1)));
  let [longest, current, folds] = [0, 0, 0];
  for (const [index, text] of page.lines.entries()) {
    if (/^<details/.test(text)) folds += 1;
    if (/^<\/details>/.test(text)) folds -= 1;
    if (folds > 0) continue;
    if (spoken.has(index + 1)) current = 0;
    else if (inFence.has(index + 1)) current += 1;
    longest = Math.max(longest, current);
  }
  return longest;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
