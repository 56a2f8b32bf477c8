import { structuredPatch } from "diff";
import { Problem } from "./problem.ts";
import { linesOf, type Repo } from "./repo.ts";
import { demandSymbols, isAt, type Selection, type Span } from "./selection.ts";
import { declaredIn, namesAt } from "./symbols.ts";

/** A line of a file that two phases have both, or one of them. */
export interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
  /** Its number in the old file; 0 in none. */
  readonly old: number;
  /** Its number in the new file; 0 in none. */
  readonly now: number;
}

/** What became of one file. */
export interface Change {
  /** Below the phase: `src/agent.ts`. */
  readonly path: string;
  readonly state: "new" | "changed" | "gone";
  readonly before: string;
  readonly after: string;
  /** All lines of both files. */
  readonly lines: readonly Line[];
}

/** The source files that differ between two phases' folders, by path. Without `before` every file is new. */
export function changesBetween(repo: Repo, before: string | undefined, after: string): Map<string, Change> {
  const below = (folder: string) => repo.list(`${folder}/src`).map((path) => path.slice(folder.length + 1));
  const paths = [...new Set([...(before ? below(before) : []), ...below(after)])].sort();
  const changes = new Map<string, Change>();
  for (const path of paths) {
    const old = before && repo.read(`${before}/${path}`);
    const now = repo.read(`${after}/${path}`);
    if (old === now) continue;
    const state = old === undefined ? "new" : now === undefined ? "gone" : "changed";
    changes.set(path, changeOf(path, state, old ?? "", now ?? ""));
  }
  return changes;
}

export function changeOf(path: string, state: Change["state"], before: string, after: string): Change {
  const { hunks } = structuredPatch(path, path, before, after, undefined, undefined, {
    context: Number.MAX_SAFE_INTEGER,
  });
  let old = 0;
  let now = 0;
  const lines = hunks
    .flatMap((hunk) => hunk.lines)
    .filter((line) => !line.startsWith("\\"))
    .map((line): Line => {
      const sign = line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ";
      if (sign !== "+") old += 1;
      if (sign !== "-") now += 1;
      return { sign, text: line.slice(1), old: sign === "+" ? 0 : old, now: sign === "-" ? 0 : now };
    });
  return { path, state, before, after, lines };
}

/** The lines that differ, as indexes into `lines`. */
export function changedLines({ lines }: Change): number[] {
  return lines.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
}

/** The changed lines that a selection names. A Problem when it names none, or what is not there. */
export function select(change: Change, selection: Selection): Set<number> {
  const { path, before, after, lines } = change;
  const old = declaredBefore(path, before);
  const now = declaredIn(path, after);
  const symbols = demandSymbols(
    selection,
    [...now, ...old].map(({ names }) => names),
  );
  const among = changedLines(change).filter((index) => {
    const line = lines[index];
    if (!line || symbols.length === 0) return symbols.length === 0;
    const names = line.sign === "+" ? namesAt(now, line.now) : namesAt(old, line.old);
    return names.some((name) => symbols.includes(name));
  });
  const left = new Set(selection.without.flatMap((span) => spanOf(change, among, span)));
  const some =
    selection.spans.length === 0 ? among : selection.spans.flatMap((span) => spanOf(change, among, span));
  const chosen = some.filter((index) => !left.has(index));
  if (chosen.length === 0)
    throw new Problem(`Nothing changes in ${[path, symbols.join()].filter(Boolean).join("#")}.`);
  return new Set(chosen);
}

/** Between two steps a file need not parse. */
function declaredBefore(path: string, text: string) {
  try {
    return declaredIn(path, text);
  } catch {
    return [];
  }
}

function spanOf({ path, lines }: Change, among: readonly number[], { from, to }: Span): number[] {
  const holds = (text: string) => (index: number) => isAt(text, lines[index]?.text ?? "");
  const first = among.find(holds(from));
  const later = among.filter((index) => index >= (first ?? 0));
  const last = to === undefined ? first : to === "" ? later.at(-1) : later.find(holds(to));
  if (first === undefined || last === undefined)
    throw new Problem(`No changed line of ${path} contains "${first === undefined ? from : to}".`);
  const start = to === undefined ? edge(lines, first, -1) : leadingBlanks(lines, first);
  const end = to === undefined ? edge(lines, last, 1) : last;
  return among.filter((index) => index >= start && index <= end);
}

/** Where a run of changed lines begins or ends. */
function edge(lines: readonly Line[], index: number, step: 1 | -1): number {
  const next = lines[index + step];
  return next && next.sign !== " " ? edge(lines, index + step, step) : index;
}

function leadingBlanks(lines: readonly Line[], index: number): number {
  const before = lines[index - 1];
  return before && before.sign !== " " && before.text === "" ? leadingBlanks(lines, index - 1) : index;
}

/** How many lines a change adds and removes. */
export function sizeOf({ lines }: Change): { added: number; removed: number } {
  const having = (sign: string) => lines.filter((line) => line.sign === sign).length;
  return { added: having("+"), removed: having("-") };
}

export const lineCount = (text: string) => linesOf(text).length;
