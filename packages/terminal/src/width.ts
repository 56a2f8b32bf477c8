import { createRequire } from "node:module";
import { stripVTControlCharacters } from "node:util";

/** The characters that most lines are made of, one column each: the library takes 7 ms to load, and these need none. */
const narrow = /^[\t\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2039\u203a\u2190-\u2193\u2500-\u257f]*$/;

/** Takes no room: what is invisible, except for what holds an emoji together. */
const invisible =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|(?!\u200d|[\u{e0020}-\u{e007f}])\p{Cf}/gu;

let measure: typeof import("fast-string-width").default | undefined;

/** How many columns a line takes on the screen. */
export function widthOf(line: string): number {
  if (narrow.test(line)) return line.length;
  // Required and not imported, since whoever measures a line cannot wait.
  const require = createRequire(import.meta.url);
  measure ??= (require("fast-string-width") as typeof import("fast-string-width")).default;
  return measure(line.replace(invisible, ""), { tabWidth: 1 });
}

/** How many columns a character takes at most: to some terminals, an emoji of several parts is as wide as they are. */
export const mostColumnsOf = (character: string) =>
  Math.max(
    widthOf(character),
    [...character].reduce((sum, part) => sum + widthOf(part), 0),
  );

let segmenter: Intl.Segmenter | undefined;

/** The characters of a line as a reader counts them: accents, flags and families are parts of one. */
export function* charactersOf(line: string): Generator<string> {
  if (narrow.test(line)) return yield* line;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(line)) yield segment;
}

/** No character is wider than two columns: most lines need no closer look. */
function fitsAnyway(line: string, columns: number): boolean {
  return line.length * 2 <= columns;
}

/** A line cut to that many columns, with an ellipsis in the last of them when something was cut. */
export function fitColumns(line: string, columns: number): string {
  if (fitsAnyway(line, columns)) return line;
  let width = 0;
  let at = 0;
  let end = 0;
  for (const text of charactersOf(line)) {
    width += widthOf(text);
    if (width > columns) return `${line.slice(0, end)}…`;
    at += text.length;
    if (width < columns) end = at;
  }
  return line;
}

/** Breaks a line between words so that no part is wider than `columns`; a longer word (a path) stays whole. */
export function wrap(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && widthOf(longer) > columns) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

/**
 * Texts that follow each other on the screen, with a newline wherever a row would be wider than that, whatever the terminal makes
 * of an emoji. @param start the column where they begin
 */
export function inRows(texts: readonly string[], columns: number, start = 0): string[] {
  let column = start;
  const put = (character: string) => {
    const isEnd = character === "\n";
    const width = isEnd ? 0 : mostColumnsOf(character);
    const isFull = !isEnd && column + width > columns;
    column = isEnd || isFull ? width : column + width;
    return isFull ? `\n${character}` : character;
  };
  return texts.map((text) => Array.from(charactersOf(text), put).join(""));
}

/** A line in parts that fit that many columns: broken after the first space of several, where that is not too far back, or anywhere. */
export function slices(line: string, columns: number): string[] {
  if (fitsAnyway(line, columns)) return [line];
  const parts: string[] = [];
  let part = "";
  let width = 0;
  for (const text of charactersOf(line)) {
    const next = widthOf(text);
    if (width + next > columns) {
      const [words = ""] = /^ *(?:\S.*)?\S /.exec(part) ?? [];
      const end = words.length > part.length / 2 ? words.length : part.length;
      parts.push(part.slice(0, end));
      part = part.slice(end);
      width = widthOf(part);
    }
    part += text;
    width += next;
  }
  return [...parts, part];
}

/** Where the cursor is behind a text that began at the edge of the screen. */
export function placeBehind(text: string, columns: number) {
  let row = 0;
  let column = 0;
  for (const [index, line] of stripVTControlCharacters(text).split("\n").entries()) {
    if (index > 0) row++;
    column = 0;
    for (const character of charactersOf(line)) {
      const width = widthOf(character);
      if (column + width > columns) {
        row++;
        column = 0;
      }
      column += width;
    }
  }
  return column === columns ? { row: row + 1, column: 0 } : { row, column };
}
