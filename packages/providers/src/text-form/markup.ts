/**
 * The markup of calls that models are trained to write, and the readers of what is in it. Servers should read it
 * themselves, and some leave it in the text:
 *
 *   <tool_call>{"name": …, "arguments": {…}}</tool_call>                                Hermes, Qwen, and many more
 *   <tool_call><function=NAME><parameter=path>a</parameter></function></tool_call>      Qwen3-Coder
 *   <tool_call>NAME<arg_key>path</arg_key><arg_value>a</arg_value></tool_call>          GLM
 *   <minimax:tool_call><invoke name="NAME"><parameter name="path">a</parameter>…        MiniMax, DeepSeek 3.2
 *   <|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{…}<|tool_call_end|> Kimi, DeepSeek
 *   [TOOL_CALLS]NAME[ARGS]{…}   [TOOL_CALLS][{"name": …, "arguments": {…}}]             Mistral
 *   <|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>     gpt-oss
 *   <tool>{"name": …, "args": {…}}</tool>                                               mini-coding-agent
 */
import type { JsonSchema } from "@eightfold/core";
import { argumentsText, parseArguments } from "../call-arguments.ts";
import { isRecord, listOf, parseJson } from "../wire-values.ts";

/** The tools on offer, with the schema of their arguments. */
export type Offer = ReadonlyMap<string, JsonSchema>;

export interface WrittenCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** `isTalk`: it is followed by text, so maybe it was only explained. */
export type ReadCall = WrittenCall | { readonly problem: string; readonly isTalk?: true };

export const MORE_TEXT = { problem: "There is more text after it.", isTalk: true } as const;

/** How a call in markup begins. What is shown, held back, told or looked for in a thought goes by this list. */
export const MARK = String.raw`<(?:\w+:)?(?:tool|function)(?:_calls?|_use)?>|<tool |<TOOLCALL>|<function=|<(?:\w+:)?(?:invoke|function) name=|<[|｜](?:tool|python_tag|start\|>\w*(?:<\|channel| to=)|channel\|>\w* to=)|\[TOOL_CALLS\]`;

/** What stands around calls and between their parts. */
const TOKENS =
  /(?:\s|<\/?(?:\w+:)?(?:tool|function)(?:_calls?|_use)?>|<\/?TOOLCALL>|<\/?[|｜][^|｜<>\n]*[|｜]>|\[\/?(?:TOOL_CALLS|ARGS)\]|\[CALL_ID\]\w+|<\/s>)*/y;

export interface Block {
  readonly calls: readonly ReadCall[];
  readonly length: number;
}

/** The calls in a model's own markup; undefined where a mark is only talked about. */
export function markupAt(text: string, offer: Offer): Block | undefined {
  const calls: ReadCall[] = [];
  const skipTokens = (from: number) => {
    TOKENS.lastIndex = from;
    TOKENS.exec(text);
    return TOKENS.lastIndex;
  };
  const [{ length } = ""] = /^<\|(start|channel)\|>.*? to=/.exec(text) ?? [];
  let at = skipTokens(length);
  while (at < text.length) {
    const found = callsAt(text.slice(at), offer);
    if (!found) break;
    calls.push(...found.calls);
    at = skipTokens(at + found.length);
  }
  if (calls.length > 0) return { calls, length: at };
  const problem =
    at === text.length ? "It is empty." : PYTHON.test(text) ? "It must be one JSON object." : "";
  return problem === "" ? undefined : { calls: [{ problem }], length: text.length };
}

/** A call as Python has it: `<tool_call>read_file(path="a.txt")</tool_call>`. It is not read. */
const PYTHON = /^<[^<>]+>\s*[\w.]+\(.*\)\s*(?:<[^<>]+>)*$/s;

const FUNCTION =
  /^<(?:function=|(?:\w+:)?(?:invoke|function) name=)["']?([A-Za-z_][\w.:-]*)["']?>(.*?)(?:<\/(?:function|(?:\w+:)?invoke)>(?=\s*(?:$|<\/?[\w:]*(?:tool_call|tool_use|function|invoke)))|$)/s;
const NAMED =
  /^(?:function<｜tool▁sep｜>)?(?:functions?\.)?([\w.-]+)(?::\d+)?(?:\s|<[|｜][^|｜<>\n]*[|｜]>|(?:json|code)(?=<)|(?<=<\|channel\|>)\w+|```(?:json)?|\[ARGS\]|\[CALL_ID\]\w+)*(?=\{|<arg_key>|<\/tool_call>|$)/;

/** What a model's own markup holds at the start of a text. */
function callsAt(text: string, offer: Offer): Block | undefined {
  if (/^[{[]/.test(text)) {
    const json = jsonAt(text);
    if (json) return { calls: listOf(json.value).map(readFields), length: json.length };
    const body = text.replace(/(?:\s*<[^<>]*>)+$/, "");
    const isTalk = body === text && /<\/\w|\|>/.test(text);
    return { calls: [isTalk ? MORE_TEXT : readJson(body)], length: text.length };
  }
  const [tag, name = "", body = ""] = FUNCTION.exec(text) ?? [];
  if (tag !== undefined) {
    const call = body.trim().startsWith("{")
      ? readJson(body, name)
      : readArguments(name, body, PARAMETER, offer);
    return { calls: [call], length: tag.length };
  }
  const [head = "", called = ""] = NAMED.exec(text) ?? [];
  const rest = text.slice(head.length);
  if (called === "" || !(/^(?:\{|<arg)/.test(rest) || offer.has(called))) return undefined;
  const json = rest.startsWith("{") ? jsonAt(rest) : undefined;
  if (json) {
    const fence = /^\s*```/.exec(rest.slice(json.length))?.[0].length ?? 0;
    return {
      calls: [readJson(JSON.stringify(json.value), called)],
      length: head.length + json.length + fence,
    };
  }
  if (rest.startsWith("{")) return { calls: [readJson(rest, called)], length: text.length };
  const [pairs = ""] = /^.*?(?=<\/tool_call>\s*(?:$|<tool_call>)|$)/s.exec(rest) ?? [];
  return { calls: [readArguments(called, pairs, PAIR, offer)], length: head.length + pairs.length };
}

