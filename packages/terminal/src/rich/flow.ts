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

interface Flowing extends FlowSettings {
  /** What stands before the line, until its first word is put. */
  before: readonly Run[];
  hanging: readonly Run[];
  column: number;
  /** The line has a word. */
  begun: boolean;
  spaces: Run[];
  word: Run[];
  wordWidth: number;
  /** The word is wider than any line and is put as it comes. */
  endless: boolean;
}

export function openFlow(settings: FlowSettings): Flow {
  const flow: Flowing = {
    ...settings,
    before: [],
    hanging: [],
    column: 0,
    begun: false,
    spaces: [],
    word: [],
    wordWidth: 0,
    endless: false,
  };

  return {
    begin(first, hanging) {
      Object.assign(flow, { before: first, hanging, column: 0, begun: false });
    },
    add({ text, ink }) {
      for (const character of text.replaceAll("\t", "    ")) addCharacter(flow, character, ink);
    },
    end() {
      putWord(flow);
      putAll(flow, flow.before);
      flow.before = [];
      flow.spaces.length = 0;
      flow.endless = false;
      flow.put(NEWLINE);
    },
    moved() {
      if (flow.begun) flow.before = flow.hanging;
      flow.begun = false;
      flow.spaces.length = 0;
    },
  };
}

function addCharacter(flow: Flowing, character: string, ink: Run["ink"]): void {
  const { word, columns, breaksWords } = flow;
  if (character === " ") {
    putWord(flow);
    flow.endless = false;
    flow.spaces.push({ text: " ", ink });
    return;
  }
  const width = widthOf(character);
  if (mayBreak(word.at(-1)?.text, character, width)) putWord(flow);
  if (breaksWords && flow.wordWidth + width > columns() - widthOfRuns(flow.hanging)) putWord(flow);
  word.push({ text: character, ink });
  flow.wordWidth += width;
  if (flow.endless) putAll(flow, word.splice(0));
  else if (flow.wordWidth > columns() && !breaksWords) {
    putWord(flow);
    flow.endless = true;
  }
}

/** Puts the word that stands ready, on this line or on the next. */
function putWord(flow: Flowing): void {
  const { word, spaces, before, columns } = flow;
  if (word.length === 0) return;
  if (before.length > 0) startLine(flow, before);
  flow.before = [];
  if (flow.begun && flow.column + widthOfRuns(spaces) + flow.wordWidth > columns()) {
    flow.put(NEWLINE);
    startLine(flow, flow.hanging);
  }
  putAll(flow, spaces.splice(0));
  putAll(flow, word.splice(0));
  flow.begun = true;
  flow.wordWidth = 0;
}

function startLine(flow: Flowing, prefix: readonly Run[]): void {
  flow.column = 0;
  putAll(flow, prefix);
  flow.spaces.length = 0;
}

function putAll(flow: Flowing, runs: readonly Run[]): void {
  for (const run of runs) flow.put(run);
  flow.column += widthOfRuns(runs);
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
