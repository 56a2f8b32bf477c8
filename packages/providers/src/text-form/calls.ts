/**
 * The forms in which a model may write a tool call as text. A call counts only as the end of a reply: nothing but
 * white space may follow it, so that an example in the middle of an explanation never runs.
 *
 * Marked forms, which say by themselves that a call is meant. Several may follow each other.
 *
 *   ```tool                       <tool name="write_file">         <tool_call>            <tool_call>
 *   {"name": …,                   <path>a.txt</path>               {"name": …,            <function=read_file>
 *    "arguments": {…}}            <content>                         "arguments": {…}}     <parameter=path>a</parameter>
 *   ```                           many lines, as they are          </tool_call>           </function>
 *                                 </content>                                              </tool_call>
 *                                 </tool>
 *   ours, for most calls          ours, for values of many lines   Hermes, Qwen           Qwen3-Coder
 *
 * Bare forms, which are JSON like any other: a ```json fence (or one without a language) at the end, the only fence of
 * the reply; or a whole reply that is one object. It has no fields but those of a call, is for a tool on offer, and
 * has arguments that this tool declares.
 */
import type { JsonSchema } from "@eightfold/core";
import { argumentsText, isRecord, parseArguments, parseJson } from "../wire-values.ts";

/** The tools on offer, with the schema of their arguments. */
export type Offer = ReadonlyMap<string, JsonSchema>;

export interface WrittenCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a reply's text turns out to be. `before` is what it says ahead of its calls. */
export type Reading =
  | { readonly type: "text" }
  | { readonly type: "calls"; readonly before: string; readonly calls: readonly WrittenCall[] }
  /** A call was meant, by its mark, and cannot be read. */
  | { readonly type: "malformed"; readonly before: string; readonly problem: string };

/** Where a block may begin. A tag quoted in backticks is talked about, and not used. */
const START = /(?<=^[ \t]*)```|(?<!`)<tool(?=[ _])|(?<=(?<![\s\S])\s*)\{/gm;

/** The first block decides: one that is broken is not searched for another, which would be a part of its content. */
export function readCalls(text: string, offer: Offer): Reading {
  for (const { index } of text.matchAll(START)) {
    const before = text.slice(0, index).trimEnd();
    const found = readBlocks(text.slice(index).trimEnd(), !before.includes("```"), offer);
    if (Array.isArray(found)) return { type: "calls", before, calls: found };
    if (found !== undefined) return { type: "malformed", before, ...found };
  }
  return { type: "text" };
}

/** Reads blocks from the start of a text to its end; undefined when it is no call at all. */
function readBlocks(
  text: string,
  mayBeBare: boolean,
  offer: Offer,
): WrittenCall[] | { problem: string } | undefined {
  const calls: WrittenCall[] = [];
  for (let rest = text; rest !== ""; ) {
    const block = blockAt(rest, offer);
    const isAlone = mayBeBare && calls.length === 0 && block?.length === rest.length;
    if (!block?.call || !(block.isMarked || isAlone)) {
      return calls.length > 0 || block?.isMarked ? { problem: "There is more text after it." } : undefined;
    }
    if ("problem" in block.call) return block.call;
    calls.push(block.call);
    rest = rest.slice(block.length).trimStart();
  }
  return calls;
}

const TOOL_FENCE = /^```tool[ \t]*\n(.*?)(?:\n[ \t]*```[ \t]*(?=\n|$)|$)/s;
const PLAIN_FENCE = /^```(?:json)?[ \t]*\n(.*?)\n[ \t]*```$/s;
const TAGGED = /^<tool name="([^"\n]*)">(.*?)(?:<\/tool>(?=\s*(?:$|<tool[ _]|```tool))|$)/s;
const TOOL_CALL = /^<tool_call>\s*(.*?)\s*(?:<\/tool_call>|$)/s;
const FUNCTION = /^<function=([^>\n]*)>(.*?)(?:<\/function>\s*)?$/s;

