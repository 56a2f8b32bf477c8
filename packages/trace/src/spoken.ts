/**
 * Keys that a model says word by word. No piece of its response holds one, and whoever puts the pieces together does: the
 * page, for one. So the texts of the events are read as one text for each field.
 */
import { findSecrets, mayBegin, withoutSecrets } from "./secrets.ts";

/** So much of a key is worth waiting for the rest. Less would hold back every second event. */
const START = 4;

/** So many lines later, a field that ended in the beginning of a key is not going on. */
const PATIENCE = 30;

/** More is no line of a stream. */
const MAX_LINE = 1 << 16;

/** A line that has come: a letter that may be of a key is a part of its own. */
type Line = string[];

/** A letter of a text, and where it is written. */
interface Letter {
  readonly said: string;
  readonly line: Line;
  readonly at: number;
}

/** Takes a response as it comes. Returns what of it can be written, with asterisks in the place of keys. */
export function openFilter() {
  /** The last letters of each field, as far as they may be of a key that goes on. */
  const fields = new Map<string, readonly Letter[]>();
  const waiting: Line[] = [];
  let rest = "";

  function addLine(raw: string): void {
    const line: Line = [];
    let end = 0;
    for (const { index, groups: { name = "", before = "", value = "" } = {} } of raw.matchAll(TEXT)) {
      const start = index + before.length;
      line.push(raw.slice(end, start));
      const open = fields.get(name) ?? [];
      if (open.length === 0 && !mayBegin(value)) line.push(value);
      else fields.set(name, hear(open, value, line));
      end = start + value.length;
    }
    line.push(raw.slice(end));
    waiting.push(line);
  }

  /** The lines before the first one in which a key may have begun. */
  function ready(): Line[] {
    const open = [...fields.values()].filter(({ length }) => length >= START);
    const held = new Set(open.flatMap((letters) => letters.map(({ line }) => line)));
    const at = waiting.findIndex((line, index) => held.has(line) && waiting.length - index < PATIENCE);
    return waiting.splice(0, at === -1 ? waiting.length : at);
  }

  return {
    add(text: string): string {
      const last = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
      const end = last === -1 ? 0 : rest.length + last + 1;
      rest += text;
      const whole = rest.length - end > MAX_LINE ? cuttable(rest) : end;
      for (const line of rest.slice(0, whole).match(/[^\n\r]*[\n\r]+|[^\n\r]+$/g) ?? []) addLine(line);
      rest = rest.slice(whole);
      return written(ready());
    },
    end(): string {
      if (rest !== "") addLine(rest);
      return written(waiting);
    },
  };
}

/** Writes what a field says next, with asterisks for a key that it ends. Returns the letters that may be of one that goes on. */
function hear(before: readonly Letter[], value: string, line: Line): readonly Letter[] {
  const said = Array.from(value.matchAll(LETTER), ([written]) => ({
    said: letterOf(written),
    line,
    at: line.push(written) - 1,
  }));
  const letters = [...before, ...said];
  const { found, open } = findSecrets(letters.map(({ said }) => said).join(""));
  for (const { line, at } of found.flatMap(({ start, end }) => letters.slice(start, end)))
    line[at] = "*".repeat(line[at]?.length ?? 0);
  return letters.slice(open.start, open.end);
}

function written(lines: readonly Line[]): string {
  return withoutSecrets(lines.flat().join(""));
}

/** A field with a text, as JSON has it. Of everything else, keys are found where they are whole. */
const TEXT = /(?<before>"(?<name>\w+)" ?: ?")(?<value>(?:[^"\\]|\\.)*)"/g;

const LETTER = /\\u[\da-f]{4}|\\?./gis;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Servers write what is no JSON, too. */
function letterOf(written: string): string {
  if (written.length > 2) return String.fromCharCode(Number.parseInt(written.slice(2), 16));
  const letter = written.slice(-1);
  return written.length === 2 ? (ESCAPES[letter] ?? letter) : letter;
}

/** How far a text can be written when there is no end of its line: neither a key nor a character of several bytes is cut. */
function cuttable(bytes: string): number {
  return Math.min(findSecrets(bytes).open.start, wholeCharacters(bytes));
}

function wholeCharacters(bytes: string): number {
  const [cut = ""] = /[\xc0-\xff][\x80-\xbf]{0,2}$/.exec(bytes) ?? [];
  const wanted = cut === "" ? 0 : cut >= "\xf0" ? 4 : cut >= "\xe0" ? 3 : 2;
  return cut.length < wanted ? bytes.length - cut.length : bytes.length;
}
