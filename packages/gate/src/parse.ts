/** The small part of the shell's language whose meaning needs no shell: plain words, four operators, no output file. */
import { parse, type Statement } from "unbash";

export interface Word {
  /** The word as the program gets it, except for the file names that a pattern stands for. */
  readonly text: string;
  /** In a word with `*`, `?` or `[`: the same, with a backslash before what means itself. */
  readonly pattern?: string;
}

/** A program with its words, and where its output goes. */
export interface Command {
  readonly words: readonly Word[];
  /** "2>&1", ">/dev/null", in order. */
  readonly redirects: readonly string[];
}

/** Commands joined by `|`. */
export interface Pipeline {
  /** The operator that joins it to the pipeline before, "&&" or "||"; "" for the first of a chain. */
  readonly joinedBy: string;
  readonly commands: readonly Command[];
}

/** Thrown at what is not known to only read; the message says what that is. */
export class Unproved extends Error {}

/**
 * A command as chains of pipelines: what stands between its semicolons.
 * @throws Unproved unless it is nothing but plain words and operators, and two parsers read it in the same way
 */
export function chainsOf(command: string): Pipeline[][] {
  refuseCharacters(command);
  const tokens = tokensOf(command);
  if (tokens.length === 0) throw new Unproved("there is no command in it");
  if (tokens.at(-1)?.text === ";") tokens.pop();
  const own = tokens.map(({ type, text, pos, end }) => (type === "operator" ? text : [text, pos, end]));
  if (JSON.stringify(own) !== JSON.stringify(tokensByUnbash(command)))
    throw new Unproved("the shell may read it in another way");
  return splitAt([";"], tokens).map(({ part }) =>
    splitAt(["&&", "||"], part).map(({ joinedBy, part }) => ({
      joinedBy,
      commands: splitAt(["|"], part).map(({ part }) => commandOf(part)),
    })),
  );
}

/** The tokens between some operators, and the operator before each part. */
function splitAt(operators: readonly string[], tokens: readonly Token[]) {
  const parts: { joinedBy: string; part: Token[] }[] = [{ joinedBy: "", part: [] }];
  for (const token of tokens) {
    if (token.type === "operator" && operators.includes(token.text))
      parts.push({ joinedBy: token.text, part: [] });
    else parts.at(-1)?.part.push(token);
  }
  return parts;
}

function commandOf(tokens: readonly Token[]): Command {
  if (tokens.length === 0) throw new Unproved("it is not a complete command");
  const redirects = tokens.filter(({ type }) => type === "redirect").map(({ text }) => text);
  return { words: tokens.filter(({ type }) => type === "word"), redirects };
}

/** In characters. Unbash takes seconds for more, where much is nested. */
export const MAX_LENGTH = 8192;

/** What a reader does not see, or takes for a space, and a shell may see in another way. */
function refuseCharacters(command: string): void {
  if (command.length > MAX_LENGTH) throw new Unproved("it is too long to be checked");
  if (/[\r\n]/.test(command)) throw new Unproved("it has more than one line");
  const odd = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.exec(command)?.[0];
  if (odd === undefined) return;
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw new Unproved(`it holds a character that cannot be seen (U+${code})`);
}

interface Token extends Word {
  readonly type: "word" | "operator" | "redirect";
  readonly pos: number;
  readonly end: number;
}

