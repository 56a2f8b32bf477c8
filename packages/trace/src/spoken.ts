/**
 * Keys that a model says word by word. No piece of its response holds one, and whoever puts the pieces together does: the
 * page, for one. So the texts of the events are read as one text for each field.
 */
import { beginningOf, REST, secretForms, withoutSecrets } from "./secrets.ts";

/** So much of a key is worth waiting for the rest. Less would hold back every second event. */
const START = 4;

/** So many lines later, a field that ended in the beginning of a key is not going on. */
const PATIENCE = 30;

/** More is no line of a stream. */
const MAX_LINE = 1 << 16;

/** A line that has come, with each letter as it is written. */
interface Line {
  readonly letters: string[];
}

/** A letter of a text, and where it is written. */
interface Letter {
  readonly line: Line;
  readonly at: number;
}

/** What a field has said: whether its last letters begin a key, and where those are. */
interface Field {
  readonly reader: SecretReader;
  readonly open: Letter[];
}

/** Takes a response as it comes. Returns what of it can be written, with asterisks in the place of keys. */
export function openFilter() {
  const { tree, starts } = currentTree();
  const fields = new Map<string, Field>();
  const waiting: Line[] = [];
  let rest = "";

  function addLine(raw: string): void {
    const line: Line = { letters: [] };
    let end = 0;
    for (const { index, groups: { name = "", before = "", value = "" } = {} } of raw.matchAll(TEXT)) {
      const start = index + before.length;
      line.letters.push(raw.slice(end, start));
      const field = fields.get(name) ?? { reader: secretReader(tree), open: [] };
      fields.set(name, field);
      if (field.open.length === 0 && !starts.test(value)) line.letters.push(value);
      else for (const letter of value.match(LETTER) ?? []) hear(letter, line, field);
      end = start + value.length;
    }
    line.letters.push(raw.slice(end));
    waiting.push(line);
  }

  /** The lines before the first one in which a key may have begun. */
  function ready(): Line[] {
    const open = [...fields.values()].filter((field) => field.open.length >= START);
    const held = new Set(open.flatMap((field) => field.open.map(({ line }) => line)));
    const at = waiting.findIndex((line, index) => held.has(line) && waiting.length - index < PATIENCE);
    return waiting.splice(0, at === -1 ? waiting.length : at);
  }

  return {
    add(text: string): string {
      const last = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
      const end = last === -1 ? 0 : rest.length + last + 1;
      rest += text;
      const whole = rest.length - end > MAX_LINE ? cuttable(rest, tree) : end;
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

/** The next letter of a field. Makes asterisks of a key that ends with it. */
function hear(letter: string, line: Line, { reader, open }: Field): void {
  const hidden = reader.read(letterOf(letter));
  const at = line.letters.push(letter) - 1;
  if (open.length === 0 && reader.open() === 0) return;
  open.push({ line, at });
  for (const { line, at } of hidden > 0 ? open.slice(-hidden) : []) {
    line.letters[at] = "*".repeat(line.letters[at]?.length ?? 0);
  }
  open.splice(0, open.length - reader.open());
}

function written(lines: readonly Line[]): string {
  return withoutSecrets(lines.map(({ letters }) => letters.join("")).join(""));
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

/** A letter of a secret: all of them together are a tree. */
interface Node {
  readonly next: Map<string, Node>;
  /** How many letters lead here. */
  readonly depth: number;
  isSecret: boolean;
  isBeginning: boolean;
}

const nodeAt = (depth: number): Node => ({ next: new Map(), depth, isSecret: false, isBeginning: false });

/** `starts` is in a text in which a secret may begin. */
let current = { size: 0, tree: nodeAt(0), starts: /\\/ };

/** Made again when there are more secrets. */
function currentTree(): typeof current {
  const words = secretForms();
  if (current.size === words.size) return current;
  const escaped = (letter = "") => letter.replace(/\W/, "\\$&");
  const starts = Array.from(words, ([one, two]) => `${escaped(one)}(?:${escaped(two)}|$)`);
  const either = ["\\\\", ...new Set(starts)].join("|"); // or an escaped letter
  current = { size: words.size, tree: nodeAt(0), starts: new RegExp(either, "i") };
  for (const word of words) {
    const beginning = beginningOf(word)?.length;
    let node = current.tree;
    for (const letter of word.split("")) {
      const child: Node = node.next.get(letter) ?? nodeAt(node.depth + 1);
      node.next.set(letter, child);
      node = child;
      node.isBeginning ||= node.depth === beginning;
    }
    node.isSecret = true;
  }
  return current;
}

type SecretReader = ReturnType<typeof secretReader>;

/** Reads a text letter by letter, which may go on later. */
function secretReader(tree: Node) {
  let begun: Node[] = []; // the deepest first
  let known = 0; // of a secret that is known by its beginning, and goes on
  return {
    /** Returns how many of the letters up to this one are to be hidden. */
    read(letter: string): number {
      const small = letter.toLowerCase();
      if (begun.length === 0 && known === 0 && !tree.next.has(small)) return 0;
      begun = [...begun, tree].flatMap((node) => node.next.get(small) ?? []);
      const found = begun.find(({ isSecret, isBeginning }) => isSecret || isBeginning)?.depth ?? 0;
      if (known > 0 && REST.test(letter)) known++;
      else known = begun.find(({ isBeginning }) => isBeginning)?.depth ?? 0;
      return Math.max(found, known);
    },
    /** How many of the last letters may turn out to be the beginning of a secret. */
    open: () => Math.max(begun[0]?.depth ?? 0, known),
  };
}

/** How far a text can be written when there is no end of its line: neither a key nor a character of several bytes is cut. */
function cuttable(bytes: string, tree: Node): number {
  const reader = secretReader(tree);
  for (const byte of bytes.split("")) reader.read(byte);
  return Math.min(bytes.length - reader.open(), wholeCharacters(bytes));
}

function wholeCharacters(bytes: string): number {
  const [cut = ""] = /[\xc0-\xff][\x80-\xbf]{0,2}$/.exec(bytes) ?? [];
  const wanted = cut === "" ? 0 : cut >= "\xf0" ? 4 : cut >= "\xe0" ? 3 : 2;
  return cut.length < wanted ? bytes.length - cut.length : bytes.length;
}
