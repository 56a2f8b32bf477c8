import { diffArrays } from "diff";
import { type Line, type PhaseText, type PhaseTexts, plainText } from "./data.ts";

export type FileState = "new" | "changed" | "removed" | "carried";

/** A line of the old text, the new text, or both; numbers from 1. */
export interface Row {
  readonly before?: number;
  readonly after?: number;
  readonly line: Line;
}

export interface FileChange {
  readonly path: string;
  readonly state: FileState;
  readonly rows: readonly Row[];
  readonly added: number;
  readonly removed: number;
  /** The phase that made the file what it is in the later phase, and so the chapter that explains it. */
  readonly since?: PhaseText | undefined;
}

/** What became of each file between two phases, by path. Before phase 1 is 0, which has no files. */
export function compare({ phases, texts }: PhaseTexts, from: number, to: number): FileChange[] {
  const filesOf = (number: number) => phases.find((phase) => phase.number === number)?.files ?? {};
  return compareTexts(texts, filesOf(from), filesOf(to)).map((change) => ({
    ...change,
    since: phases.findLast(
      ({ number }) => number <= to && filesOf(number)[change.path] !== filesOf(number - 1)[change.path],
    ),
  }));
}

/** What became of each file, by path, when these files became those. */
export function compareTexts(
  texts: PhaseTexts["texts"],
  old: PhaseText["files"],
  now: PhaseText["files"],
): FileChange[] {
  const paths = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return paths.map((path) => {
    const rows = rowsOf(textOf(texts, old[path]), textOf(texts, now[path]));
    return {
      path,
      state: stateOf(old[path], now[path]),
      rows,
      added: rows.filter(({ before }) => before === undefined).length,
      removed: rows.filter(({ after }) => after === undefined).length,
    };
  });
}

const textOf = (texts: PhaseTexts["texts"], index: number | undefined) =>
  index === undefined ? [] : (texts[index] ?? []);

function stateOf(old: number | undefined, now: number | undefined): FileState {
  if (old === undefined) return "new";
  if (now === undefined) return "removed";
  return old === now ? "carried" : "changed";
}

function rowsOf(old: readonly Line[], now: readonly Line[]): Row[] {
  const rows: Row[] = [];
  let before = 0;
  let after = 0;
  for (const part of diffArrays(old.map(plainText), now.map(plainText))) {
    for (let left = part.value.length; left > 0; left--) {
      if (!part.added) before += 1;
      if (!part.removed) after += 1;
      const line = (part.removed ? old[before - 1] : now[after - 1]) ?? [];
      rows.push({ ...(!part.added && { before }), ...(!part.removed && { after }), line });
    }
  }
  return rows;
}
