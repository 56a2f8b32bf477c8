import { cutEnd, cutStart } from "./text.ts";

/** UTF-16 units. */
const LENGTH = 300;

/**
 * A line without its end; of a long one, about 300 characters with the match in their middle.
 * @param start where in the bytes the match begins
 */
export function preview(line: Buffer, start: number): string {
  // A character takes at most four bytes: what a cut here breaks lies beyond what is shown.
  const reach = 4 * LENGTH;
  const before = line.subarray(Math.max(0, start - reach), start).toString();
  const after = line
    .subarray(start, start + reach)
    .toString()
    .replace(/\r?\n$/, "");
  const right = cutEnd(after, Math.max(LENGTH / 2, LENGTH - before.length));
  const left = cutStart(before, LENGTH - right.length);
  return `${left.length < before.length ? "…" : ""}${left}${right}${right.length < after.length ? "…" : ""}`;
}