const OPERATOR = /&&|\|\||[|;](?![|;&])/y;
const REDIRECT = /(?:[12]?>&[12]|(?:[12]|&)?> *\/dev\/null)(?=[ |;]|$)/y;
/** In a pattern, what stands for more than itself. */
const ACTIVE = /^(?:[^\\]|\\.)*?(?:[*?]|\[.*\])/su;
const PLAIN = /[\p{L}\p{N}\p{M}_./:,+@%=^-]/u;
/** What names a moment or a kind in git: HEAD@{1}, HEAD^{tree}. The shell leaves braces without a comma alone. */
const REVISION = /(?<=[@^])\{[A-Za-z0-9-]*\}/y;
const QUOTED = /'([^']*)'/y;
const DOUBLE_QUOTED = /"((?:[^"\\$`]|\\[\s\S])*)"/y;

function matchAt(what: RegExp, command: string, pos: number): readonly string[] {
  what.lastIndex = pos;
  return what.exec(command) ?? [];
}

/** Every character of the command in a token or a space between two. @throws Unproved */
function tokensOf(command: string): Token[] {
  const tokens: Token[] = [];
  for (let pos = 0; pos < command.length; pos = tokens.at(-1)?.end ?? 0) {
    while (command[pos] === " ") pos++;
    if (pos === command.length) break;
    const [redirect] = matchAt(REDIRECT, command, pos);
    const [operator] = matchAt(OPERATOR, command, pos);
    const text = redirect ?? operator;
    if (text === undefined) tokens.push(wordAt(command, pos));
    else tokens.push({ type: redirect ? "redirect" : "operator", text, pos, end: pos + text.length });
  }
  return tokens;
}

function wordAt(command: string, pos: number): Token {
  let text = "";
  let pattern = "";
  let end = pos;
  while (end < command.length && !/[ |;&<>]/.test(command[end] ?? "")) {
    const [written, meant] = partAt(command, end, pos);
    text += meant;
    pattern += /^[*?[\]]$/.test(written) ? meant : meant.replace(/[\\*?[\]]/g, "\\$&");
    end += written.length;
  }
  if (end === pos) throw new Unproved(complaint(command.slice(pos)));
  return { type: "word", text, pos, end, ...(ACTIVE.test(pattern) && { pattern }) };
}

/** The next part of a word that began at `start`: a character, or what is in braces or quotes. */
function partAt(command: string, at: number, start: number): readonly [written: string, meant: string] {
  const source = command.slice(at);
  const [character = ""] = source;
  const [braces] = matchAt(REVISION, command, at);
  if (braces !== undefined) return [braces, braces];
  if (character === "'" || character === '"') {
    const isDouble = character === '"';
    const [whole, inner = ""] = matchAt(isDouble ? DOUBLE_QUOTED : QUOTED, command, at);
    if (whole !== undefined) return [whole, isDouble ? inner.replace(/\\(["\\$`])/g, "$1") : inner];
    throw new Unproved(isDouble && /[$`]/.test(source) ? expansion(source) : "a quote is not closed");
  }
  if (character === "\\") {
    const escaped = source[1] ?? "";
    // What follows may be a pair of surrogates: only ASCII is taken.
    if (/^[!-~ ]$/.test(escaped)) return [character + escaped, escaped];
    throw new Unproved("a backslash is at the end or before an unusual character");
  }
  if (/[*?[\]]/.test(character) || isPlain(character, command, at, start)) return [character, character];
  throw new Unproved(complaint(source));
}

/** `#` and `!` mean something at the start of a word, `~` there and after what may be an assignment. */
function isPlain(character: string, command: string, at: number, start: number): boolean {
  if (character === "#") return at > start;
  if (character === "!") return at > start || /^(?: |$)/.test(command.slice(at + 1, at + 2));
  if (character === "~") return at > start && /[A-Za-z0-9^~@_-]/.test(command[at - 1] ?? "");
  return PLAIN.test(character);
}

function expansion(source: string): string {
  const [form = ""] = /\$(?:\w+|\(\(?|[{']?)|`/.exec(source) ?? [];
  return `${/\w/.test(form) ? form : `${form}…`} stands for something that only the shell knows`;
}

function complaint(source: string): string {
  const [character = ""] = source;
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

/** An operator, or a word or a redirection with its place. The place of an operator follows from those beside it. */
type Placed = string | readonly [text: string, pos: number, end: number];

/** The same tokens as another parser finds them. */
function tokensByUnbash(command: string): Placed[] {
  const { commands, errors } = parse(command);
  if (errors !== undefined && errors.length > 0) throw new Unproved("it is not a complete command");
  return commands.flatMap(({ command: node, background }, index) => {
    if (background) throw new Unproved("& leaves a command running in the background");
    return [...(index > 0 ? [";"] : []), ...nodeTokens(node, command)];
  });
}

type Node = Statement["command"];

function nodeTokens(node: Node, command: string): Placed[] {
  if (node.type === "AndOr" || (node.type === "Pipeline" && node.prefixes.length === 0)) {
    const { commands, operators } = node;
    return commands.flatMap((part, index) => [
      ...operators.slice(index - 1, index),
      ...nodeTokens(part, command),
    ]);
  }
  if (node.type === "Pipeline") throw new Unproved("time and ! before a command are not known to only read");
  if (node.type !== "Command") throw new Unproved(`${node.type.toLowerCase()} is more than a plain command`);
  return [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]
    .sort((a, b) => a.pos - b.pos)
    .map((part) => partToken(part, command));
}

type Part = Extract<Node, { type: "Command" }>["prefix" | "suffix"][number];

const LITERAL = ["Literal", "SingleQuoted", "Glob"];

function partToken(part: Part, command: string): Placed {
  if (part.type === "Redirect") return [command.slice(part.pos, part.end), part.pos, part.end];
  if (part.type === "Assignment") throw new Unproved(`${part.name}= sets a variable`);
  if (part.type !== "Word") throw new Unproved("input from a text is not known to only read");
  for (const piece of part.parts ?? []) {
    const isQuoted = piece.type === "DoubleQuoted" && piece.parts.every(({ type }) => type === "Literal");
    if (!isQuoted && !LITERAL.includes(piece.type)) throw new Unproved(`${piece.text} is not a plain word`);
  }
  return [part.value, part.pos, part.end];
}
