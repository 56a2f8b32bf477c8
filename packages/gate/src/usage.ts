import { Unproved } from "./parse.ts";

/**
 * What a word may be. A "path" goes through the guard, a "file" does too and is not a folder, a "text" is never
 * opened; a list or an expression says which texts are meant.
 */
export type Kind = "text" | "number" | "path" | "file" | readonly string[] | RegExp;

/** How a program takes its words: what only reads, and nothing else. Names of options are listed between spaces. */
export interface Usage {
  /** One-letter options without a value: they may stand in a row, as in `-la`. */
  readonly letters?: string;
  /** Longer options without a value. They are never shortened. */
  readonly words?: string;
  /** Options with a value: `-n 5`, `-n5`, `--lines 5`, `--lines=5`. Those of the usual kinds, then all others. */
  readonly numbers?: string;
  readonly texts?: string;
  readonly paths?: string;
  readonly values?: Readonly<Record<string, Kind>>;
  /** Options whose value is part of the word, when it is there: `-U3`, `--color=never`. */
  readonly glued?: Readonly<Record<string, Kind>>;
  /** Whether a letter's value is always the next word: in `-Lo` both are letters. */
  readonly valuesApart?: boolean;
  /** Whether `-5` is an option. */
  readonly digits?: boolean;
  /** The first operands, then all others. Without `rest` there are no others. */
  readonly operands?: readonly Kind[];
  readonly rest?: Kind;
  /** Options that take the place of the first operands, as `grep -e` does. */
  readonly insteadOfOperands?: readonly string[];
  readonly minOperands?: number;
  /** Whether it opens no file: it tells what there is, and may name a secret. */
  readonly opensNoFile?: boolean;
  /** What the rest of the entry cannot say. @throws Unproved */
  readonly check?: (call: Call) => void;
}

/** One entry of the table: how a program may be called so that it only reads. */
export interface Program extends Usage {
  /** Reads the words, for a program whose options are a language of their own. */
  readonly grammar?: (words: readonly string[]) => Call;
  /** For a call that reads all files in a folder: the options that leave out what may hold secrets. */
  readonly leavesOut?: (call: Call) => readonly string[];
  /** Names of files that it reads in the folders above, and whose lines it may print. */
  readonly readsAbove?: readonly string[];
  /** What runs in its place: it may be a script that looks for that itself. */
  readonly runs?: readonly [program: string, ...words: string[]];
  /** What the shell does before it starts the program, in the same subshell. */
  readonly first?: string;
  /** The shell's own command is meant: there is no other, or it says more. */
  readonly isBuiltin?: boolean;
}

export type Programs = Readonly<Record<string, Program>>;

/** A program's words, sorted by what they are. */
export interface Call {
  /** The program's name, with its subcommand: "git log". */
  readonly name: string;
  /** The names of those that were given. */
  readonly options: readonly string[];
  readonly operands: readonly string[];
  /** The words that are not operands, nor `--`. */
  readonly optionWords: readonly string[];
  /** How many operands stand before `--`; all of them where there is none. */
  readonly beforeDashes: number;
  /** Where `--` is among the words, or the end of them: here an option may be added. */
  readonly optionsEnd: number;
  readonly paths: readonly Path[];
}

export interface Path {
  readonly path: string;
  readonly kind: "path" | "file";
  /** Whether it is the value of an option. */
  readonly isOption?: boolean;
}

type Draft = {
  -readonly [Key in keyof Call]: Call[Key] extends readonly (infer Item)[] ? Item[] : Call[Key];
};

/** Reads a program's words against its usage. @throws Unproved at the first that is not in it */
export function callOf(name: string, words: readonly string[], usage: Usage): Call {
  const call: Draft = { ...bareCall(name, words), operands: [], beforeDashes: words.length };
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === "--") {
      call.optionsEnd = words.length - queue.length - 1;
      call.beforeDashes = call.operands.length;
      call.operands.push(...queue.splice(0));
    } else if (word === "-" || !word.startsWith("-")) call.operands.push(word);
    else {
      const left = queue.length;
      if (usage.digits && /^-\d+$/.test(word)) call.options.push(word);
      else if (word.startsWith("--") || isLong(word, usage)) readLong(word, queue, usage, call);
      else readCluster(word, queue, usage, call);
      call.optionWords.push(word, ...words.slice(words.length - left, words.length - queue.length));
    }
  }
  const { operands = [], rest, insteadOfOperands = [], minOperands = 0 } = usage;
  const first = hasOption(call, ...insteadOfOperands) ? [] : operands;
  if (call.operands.length < minOperands) throw new Unproved(`${name} needs more to only read`);
  for (const [index, operand] of call.operands.entries()) {
    const kind = first[index] ?? rest;
    if (kind === undefined) throw notKnown(name, operand);
    take(operand, kind, name, call, false);
  }
  return call;
}

