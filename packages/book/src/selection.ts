import { Problem } from "./problem.ts";

/** A part of a file, as a directive names it: `src/agent.ts#runTurn,Agent "first text".."last text"`. */
export interface Selection {
  readonly path: string;
  /** Empty: the whole file. */
  readonly symbols: readonly string[];
  /** Empty: all of the symbols. */
  readonly spans: readonly Span[];
  /** Lines that come later. */
  readonly without: readonly Span[];
}

/** Lines found by their text: from the first that contains one text to the next that contains the other. */
export interface Span {
  readonly from: string;
  /** Empty: the end of the symbol or file. Absent: for a diff the whole run of changed lines, for code that one line. */
  readonly to?: string;
}

/** `src/agent.ts#Agent "first".."last" without "that one"` */
export function readSelection(text: string): Selection {
  const spans = /(?:\s+"[^"]*"(?:\.\."[^"]*")?)*/.source;
  const whole = new RegExp(`^([^\\s#"]+)(?:#([\\w$,]+))?(${spans})(?:\\s+without(${spans}))?$`);
  const match = whole.exec(text.trim());
  if (!match)
    throw new Problem(`Write it as path, path#symbol,symbol or path#symbol "text".."text"; not: ${text}`);
  const [, path = "", symbols, some = "", others = ""] = match;
  return { path, symbols: symbols?.split(",") ?? [], spans: spansOf(some), without: spansOf(others) };
}

function spansOf(text: string): Span[] {
  return [...text.matchAll(/"([^"]*)"(?:\.\."([^"]*)")?/g)].map(([, from = "", to]) =>
    to === undefined ? { from } : { from, to },
  );
}

/** Whether a line is meant by a text: it contains it, or after `=` is it, except for blanks around. */
export function isAt(text: string, line: string): boolean {
  return text.startsWith("=") ? line.trim() === text.slice(1) : line.includes(text);
}

/** The symbols that a selection names; a Problem for one that there is not. */
export function demandSymbols(
  { path, symbols }: Selection,
  known: readonly (readonly string[])[],
): readonly string[] {
  const names = [...new Set(known.flat())];
  const missing = symbols.find((symbol) => !names.includes(symbol));
  if (missing) throw new Problem(`There is no ${missing} in ${path}. There are: ${names.join(", ")}.`);
  return symbols;
}
