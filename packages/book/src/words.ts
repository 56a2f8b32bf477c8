import { type Page, phaseNumberOf } from "./blocks.ts";
import type { Failure } from "./problem.ts";

const FEWEST = 1500;
const MOST = 3000;

/** A chapter that builds a phase has 1,500 to 3,000 words, without its code, its captions and what is generated. */
export function wordLimits(page: Page, isPhase: boolean): Failure[] {
  if (!isPhase || phaseNumberOf(page) === undefined) return [];
  const words = wordsOf(page);
  if (words >= FEWEST && words <= MOST) return [];
  return [
    {
      chapter: page.path,
      line: 1,
      block: "words",
      message: `${words} words; ${FEWEST} to ${MOST} are asked for.`,
    },
  ];
}

export function wordsOf({ prose, blocks }: Page): number {
  const generated = ({ start, end }: { start: number; end: number }, line: number) =>
    line > start && line <= end;
  return prose
    .filter(({ line }) => !blocks.some((block) => generated(block, line)))
    .flatMap(({ text }) => wordsIn(text)).length;
}

/** The words of a piece of Markdown, without tags and the targets of links. */
export function wordsIn(text: string): readonly string[] {
  const plain = text.replace(/\]\([^)]*\)/g, "]").replace(/<[^>]+>/g, "");
  return plain.match(/[\p{L}\p{N}][\p{L}\p{N}'’_./-]*/gu) ?? [];
}
