/** The small part of the shell's language whose meaning needs no shell: plain words, four operators, no output file. */

export type Operator = "|" | "&&" | "||" | ";";

export interface Word {
  readonly type: "word";
  /** The word as the program gets it, but for the file names that a pattern stands for. */
  readonly text: string;
  /** In a word with `*`, `?` or `[`: the same, with a backslash before what means itself. */
  readonly pattern?: string;
}

export type Token = Placed<Word | { readonly type: "operator" | "redirect"; readonly text: string }>;

type Placed<Kind> = Kind & { readonly pos: number; readonly end: number };

/** Thrown at what is not known to only read; the message says what that is. */
export class Unproved extends Error {}

const OPERATOR = /&&|\|\||[|;](?![|;&])/y;
const REDIRECT = /(?:[12]?>&[12]|(?:[12]|&)?> *\/dev\/null)(?=[ |;]|$)/y;
/** In a pattern, what stands for more than itself. */
const ACTIVE = /^(?:[^\\]|\\.)*?(?:[*?]|\[.*\])/su;
const PLAIN = /[\p{L}\p{N}\p{M}_./:,+@%=^-]/u;
/** What names a moment or a kind in git: HEAD@{1}, HEAD^{tree}. The shell leaves braces without a comma alone. */
const REVISION = /(?<=[@^])\{[A-Za-z0-9-]*\}/y;

/** Every character of the command in a token or a space between two. @throws Unproved */
export function tokensOf(command: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < command.length; ) {
    if (command[at] === " ") {
      at += 1;
      continue;
    }
    const token = match(REDIRECT, command, at, "redirect") ?? match(OPERATOR, command, at, "operator");
    const next = token ?? wordAt(command, at);
    tokens.push(next);
    at = next.end;
  }
  return tokens;
}

function match(what: RegExp, command: string, pos: number, type: "redirect" | "operator"): Token | undefined {
  what.lastIndex = pos;
  const text = what.exec(command)?.[0];
  return text === undefined ? undefined : { type, text, pos, end: pos + text.length };
}

interface WordDraft {
  readonly command: string;
  at: number;
  text: string;
  pattern: string;
  isPattern: boolean;
}

function wordAt(command: string, pos: number): Placed<Word> {
  const word: WordDraft = { command, at: pos, text: "", pattern: "", isPattern: false };
  while (word.at < command.length && !/[ |;&<>]/.test(command[word.at] ?? "")) readPart(word, pos);
  const { text, pattern, at: end } = word;
  if (end === pos) throw new Unproved(complaint(command[pos] ?? "", command.slice(pos)));
  return { type: "word", text, pos, end, ...(word.isPattern && ACTIVE.test(pattern) && { pattern }) };
}

function readPart(word: WordDraft, start: number): void {
  const { command, at } = word;
  const character = String.fromCodePoint(command.codePointAt(at) ?? 0);
  REVISION.lastIndex = at;
  const braces = REVISION.exec(command)?.[0];
  if (braces !== undefined) take(word, braces, braces.length);
  else if (character === "'") readQuoted(word);
  else if (character === '"') readDoubleQuoted(word);
  else if (character === "\\") readEscaped(word);
  else if (/[*?[\]]/.test(character)) takePattern(word, character);
  else if (isPlain(character, word, start)) take(word, character, character.length);
  else throw new Unproved(complaint(character, command.slice(at)));
}

/** `#` and `!` mean something at the start of a word, `~` there and after what may be an assignment. */
function isPlain(character: string, { command, at }: WordDraft, start: number): boolean {
  if (character === "#") return at > start;
  if (character === "!") return at > start || /^(?: |$)/.test(command.slice(at + 1, at + 2));
  if (character === "~") return at > start && /[A-Za-z0-9^~@_-]/.test(command[at - 1] ?? "");
  return PLAIN.test(character);
}

function take(word: WordDraft, text: string, length: number): void {
  word.text += text;
  word.pattern += text.replace(/[\\*?[\]]/g, "\\$&");
  word.at += length;
}

function takePattern(word: WordDraft, character: string): void {
  word.text += character;
  word.pattern += character;
  word.isPattern = true;
  word.at += 1;
}

function readQuoted(word: WordDraft): void {
  const close = word.command.indexOf("'", word.at + 1);
  if (close < 0) throw new Unproved("a quote is not closed");
  take(word, word.command.slice(word.at + 1, close), close + 1 - word.at);
}

function readDoubleQuoted(word: WordDraft): void {
  const quoted = /"((?:[^"\\$`]|\\[\s\S])*)"/y;
  quoted.lastIndex = word.at;
  const [whole, inner] = quoted.exec(word.command) ?? [];
  if (whole === undefined || inner === undefined) {
    const rest = word.command.slice(word.at + 1);
    throw new Unproved(/[$`]/.test(rest) ? expansion(rest) : "a quote is not closed");
  }
  take(word, inner.replace(/\\(["\\$`])/g, "$1"), whole.length);
}

function readEscaped(word: WordDraft): void {
  const escaped = word.command[word.at + 1] ?? "";
  // What follows may be a pair of surrogates: only ASCII is taken.
  if (!/^[!-~ ]$/.test(escaped))
    throw new Unproved("a backslash is at the end or before an unusual character");
  take(word, escaped, 2);
}

function expansion(source: string): string {
  const at = source.slice(Math.max(0, source.search(/[$`]/)));
  const [name] = /^\$\w+/.exec(at) ?? [];
  const form = ["$((", "$(", "${", "$'", "$", "`"].find((start) => at.startsWith(start)) ?? "an expansion";
  return `${name ?? `${form}…`} stands for something that only the shell knows`;
}

function complaint(character: string, source: string): string {
  if (/[$`]/.test(character)) return expansion(source);
  if (character === "~") return "~ leaves the workspace";
  if (character === "<") return "input from a file or a text is not known to only read";
  if (character === "#") return "it holds a comment";
  if (character === "!") return "! is not known to only read";
  if (/[(){}]/.test(character)) return `${character} begins or ends something that only the shell knows`;
  if (character === "&" && !source.startsWith("&>")) return "& leaves a command running in the background";
  const [, target] = /^&?>+[&|]?\s*("[^"]*"|'[^']*'|[^\s;|&]*)/.exec(source) ?? [];
  if (target !== undefined)
    return target ? `the redirection to ${target} writes a file` : "a redirection writes a file";
  return `${JSON.stringify(character)} is not known to be harmless`;
}
