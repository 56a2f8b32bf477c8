import type { Row } from "./compare.ts";

/** Rows that stand together: shown, or unchanged ones folded away. */
export interface Stretch {
  readonly isFolded: boolean;
  readonly rows: readonly Row[];
}

const CONTEXT = 3;

const isChanged = ({ before, after }: Row) => before === undefined || after === undefined;

/** Folds what is further than three lines from a change; nothing where nothing changed. */
export function stretches(rows: readonly Row[]): Stretch[] {
  const changes = rows.flatMap((row, at) => (isChanged(row) ? [at] : []));
  if (changes.length === 0) return [{ isFolded: false, rows }];
  const near = new Set(
    changes.flatMap((at) => Array.from({ length: 2 * CONTEXT + 1 }, (_, offset) => at - CONTEXT + offset)),
  );
  return runsOf(rows, (_, at) => !near.has(at)).map(([isFolded, run]) => ({
    // One line takes no more room than the button that would show it.
    isFolded: isFolded && run.length > 1,
    rows: run,
  }));
}

/** For two columns: what was removed stands beside what was added in its place. */
export function pairs(rows: readonly Row[]): { left: Row | undefined; right: Row | undefined }[] {
  return runsOf(rows, isChanged).flatMap(([changed, run]) => {
    if (!changed) return run.map((row) => ({ left: row, right: row }));
    const left = run.filter(({ after }) => after === undefined);
    const right = run.filter(({ before }) => before === undefined);
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, at) => ({ left: left[at], right: right[at] }));
  });
}

/** Neighbours for which `test` says the same, together. */
function runsOf(rows: readonly Row[], test: (row: Row, at: number) => boolean): [boolean, Row[]][] {
  const runs: [boolean, Row[]][] = [];
  for (const [at, row] of rows.entries()) {
    const answer = test(row, at);
    const last = runs.at(-1);
    if (last?.[0] === answer) last[1].push(row);
    else runs.push([answer, [row]]);
  }
  return runs;
}
