import type { Block } from "./blocks.ts";
import type { Line } from "./changes.ts";
import { Problem } from "./problem.ts";
import { type Chapter, leftOf, type Rendered, takeStep } from "./render.ts";
import { readSelection } from "./selection.ts";

/** Changed lines that a chapter leaves out: a reader takes them from the phase. */
export interface LeftOut extends Rendered {
  readonly path: string;
  readonly lines: readonly Line[];
}

/** `<!-- not-shown: src/tools/grep.ts#MAX -- reason -->` */
export function leaveOut(block: Block, chapter: Chapter): LeftOut {
  const [, part = "", reason] = /^(.*?)\s+--\s+(\S.*)$/s.exec(block.text) ?? [];
  if (!reason) throw new Problem("Write it as src/file.ts#symbol -- why a reader need not see it.");
  const selection = readSelection(part);
  const change = leftOf(chapter, selection.path);
  if (!change) throw new Problem(`${selection.path} does not change in this chapter.`);
  const { step, body } = takeStep(change, selection, chapter.desk);
  return { path: change.path, body, lines: change.lines.filter((_, index) => step.has(index)) };
}
