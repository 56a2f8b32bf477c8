import { Unproved } from "./parse.ts";

/**
 * What a word may be. A "path" goes through the guard, a "file" does too and is not a folder, a "text" is never
 * opened; a list or an expression says which texts are meant.
 */
export type Kind = "text" | "number" | "path" | "file" | readonly string[] | RegExp;

/** A table in which names that have the same entry share a key, with spaces between them. */
export type Table<Entry> = Readonly<Record<string, Entry>>;

/** The entry of a name. */
export function entryOf<Entry>(table: Table<Entry> | undefined, name: string): Entry | undefined {
  return Object.entries(table ?? {}).find(([names]) => lists(names, name))?.[1];
}

/** Whether a name is in a list of names with white space between them. */
export function lists(names: string, name: string): boolean {
  return names.split(/\s+/).includes(name);
}

/** The arguments with which a program only reads; every other call is asked about. */
export interface Usage {
  /** Options without a value. After one dash stands a letter for each: `-la` is -l and -a, together or apart. */
  readonly flags?: string;
  /** Options with a value: `-n 5`, `-n5`, `--lines 5`, `--lines=5`. */
  readonly values?: Table<Kind>;
  /** Flags that may have a value, but only in the same word: `-U3`, `--color=never`. */
  readonly glued?: Table<Kind>;
  /** Whether a letter's value is always the next word: in `-Lo` both are letters. */
  readonly valuesApart?: boolean;
  /** Whether `-5` is an option. */
  readonly digits?: boolean;
  /** The first operands, then all others. Without `rest` there are no others. */
  readonly operands?: readonly Kind[];
  readonly rest?: Kind;
  /** Options that take the place of the first operands, as `grep -e` does. */
  readonly insteadOfOperands?: string;
  readonly minOperands?: number;
  /** Whether it opens no file: it tells what there is, and may name a secret. */
  readonly opensNoFile?: boolean;
  /** The words of a call that do more than read, where the rest of the entry cannot say so. */
  readonly refuses?: (call: Call) => string | undefined;
}

/** One entry of the table: how a program may be called so that it only reads. */
export interface Program extends Usage {
  /** Reads the words, for a program whose options are a language of their own. */
  readonly grammar?: (words: readonly string[], name: string) => Call;
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
  const call: Draft = { ...bareCall(name, words), operands: [] };
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === "--") {
      call.beforeDashes = call.operands.length;
      call.operands.push(...queue.splice(0));
    } else if (word === "-" || !word.startsWith("-")) call.operands.push(word);
    else takeOption(word, queue, usage, call);
  }
  const { operands = [], rest, insteadOfOperands = "", minOperands = 0 } = usage;
  const first = hasOption(call, insteadOfOperands) ? [] : operands;
  if (call.operands.length < minOperands) throw new Unproved(`${name} needs more to only read`);
  for (const [index, operand] of call.operands.entries()) {
    const kind = first[index] ?? rest;
    if (kind === undefined) throw notKnown(name, operand);
    take(operand, kind, name, call, false);
  }
  const refused = usage.refuses?.(call);
  if (refused !== undefined) throw notKnown(name, refused);
  return call;
}

/** A call of a program that takes its words as they are. */
export function bareCall(name: string, words: readonly string[]) {
  return { name, options: [], operands: words, optionWords: [], beforeDashes: words.length, paths: [] };
}

/** Whether one of these options was given. */
export function hasOption(call: Call, names: string): boolean {
  return call.options.some((name) => lists(names, name));
}

/** What the value of an option may be: undefined when there is none. @param given the value in the option's own word */
function kindOf(name: string, given: string | undefined, { values, glued }: Usage): Kind | undefined {
  return entryOf(values, name) ?? (given === undefined ? undefined : entryOf(glued, name));
}

/** Whether an option may be given without a value. */
function isFlag(name: string, { flags = "", glued }: Usage): boolean {
  if (entryOf(glued, name) !== undefined) return true;
  if (name.startsWith("--")) return lists(flags, name);
  return flags.split(/\s+/).some((flag) => /^-[^-]/.test(flag) && flag.slice(1).includes(name.slice(1)));
}

/** The options in a word: one, or letters that follow each other. The last may have a value, in the word or in the next. */
function optionsIn(word: string, usage: Usage, program: string) {
  if (usage.digits && /^-\d+$/.test(word)) return { names: [word] };
  if (word.startsWith("--")) {
    const [, name = word, given] = /^(--[^=]*)=(.*)$/s.exec(word) ?? [];
    const kind = kindOf(name, given, usage);
    if (kind === undefined && (given !== undefined || !isFlag(name, usage))) throw notKnown(program, word);
    return { names: [name], kind, given };
  }
  const names: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = `-${word[at]}`;
    const given = word.slice(at + 1) || undefined;
    const kind = kindOf(name, given, usage);
    names.push(name);
    if (kind !== undefined && given !== undefined && usage.valuesApart) throw notKnown(program, word);
    if (kind !== undefined) return { names, kind, given };
    if (!isFlag(name, usage)) throw notKnown(program, word.length > 2 ? `${name} (in ${word})` : name);
  }
  return { names };
}

const NUMBER = /^[+-]?\d+[A-Za-z]{0,3}$/;

function takeOption(word: string, queue: string[], usage: Usage, call: Draft): void {
  const { names, kind, given } = optionsIn(word, usage, call.name);
  call.options.push(...names);
  call.optionWords.push(word);
  if (kind === undefined) return;
  const what = `${call.name} ${names.at(-1)}`;
  const value = given ?? queue.shift();
  if (value === undefined) throw new Unproved(`${what} lacks its value`);
  take(value, kind, what, call, true);
  if (given !== undefined) return;
  call.optionWords.push(value);
  // Should a program's other edition take no value here, this word would be an option or an operand to it.
  if (/^-[^\d]/.test(value)) throw notKnown(what, value);
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