/** The block at the start of a text. A bare form without a call is none after all. */
function blockAt(text: string, offer: Offer) {
  const marked = ([all]: RegExpExecArray, call: ReadCall) => ({ call, length: all.length, isMarked: true });
  const fence = TOOL_FENCE.exec(text);
  if (fence) return marked(fence, readJson(fence[1] ?? ""));
  const tagged = TAGGED.exec(text);
  if (tagged) return marked(tagged, readTags(tagged[1] ?? "", tagged[2] ?? "", offer));
  const toolCall = TOOL_CALL.exec(text);
  if (toolCall) {
    const [, name = "", parameters = ""] = FUNCTION.exec(toolCall[1] ?? "") ?? [];
    return marked(toolCall, name ? readParameters(name, parameters, offer) : readJson(toolCall[1] ?? ""));
  }
  const bare = PLAIN_FENCE.exec(text)?.[1] ?? (text.startsWith("{") ? text : undefined);
  if (bare === undefined) return undefined;
  const call = readJson(bare);
  return { call: fitsTool(call, offer) ? call : undefined, length: text.length, isMarked: false };
}

type ReadCall = WrittenCall | { readonly problem: string };

/** The fields that models give a call beside its name and arguments. `parameters` is Llama's word for arguments. */
const FIELDS = new Set(["name", "arguments", "parameters", "type", "id"]);

/** Reads `{"name": …, "arguments": {…}}`. */
function readJson(text: string): ReadCall {
  const { input: fields, invalid } = parseArguments(text);
  if (invalid !== undefined) return { problem: invalid.replace("The arguments", "It") };
  const { name, arguments: given, parameters } = fields;
  if (typeof name !== "string") return { problem: 'It has no "name".' };
  const others = Object.keys(fields).filter((field) => !FIELDS.has(field));
  if (others.length > 0) return { problem: `It has fields that no call has: ${others.join(", ")}.` };
  const { input, invalid: problem } = parseArguments(argumentsText(given ?? parameters ?? {}));
  return problem === undefined ? { name, input } : { problem };
}

/** Reads one tag for each argument: `<path>a.txt</path>`. A value ends where another argument or nothing follows. */
function readTags(name: string, text: string, offer: Offer): ReadCall {
  const known = Object.keys(propertiesOf(offer.get(name))).filter((key) => /^[\w-]+$/.test(key));
  const names = known.length > 0 ? known.join("|") : "[\\w-]+";
  const tag = new RegExp(`\\s*<(${names})>(.*?)</\\1>(?=\\s*(?:<(?:${names})>|$))`, "sy");
  return readArguments(name, text, tag, offer);
}

/** Reads `<parameter=path>a.txt</parameter>`, one after the other. */
function readParameters(name: string, text: string, offer: Offer): ReadCall {
  const parameter = /\s*<parameter=([^>\n]+)>(.*?)<\/parameter>(?=\s*(?:<parameter=|$))/sy;
  return readArguments(name, text, parameter, offer);
}

function readArguments(name: string, text: string, argument: RegExp, offer: Offer): ReadCall {
  const properties = propertiesOf(offer.get(name));
  const written = text.trimEnd();
  const entries: [string, unknown][] = [];
  while (argument.lastIndex < written.length) {
    const at = argument.lastIndex;
    const [, key = "", value = ""] = argument.exec(written) ?? [];
    if (key === "") return { problem: `No argument can be read at: ${written.slice(at, at + 60).trim()}` };
    entries.push([key, typedValue(value, properties[key])]);
  }
  return { name, input: Object.fromEntries(entries) };
}

/** A text as it is, without the line breaks next to its tags; any other type as JSON. */
function typedValue(written: string, property: JsonSchema | undefined): unknown {
  const text = written.replace(/^\r?\n/, "").replace(/\r?\n[ \t]*$/, "");
  const value = (property?.type ?? "string") === "string" ? undefined : parseJson(text);
  return value === undefined ? text : value;
}

/** Whether a call is for a tool on offer, with arguments that this tool declares, and all that it requires. */
function fitsTool(call: ReadCall, offer: Offer): boolean {
  if ("problem" in call) return false;
  const schema = offer.get(call.name);
  if (schema === undefined) return false;
  const properties = propertiesOf(schema);
  const isKnown = Object.keys(call.input).every((key) => Object.hasOwn(properties, key));
  return isKnown && requiredOf(schema).every((key) => Object.hasOwn(call.input, key));
}

export function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? required.map(String) : [];
}

export function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema ?? {};
  return isRecord(properties) ? (properties as Record<string, JsonSchema>) : {};
}
