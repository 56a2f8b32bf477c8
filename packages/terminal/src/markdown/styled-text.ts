import { styleText } from "node:util";
import { widthOf } from "../width.ts";

/** How text is painted: attributes and the eight base colours, which every theme keeps readable. */
export type Format = readonly (
  | "bold"
  | "dim"
  | "italic"
  | "underline"
  | "strikethrough"
  | "inverse"
  | "red"
  | "green"
  | "yellow"
  | "cyan"
)[];

export interface StyledText {
  readonly text: string;
  readonly format: Format;
}

/** A line, without its newline. */
export type Line = readonly StyledText[];

export function styled(text: string, ...format: Format): StyledText {
  return { text, format };
}

export const NEWLINE = styled("\n");

export function styledLines(lines: readonly string[], ...format: Format): StyledText[] {
  return lines.flatMap((line) => [styled(line, ...format), NEWLINE]);
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join("");
}

/** Turns styled text into what a terminal is sent. */
export type Paint = (texts: readonly StyledText[]) => string;

/** Colours for one stream: none in a pipe, with NO_COLOR or on a dumb terminal. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (texts) =>
    joined(texts)
      .map(({ text, format }) => (format.length > 0 ? styleText([...format], text, { stream }) : text))
      .join("");
}

/** Neighbours in one format become one. */
function joined(texts: readonly StyledText[]): StyledText[] {
  const all: { text: string; format: Format }[] = [];
  for (const { text, format } of texts) {
    const last = all.at(-1);
    if (last && last.format.join() === format.join()) last.text += text;
    else all.push({ text, format });
  }
  return all;
}

/** Measured as a whole: an emoji may be made of several characters, which take less room together. */
export function widthOfLine(line: Line): number {
  return widthOf(textOf(line));
}

export function trimEnd(line: Line): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== "");
  return line
    .slice(0, last + 1)
    .map((styled, index) => (index === last ? { ...styled, text: styled.text.trimEnd() } : styled));
}

/**
 * A line that is written word by word, and goes on below where a word has no room. A word is put when it is complete:
 * only then is it known on which line it belongs.
 */
export interface WrappedLine {
  put(styled: StyledText): void;
  /** Columns that a line may have: asked for at every word, since a window changes its size. */
  columns(): number;
  /** Breaks what is wider than a line. Otherwise it is left to the terminal, so that a path can be copied. */
  readonly breaksWords: boolean;
  /** What comes before the first word, and before each further line that the text needs. */
  first: Line;
  hanging: Line;
  /** Something of the line has been put. */
  begun: boolean;
  column: number;
  spaces: StyledText[];
  word: StyledText[];
  /** The word is wider than any line and is put as it comes. */
  overlong: boolean;
}

export function openWrappedLine(
  put: WrappedLine["put"],
  columns: WrappedLine["columns"],
  breaksWords = false,
): WrappedLine {
  const prefix = { first: [], hanging: [] };
  const word = { spaces: [], word: [], overlong: false };
  return { put, columns, breaksWords, ...prefix, begun: false, column: 0, ...word };
}

export function startLine(line: WrappedLine, first: Line, hanging: Line): void {
  line.first = first;
  line.hanging = hanging;
  line.begun = false;
  line.overlong = false;
}

export function addWords(line: WrappedLine, { text, format }: StyledText): void {
  for (const character of text.replaceAll("\t", "    ")) addCharacter(line, { text: character, format });
}

/** Text that is put at once and never wrapped. Tabs reach to the next multiple of four behind the prefix. */
export function addVerbatim(line: WrappedLine, { text, format }: StyledText): void {
  if (text === "") return;
  if (!line.begun) startRow(line, line.first);
  for (const part of text.split(/(\t)/)) {
    const column = line.column - widthOfLine(line.hanging);
    putAll(line, [{ text: part === "\t" ? " ".repeat(4 - (column % 4)) : part, format }]);
  }
}

export function endLine(line: WrappedLine): void {
  putWord(line);
  if (!line.begun) startRow(line, line.first);
  line.put(NEWLINE);
}

/** Something else was written in the middle of the line: what follows begins a line below it. */
export function interruptLine(line: WrappedLine): void {
  if (line.begun) line.first = line.hanging;
  line.begun = false;
}

function addCharacter(line: WrappedLine, character: StyledText): void {
  const { columns, breaksWords } = line;
  if (character.text === " ") {
    putWord(line);
    line.overlong = false;
    line.spaces.push(character);
    return;
  }
  if (line.overlong) {
    addVerbatim(line, character);
    return;
  }
  const width = widthOf(character.text);
  const isFull =
    breaksWords && width > 0 && widthOfLine([...line.hanging, ...line.word, character]) > columns();
  if (isFull || mayBreak(line.word.at(-1)?.text, character.text, width)) putWord(line);
  line.word.push(character);
  if (breaksWords || widthOfLine(line.word) <= columns()) return;
  putWord(line);
  line.overlong = true;
}

/** Puts the word that is complete, on this line or on the next. */
function putWord(line: WrappedLine): void {
  const { word, column, columns } = line;
  if (word.length === 0) return;
  if (!line.begun) startRow(line, line.first);
  else if (column + widthOfLine([...line.spaces, ...word]) > columns()) {
    line.put(NEWLINE);
    startRow(line, line.hanging);
  }
  putAll(line, [...line.spaces, ...word]);
  line.spaces = [];
  line.word = [];
}

function startRow(line: WrappedLine, prefix: Line): void {
  line.begun = true;
  line.column = 0;
  line.spaces = [];
  putAll(line, prefix);
}

function putAll(line: WrappedLine, texts: Line): void {
  for (const styled of texts) line.put(styled);
  line.column += widthOfLine(texts);
}

/** Must not begin a line: closing punctuation of East Asian scripts, and further parts of an emoji. */
const keptWithBefore = /^[、。，．：；！？）」』】〉》…\p{Emoji_Modifier}\p{Regional_Indicator}]$/u;
const keptWithAfter = /^[（「『【〈《\u200d]$/u;

/** Scripts without spaces break between any two of their characters, except for punctuation. */
function mayBreak(last: string | undefined, character: string, width: number): boolean {
  if (last === undefined || width === 0) return false;
  if (keptWithBefore.test(character) || keptWithAfter.test(last)) return false;
  return width === 2 || widthOf(last) === 2;
}
