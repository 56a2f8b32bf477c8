import type { Change, Line } from "./changes.ts";

const CONTEXT = 3;

interface Seen {
  readonly sign: Line["sign"];
  readonly text: string;
  readonly line: Line;
}

export interface Hunk {
  readonly seen: readonly Seen[];
  /** Where it begins, from 1, in the file before it and after it. */
  readonly old: number;
  readonly now: number;
}

/**
 * One step of a change, as a diff of the file after the lines `done` to the file with the lines `step` too. Lines of
 * the change that come later are not there yet, and those that go later are still there.
 */
export function hunksOf({ lines }: Change, done: ReadonlySet<number>, step: ReadonlySet<number>): Hunk[] {
  const seen = lines.flatMap((line, index): Seen[] => {
    if (line.sign === " ") return [{ sign: " ", text: line.text, line }];
    const sign = step.has(index) && !done.has(index) ? line.sign : " ";
    if (sign !== " ") return [{ sign, text: line.text, line }];
    const isThere = (line.sign === "+") === done.has(index);
    return isThere ? [{ sign: " ", text: line.text, line }] : [];
  });
  const near = (at: number) =>
    seen.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== " ");
  const hunks: Hunk[] = [];
  let open: Seen[] | undefined;
  let old = 1;
  let now = 1;
  for (const [at, each] of seen.entries()) {
    if (!near(at)) open = undefined;
    else if (open) open.push(each);
    else {
      open = [each];
      hunks.push({ seen: open, old, now });
    }
    if (each.sign !== "+") old += 1;
    if (each.sign !== "-") now += 1;
  }
  return hunks;
}

/** The lines of a diff without a file header; the places of the hunks stand there when a reader needs them. */
export function diffLines(hunks: readonly Hunk[], file: readonly string[]): string[] {
  const [only] = hunks;
  const plain = hunks.length === 1 && only && placesOf(oldSide(only), file).length <= 1;
  return hunks.flatMap((hunk) => {
    const lines = hunk.seen.map(({ sign, text }) => (sign === " " && text === "" ? "" : sign + text));
    return plain ? lines : [headerOf(hunk), ...lines];
  });
}

function headerOf({ seen, old, now }: Hunk): string {
  const without = (sign: string) => seen.filter((each) => each.sign !== sign).length;
  const [before, after] = [without("+"), without("-")];
  return `@@ -${before ? old : old - 1},${before} +${after ? now : now - 1},${after} @@`;
}

const oldSide = ({ seen }: Hunk) => seen.filter(({ sign }) => sign !== "+").map(({ text }) => text);

/** Each index at which `part` is in `lines`. */
export function placesOf(part: readonly string[], lines: readonly string[]): number[] {
  if (part.length === 0) return lines.length === 0 ? [0] : [];
  return lines.flatMap((_, index) =>
    part.every((text, offset) => lines[index + offset] === text) ? [index] : [],
  );
}

/** The file after the lines `done` of a change. */
export function stateAfter({ lines }: Change, done: ReadonlySet<number>): string[] {
  return lines.flatMap(({ sign, text }, index) =>
    sign === " " || (sign === "+") === done.has(index) ? [text] : [],
  );
}
