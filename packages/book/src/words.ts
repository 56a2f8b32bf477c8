import { type Page, phaseNumberOf } from "./blocks.ts";
import { pagesWith } from "./pages.ts";
import type { Failure } from "./problem.ts";

const FEWEST = 1500;
const MOST = 4500;
/** Of a page, where a phase has several. */
const FEWEST_OF_PAGE = 800;

/**
 * A chapter that builds a phase has 1,500 to 4,500 words, without its code, its captions and what is generated. Four fifths
 * of its lines are code: with fewer words the code goes unexplained.
 */
export function wordLimits(page: Page, isPhase: boolean): Failure[] {
  if (!isPhase || phaseNumberOf(page) === undefined) return [];
  const words = wordsOf(page);
  const fewest = pagesWith(page.path).length > 1 ? FEWEST_OF_PAGE : FEWEST;
  if (words >= fewest && words <= MOST) return [];
  return [
    {
      chapter: page.path,
      line: 1,
      block: "words",
      message: `${words} words; ${fewest} to ${MOST} are asked for.`,
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
