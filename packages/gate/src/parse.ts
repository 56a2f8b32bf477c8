import { parse, type Statement } from "unbash";
import { type Operator, type Token, tokensOf, Unproved, type Word } from "./tokens.ts";

/** A program with its words, and where its output goes. */
export interface Command {
  readonly words: readonly Word[];
  /** "2>&1", ">/dev/null", in order. */
  readonly redirects: readonly string[];
}

/** Commands joined by `|`; `joinedBy` is what joins it to the pipeline before, ";" for the first. */
export interface Pipeline {
  readonly joinedBy: Exclude<Operator, "|">;
  readonly commands: readonly Command[];
}

/** @throws Unproved unless the command is nothing but plain words and operators, as two readers see it */
export function pipelinesOf(command: string): Pipeline[] {
  refuseCharacters(command);
  const tokens = tokensOf(command);
  if (tokens.length === 0) throw new Unproved("there is no command in it");
  if (tokens.at(-1)?.text === ";") tokens.pop();
  if (JSON.stringify(tokens.map(placedText)) !== JSON.stringify(tokensByUnbash(command)))
    throw new Unproved("the shell may read it in another way");
  return grouped(tokens);
}

const MAX_LENGTH = 8192;

/** What a reader does not see, or takes for a space, and a shell may see in another way. */
function refuseCharacters(command: string): void {
  if (command.length > MAX_LENGTH) throw new Unproved("it is too long to be checked");
  if (/[\r\n]/.test(command)) throw new Unproved("it has more than one line");
  const odd = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.exec(command)?.[0];
  if (odd === undefined) return;
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw new Unproved(`it holds a character that cannot be seen (U+${code})`);
}

type PlacedText = readonly [text: string, pos: number, end: number];

const placedText = ({ text, pos, end }: Token): PlacedText => [text, pos, end];

/** The same tokens as another parser finds them; one of each operator's places is enough to tell a difference. */
function tokensByUnbash(command: string): PlacedText[] {
  const { commands, errors } = parse(command);
  if (errors !== undefined && errors.length > 0) throw new Unproved("it is not a complete command");
  const statements = commands.map(({ command: node, background }) => {
    if (background) throw new Unproved("& leaves a command running in the background");
    return nodeTokens(node, command);
  });
  return joined(statements, () => ";", command);
}

type Node = Statement["command"];

function nodeTokens(node: Node, command: string): PlacedText[] {
  if (node.type === "AndOr" || (node.type === "Pipeline" && node.prefixes.length === 0)) {
    const parts = node.commands.map((part) => nodeTokens(part, command));
    return joined(parts, (index) => node.operators[index] ?? "", command);
  }
  if (node.type === "Pipeline") throw new Unproved("time and ! before a command are not known to only read");
  if (node.type !== "Command") throw new Unproved(`${node.type.toLowerCase()} is more than a plain command`);
  const words = node.name === undefined ? [] : [node.name];
  return [...node.prefix, ...words, ...node.suffix]
    .sort((a, b) => a.pos - b.pos)
    .map((part) => partToken(part, command));
}

type Part =
  | Extract<Node, { type: "Command" }>["prefix"][number]
  | Extract<Node, { type: "Command" }>["suffix"][number];

const LITERAL = ["Literal", "SingleQuoted", "Glob"];

function partToken(part: Part, command: string): PlacedText {
  if (part.type === "Redirect") return [command.slice(part.pos, part.end), part.pos, part.end];
  if (part.type === "Assignment") throw new Unproved(`${part.name}= sets a variable`);
  if (part.type !== "Word") throw new Unproved("input from a text is not known to only read");
  for (const piece of part.parts ?? []) {
    const isQuoted = piece.type === "DoubleQuoted" && piece.parts.every(({ type }) => type === "Literal");
    if (!isQuoted && !LITERAL.includes(piece.type)) throw new Unproved(`${piece.text} is not a plain word`);
  }
  return [part.value, part.pos, part.end];
}

/** The operators are not in the tree: each is looked for between its neighbours, where nothing else may be. */
function joined(parts: PlacedText[][], operator: (index: number) => string, command: string): PlacedText[] {
  return parts.flatMap((part, index) => {
    const [, , from] = parts[index - 1]?.at(-1) ?? [];
    const [, to] = part[0] ?? [];
    if (from === undefined || to === undefined) return part;
    const between = command.slice(from, to);
    const text = operator(index - 1);
    if (between.trim() !== text) throw new Unproved("the shell may read it in another way");
    const pos = from + between.indexOf(text);
    return [[text, pos, pos + text.length], ...part];
  });
}

function grouped(tokens: readonly Token[]): Pipeline[] {
  type Draft = { words: Word[]; redirects: string[] };
  const pipelines: { joinedBy: Pipeline["joinedBy"]; commands: Draft[] }[] = [];
  let joinedBy: Operator = ";";
  let command: Draft | undefined;
  for (const token of tokens) {
    if (token.type === "operator") {
      if (command === undefined) throw new Unproved("it is not a complete command");
      joinedBy = token.text as Operator;
      command = undefined;
      continue;
    }
    if (command === undefined) {
      command = { words: [], redirects: [] };
      if (joinedBy === "|") pipelines.at(-1)?.commands.push(command);
      else pipelines.push({ joinedBy, commands: [command] });
    }
    if (token.type === "word") command.words.push(token);
    else command.redirects.push(token.text);
  }
  if (command === undefined) throw new Unproved("it is not a complete command");
  return pipelines;
}
