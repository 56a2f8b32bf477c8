/** The text that may be looked at, and whether that is all there will be to look at. */
export interface Reach {
  readonly text: string;
  readonly complete: boolean;
}

/** The character at a place, with its repetitions. */
export function runOf(text: string, at: number): string {
  let end = at;
  while (end < text.length && text[end] === text[at]) end++;
  return text.slice(at, end);
}

/** Where the same number of backticks stands again, or -1. */
export function endOfCode(text: string, start: number, marks: number): number {
  const closing = new RegExp(`(?<!\`)\`{${marks}}(?!\`)`, "g");
  closing.lastIndex = start;
  return closing.exec(text)?.index ?? -1;
}

const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character);
const isWord = (character = "") => /[\p{L}\p{N}_]/u.test(character);
const isAscii = (character = "") => /[A-Za-z0-9]/.test(character);

/**
 * Whether marks begin an emphasis. Stricter than CommonMark where programmers write about programs, so that
 * `2*3*4`, `x**2`, `snake_case` and `__init__` stay what they are; laxer for scripts that put no spaces.
 */
export function isOpening(marks: string, before: string, after: string | undefined): boolean {
  if (isSpace(after)) return false;
  if (marks.startsWith("~")) return marks.length === 2;
  if (marks.startsWith("_")) return marks.length === 1 && !isWord(before);
  return marks.length <= 3 && !isAscii(before);
}

/** Where the marks that end an emphasis stand: -1 when nowhere, undefined while more text may bring them. */
export function endOfEmphasis({ text, complete }: Reach, start: number, marks: string): number | undefined {
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character !== "`" && character !== marks[0]) {
      at += character === "\\" ? 2 : 1;
      continue;
    }
    const run = runOf(text, at);
    const end = at + run.length;
    if (end === text.length && !complete) return undefined;
    if (character === "`") {
      const close = endOfCode(text, end, run.length);
      if (close < 0 && !complete) return undefined;
      at = close < 0 ? end : close + run.length;
    } else if (closes(run, marks, text[at - 1], text[end])) return end - marks.length;
    else at = end;
  }
  return complete ? -1 : undefined;
}

/** `***` also ends what `*` or `**` began: the rest of it ended something inside. */
function closes(run: string, marks: string, before: string | undefined, after: string | undefined): boolean {
  if (isSpace(before)) return false;
  if (run.length !== marks.length && (run.length !== 3 || marks.length > 2)) return false;
  if (marks.startsWith("_")) return !isWord(after);
  return marks.length > 1 || !isAscii(after);
}
