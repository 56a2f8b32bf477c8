import { type Change, changedLines } from "./changes.ts";
import { pagesWith } from "./pages.ts";
import type { Failure } from "./problem.ts";
import type { Reading } from "./reading.ts";
import { leftOf } from "./render.ts";

/** A tenth of a chapter's changed lines may be left out, and no more. */
const MOST_LEFT_OUT = 0.1;

/** Each changed line of the phase is in its chapter, or is left out with a reason. */
export function coverage(reading: Reading): Failure[] {
  const { page, phase, before, changes, desk } = reading.chapter;
  if (!phase || pagesWith(page.path).at(-1) !== page.path) return [];
  const fail = (message: string, line = 1): Failure => ({
    chapter: page.path,
    line,
    block: "coverage",
    message,
  });
  const missing = [...new Set([...changes.keys(), ...desk.keys()])].flatMap((path) => {
    const change = leftOf(reading.chapter, path);
    const hidden = change ? changedLines(change) : [];
    if (!change || hidden.length === 0) return [];
    const source =
      change.state === "new"
        ? `code: ${phase.folder}/${change.path}`
        : `diff: ${before?.folder} -> ${phase.folder} ${change.path}`;
    return [
      fail(`${change.path}: ${quote(change, hidden)} in no block. Add <!-- ${source} -->, or not-shown.`),
    ];
  });
  const { all, out } = countLines(reading);
  if (out === 0 || out < all * MOST_LEFT_OUT) return missing;
  const line = [...reading.leftOut.keys()][0]?.line;
  return [...missing, fail(`${out} of ${all} changed lines are not shown; fewer than a tenth may be.`, line)];
}

/** What a reader takes from the phase without having seen it: "docs/06-prompt.md: 2 of 242 changed lines are not shown: …". */
export function notShown(reading: Reading): string[] {
  const { all, out } = countLines(reading);
  const parts = [...reading.leftOut].map(([block]) => block.text);
  return out === 0
    ? []
    : [`${reading.chapter.page.path}: ${out} of ${all} changed lines are not shown: ${parts.join("; ")}`];
}

function countLines({ chapter, leftOut }: Reading): { all: number; out: number } {
  const all = [...chapter.changes.values()].flatMap(changedLines).length;
  const out = [...leftOut.values()].flatMap(({ lines }) => lines).length;
  return { all, out };
}

/** "3 changed lines (+12 `const a`, …) stand". */
function quote({ lines }: Change, hidden: readonly number[]): string {
  const some = hidden.slice(0, 3).flatMap((index) => {
    const line = lines[index];
    return line ? [`${line.sign}${line.now || line.old} \`${line.text.trim()}\``] : [];
  });
  const more = hidden.length > some.length ? ", …" : "";
  return `${hidden.length} changed ${hidden.length === 1 ? "line stands" : "lines stand"} (${some.join(", ")}${more})`;
}