/** A call of a program that takes its words as they are. */
export function bareCall(name: string, words: readonly string[]) {
  const none = { options: [], optionWords: [], paths: [] };
  return { name, operands: words, optionsEnd: words.length, beforeDashes: words.length, ...none };
}

/** Whether one of these options was given. */
export function hasOption(call: Call, ...names: readonly string[]): boolean {
  return call.options.some((name) => names.includes(name));
}

const NUMBER = /^[+-]?\d+[A-Za-z]{0,3}$/;

function lists(names: string | undefined, name: string): boolean {
  return names?.split(" ").includes(name) ?? false;
}

/** Whether a word that begins with one dash is an option as a whole, and no letters in a row. */
function isLong(word: string, usage: Usage): boolean {
  const { words, glued = {} } = usage;
  return lists(words, word) || kindOfValue(word, usage) !== undefined || Object.hasOwn(glued, word);
}

/** What the value of an option may be; undefined when the option takes none. */
function kindOfValue(name: string, { numbers, texts, paths, values = {} }: Usage): Kind | undefined {
  if (lists(numbers, name)) return "number";
  if (lists(texts, name)) return "text";
  return lists(paths, name) ? "path" : values[name];
}

function readLong(word: string, queue: string[], usage: Usage, call: Draft): void {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  const name = equals < 0 ? word : word.slice(0, equals);
  const given = equals < 0 ? undefined : word.slice(equals + 1);
  const { glued = {}, words } = usage;
  const kind = kindOfValue(name, usage) ?? (given === undefined ? undefined : glued[name]);
  if (kind !== undefined) takeValue(name, kind, given, queue, call);
  else if (given === undefined && (Object.hasOwn(glued, name) || lists(words, name))) call.options.push(name);
  else throw notKnown(call.name, word);
}

/** `-la`, `-n5`, `-rn 5`: letters in a row, the last of which may have a value. */
function readCluster(word: string, queue: string[], usage: Usage, call: Draft): void {
  const { letters = "", glued = {} } = usage;
  for (let at = 1; at < word.length; at++) {
    const name = `-${word[at]}`;
    const rest = word.slice(at + 1) || undefined;
    const kind = kindOfValue(name, usage) ?? (rest === undefined ? undefined : glued[name]);
    if (kind !== undefined && rest !== undefined && usage.valuesApart) throw notKnown(call.name, word);
    if (kind !== undefined) {
      takeValue(name, kind, rest, queue, call);
      return;
    }
    if (!letters.includes(word[at] ?? " ") && !Object.hasOwn(glued, name))
      throw notKnown(call.name, word.length > 2 ? `${name} (in ${word})` : name);
    call.options.push(name);
  }
}

function takeValue(name: string, kind: Kind, given: string | undefined, queue: string[], call: Draft): void {
  const value = given ?? queue.shift();
  if (value === undefined) throw new Unproved(`${call.name} ${name} lacks its value`);
  take(value, kind, `${call.name} ${name}`, call, true);
  call.options.push(name);
  if (given !== undefined) return;
  // Should a program's other edition take no value here, this word would be an option or an operand to it.
  if (/^-[^\d]/.test(value)) throw notKnown(`${call.name} ${name}`, value);
  if (call.operands.length > 0 || /^\d/.test(value))
    call.paths.push({ path: value, kind: "path", isOption: true });
}

function take(value: string, kind: Kind, what: string, call: Draft, isOption: boolean): void {
  if (kind === "path" || kind === "file") {
    if (value !== "-") call.paths.push({ path: value, kind, isOption });
  } else if (kind !== "text") {
    const wanted = kind === "number" ? NUMBER : kind;
    const fits = wanted instanceof RegExp ? wanted.test(value) : wanted.includes(value);
    if (!fits) throw notKnown(what, value);
  }
}

/** What is thrown at a word that is not in the table. */
export function notKnown(program: string, word: string): Unproved {
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  return new Unproved(`${`${program} ${shown}`.trimEnd()} is not known to only read`);
}
