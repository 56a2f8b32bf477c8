import { type Change, changedLines } from "./changes.ts";
import type { Failure } from "./problem.ts";
import type { Reading } from "./reading.ts";

/** A tenth of a chapter's changed lines may be left out, and no more. */
const MOST_LEFT_OUT = 0.1;

/** Each changed line of the phase stands in its chapter, or is left out with a reason. */
export function coverage({ chapter, leftOut }: Reading): Failure[] {
  const { page, phase, before, changes, shown } = chapter;
  if (!phase) return [];
  const fail = (message: string, line = 1): Failure => ({
    chapter: page.path,
    line,
    block: "coverage",
    message,
  });
  const missing = [...changes.values()].flatMap((change) => {
    const hidden = changedLines(change).filter((index) => !shown.get(change.path)?.has(index));
    if (hidden.length === 0) return [];
    const block =
      change.state === "new"
        ? `code: ${phase.folder}/${change.path}`
        : `diff: ${before?.folder} -> ${phase.folder} ${change.path}`;
    return [
      fail(`${change.path}: ${quote(change, hidden)} in no block. Add <!-- ${block} -->, or not-shown.`),
    ];
  });
  const all = [...changes.values()].flatMap(changedLines).length;
  const out = [...leftOut.values()].flatMap(({ lines }) => lines).length;
  if (out < all * MOST_LEFT_OUT || out === 0) return missing;
  const line = [...leftOut.keys()][0]?.line;
  return [...missing, fail(`${out} of ${all} changed lines are not shown; fewer than a tenth may be.`, line)];
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
