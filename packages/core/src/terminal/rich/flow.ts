import { widthOf } from "../width.ts";
import { NEWLINE, type Run } from "./ink.ts";

/** Text on its way into lines: words go to the next line where they do not fit. */
export interface Flow {
  /** Begins a line. `hanging` stands before each further line that the text needs. */
  begin(first: readonly Run[], hanging: readonly Run[]): void;
  /** A word is put when it is complete: only then is it known on which line it stands. */
  add(run: Run): void;
  /** Ends the line. */
  end(): void;
  /** Something else was written in the middle of the line: what follows begins a line of its own. */
  moved(): void;
}

export interface FlowSettings {
  put(run: Run): void;
  /** Columns that a line may have: asked for at every word, since a window changes its size. */
  columns(): number;
  /** Breaks what is wider than a line. Otherwise it is left to the terminal, so that a path can be copied. */
  readonly breaksWords?: boolean;
}

/** Must not begin a line: closing punctuation of East Asian scripts, and what changes the emoji before it. */
const keptWithBefore = /^[、。，．：；！？）」』】〉》…\p{Emoji_Modifier}]$/u;
const keptWithAfter = /^[（「『【〈《\u200d]$/u;

export function openFlow({ put, columns, breaksWords = false }: FlowSettings): Flow {
  let before: readonly Run[] = [];
  let hanging: readonly Run[] = [];
  let column = 0;
  let begun = false;
  let spaces: Run[] = [];
  let word: Run[] = [];
  let wordWidth = 0;
  /** The word is wider than any line and is put as it comes. */
  let endless = false;

  function putAll(runs: readonly Run[]): void {
    for (const run of runs) put(run);
    column += widthOfRuns(runs);
  }

  function startLine(prefix: readonly Run[]): void {
    column = 0;
    putAll(prefix);
    spaces = [];
  }

  /** Puts the word that stands ready, on this line or on the next. */
  function putWord(): void {
    if (word.length === 0) return;
    if (before.length > 0) startLine(before);
    before = [];
    if (begun && column + widthOfRuns(spaces) + wordWidth > columns()) {
      put(NEWLINE);
      startLine(hanging);
    }
    putAll(spaces);
    putAll(word);
    begun = true;
    spaces = [];
    word = [];
    wordWidth = 0;
  }

  function addCharacter(character: string, ink: Run["ink"]): void {
    if (character === " ") {
      putWord();
      endless = false;
      spaces.push({ text: " ", ink });
      return;
    }
    const width = widthOf(character);
    const last = word.at(-1)?.text;
    if (mayBreak(last, character, width)) putWord();
    if (breaksWords && wordWidth + width > columns() - widthOfRuns(hanging)) putWord();
    word.push({ text: character, ink });
    wordWidth += width;
    if (endless) putAll(word.splice(0));
    else if (wordWidth > columns() && !breaksWords) {
      putWord();
      endless = true;
    }
  }

  return {
    begin(first, rest) {
      before = first;
      hanging = rest;
      column = 0;
      begun = false;
    },
    add({ text, ink }) {
      for (const character of text.replaceAll("\t", "    ")) addCharacter(character, ink);
    },
    end() {
      putWord();
      endless = false;
      putAll(before);
      before = [];
      spaces = [];
      put(NEWLINE);
    },
    moved() {
      if (begun) before = hanging;
      begun = false;
    },
  };
}

export function widthOfRuns(runs: readonly Run[]): number {
  let width = 0;
  for (const { text } of runs) width += widthOf(text);
  return width;
}

/** Scripts without spaces break between any two of their characters, but for punctuation. */
function mayBreak(last: string | undefined, character: string, width: number): boolean {
  if (last === undefined || width === 0 || keptWithBefore.test(character) || keptWithAfter.test(last))
    return false;
  return width === 2 || widthOf(last) === 2;
}
