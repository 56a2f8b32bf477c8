import { Problem } from "./problem.ts";
import { linesOf, type Repo } from "./repo.ts";
import { demandSymbols, isAt, readSelection, type Selection, type Span } from "./selection.ts";
import { declaredIn } from "./symbols.ts";

/** Lines of a file, with the numbers of the first and the last. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export interface Code {
  readonly path: string;
  readonly symbols: readonly string[];
  readonly ranges: readonly Range[];
  /** The lines of all ranges, with a blank line between two. */
  readonly body: readonly string[];
}

/** The source that `code: path#symbol` names. A Problem when there is no such file or symbol. */
export function codeOf(repo: Repo, directive: string): Code {
  const selection = readSelection(directive);
  const text = repo.read(selection.path);
  if (text === undefined) throw new Problem(`There is no file ${selection.path}.`);
  const lines = linesOf(text);
  const ranges = rangesOf(selection, text, lines);
  const later = selection.without.map((span) => find(span, ranges, lines, selection.path));
  const isLater = (line: number) => later.some(({ first, last }) => line >= first && line <= last);
  const body = ranges.flatMap(({ first, last }, index) => [
    ...(index > 0 ? [""] : []),
    ...lines.slice(first - 1, last).filter((_, at) => !isLater(first + at)),
  ]);
  return { path: selection.path, symbols: selection.symbols, ranges, body };
}

function rangesOf(selection: Selection, text: string, lines: readonly string[]): Range[] {
  const { path, spans } = selection;
  const declared = declaredIn(path, text);
  const symbols = demandSymbols(
    selection,
    declared.map(({ names }) => names),
  );
  const whole = [{ first: 1, last: lines.length }];
  const named = declared.filter(({ names }) => names.some((name) => symbols.includes(name)));
  const ranges = symbols.length > 0 ? named : whole;
  if (spans.length === 0) return joined(ranges, lines);
  return joined(
    spans.map((span) => find(span, ranges, lines, path)),
    lines,
  );
}

function find({ from, to }: Span, ranges: readonly Range[], lines: readonly string[], path: string): Range {
  for (const { first, last } of ranges) {
    const at = (start: number, text: string) => {
      const index = lines.slice(start - 1, last).findIndex((line) => isAt(text, line));
      return index < 0 ? undefined : start + index;
    };
    const start = at(first, from);
    const end = start && (to === "" ? last : to === undefined ? start : at(start, to));
    if (start && end) return { first: start, last: end };
  }
  throw new Problem(`There is no "${from}"${to === undefined ? "" : ` and later "${to}"`} in ${path}.`);
}

/** In their order, and as one where only blank lines lie between two. */
function joined(ranges: readonly Range[], lines: readonly string[]): Range[] {
  const all: Range[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = all.at(-1);
    const near = before && lines.slice(before.last, first - 1).every((line) => line === "");
    if (before && near) all.splice(-1, 1, { first: before.first, last: Math.max(before.last, last) });
    else all.push({ first, last });
  }
  return all;
}