/** The JSON at the start of a text, which another token or nothing follows. */
function jsonAt(text: string): { value: unknown; length: number } | undefined {
  for (const { index } of text.matchAll(/[}\]](?=\s*(?:$|[<[{`,]))/g)) {
    const value = parseJson(text.slice(0, index + 1));
    if (value !== undefined) return { value, length: index + 1 };
  }
  return undefined;
}

/** The fields that models give a call beside its name and arguments. Others' words for them: Llama's, ours of old, Anthropic's. */
const FIELDS = new Set(["name", "arguments", "parameters", "args", "input", "type", "id", "function"]);

/** Reads `{"name": …, "arguments": {…}}`; or the arguments alone, of a call whose name is known. */
export function readJson(text: string, name?: string): ReadCall {
  const { input, invalid } = parseArguments(text);
  if (invalid !== undefined) return { problem: invalid.replace("The arguments", "It") };
  return name === undefined ? readFields(input) : { name, input };
}

function readFields(value: unknown): ReadCall {
  if (!isRecord(value)) return { problem: "It must be one JSON object." };
  if (isRecord(value.function)) return readFields(value.function);
  const { name, arguments: given, parameters, args } = value;
  if (typeof name !== "string") return { problem: 'It has no "name".' };
  const others = Object.keys(value).filter((field) => !FIELDS.has(field));
  if (others.length > 0) return { problem: `It has fields that no call has: ${others.join(", ")}.` };
  const { input, invalid } = parseArguments(argumentsText(given ?? parameters ?? args ?? value.input ?? {}));
  return invalid === undefined ? { name, input } : { problem: invalid };
}

/** Reads `<parameter=path>a.txt</parameter>` or `<parameter name="path">`, one after the other. */
const PARAMETER =
  /\s*<(?:\w+:)?parameter(?:=|\s+name=)["']?([^"'>\n]+)[^>\n]*>(.*?)<\/(?:\w+:)?parameter>(?=\s*(?:<(?:\w+:)?parameter[=\s]|$))/sy;

const PAIR = /\s*<arg_key>(.*?)<\/arg_key>\s*<arg_value>(.*?)<\/arg_value>(?=\s*(?:<arg_key>|$))/sy;

export function readArguments(name: string, text: string, argument: RegExp, offer: Offer): ReadCall {
  const properties = propertiesOf(offer.get(name));
  const written = text.trimEnd();
  const entries: [string, unknown][] = [];
  argument.lastIndex = 0;
  while (argument.lastIndex < written.length) {
    const at = argument.lastIndex;
    const [, key = "", value = ""] = argument.exec(written) ?? [];
    // llama.cpp's Qwen closes some twice: the second would be a part of the value.
    const isClosedTwice = /<\/parameter>\s*$/.test(value) && !/<parameter/.test(value);
    if (key === "" || isClosedTwice)
      return { problem: `No argument can be read at: ${written.slice(at, at + 60).trim()}` };
    entries.push([key.trim(), typedValue(value, properties[key.trim()])]);
  }
  return { name, input: Object.fromEntries(entries) };
}

/**
 * The text without white space, and whatever fits the pattern, at its end. The lookbehind reads from the end: a pattern that merely
 * ends in `$` is tried from each place before it, which takes minutes where a model has repeated itself for 200 kB.
 */
export function withoutEnd(text: string, pattern: string): string {
  const [, end = ""] = new RegExp(`$(?<=((?:${pattern}|\\s)*))`).exec(text) ?? [];
  return text.slice(0, text.length - end.length);
}

/** A text as it is, without the line breaks next to its tags; any other type as JSON. */
function typedValue(written: string, property: JsonSchema | undefined): unknown {
  const text = written.replace(/^\r?\n/, "").replace(/\r?\n[ \t]*$/, "");
  const value = (property?.type ?? "string") === "string" ? undefined : parseJson(text);
  return value === undefined ? text : value;
}

export function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? required.map(String) : [];
}

export function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema ?? {};
  return isRecord(properties) ? (properties as Record<string, JsonSchema>) : {};
}
