/**
 * The forms in which a model may write a tool call as text. A call counts only as the end of a reply: nothing but
 * white space may follow it, so that an example in the middle of an explanation never runs.
 *
 * Marked forms, which say by themselves that a call is meant. Several may follow each other. The markup that models are
 * trained on is in markup.ts; two forms are ours:
 *
 *   ```tool                       <tool name="write_file">
 *   {"name": …,                   <path>a.txt</path>
 *    "arguments": {…}}            <content>
 *   ```                           many lines, as they are
 *                                 </content>
 *                                 </tool>
 *   for most calls                for values of many lines
 *
 * Bare forms, which are JSON like any other: a ```json fence (or one without a language) at the end, the only fence of
 * the reply; or a whole reply that is one object, or a list of them. Each has no fields but those of a call, is for a tool on
 * offer, and has arguments that this tool declares.
 *
 * A reply that ends in a call of any other form (unmarked.ts) is not done: nothing runs, and its model is told.
 */

import { argumentsText } from "../call-arguments.ts";
import { parseJson } from "../wire-values.ts";
import {
  type Block,
  MARK,
  MORE_TEXT,
  markupAt,
  type Offer,
  propertiesOf,
  type ReadCall,
  readArguments,
  readJson,
  requiredOf,
  type WrittenCall,
  withoutEnd,
} from "./markup.ts";
import { callsIn, endsInCall, isUnclear } from "./unmarked.ts";

/** What a reply's text turns out to be. `before` is what it says ahead of its calls. */
export type Reading =
  | { readonly type: "text" }
  | { readonly type: "calls"; readonly before: string; readonly calls: readonly WrittenCall[] }
  /** A call was meant, by its mark, and cannot be read. */
  | { readonly type: "malformed"; readonly before: string; readonly problem: string; readonly isTalk?: true };

/** Where a block may begin. A tag quoted in backticks is talked about, and not used. */
const START = new RegExp(
  String.raw`(?<=^[ \t]*)${"```"}|(?<!${"`"})(?:${MARK})|(?<=(?<![\s\S])\s*)[{[]`,
  "gm",
);

const WRITTEN_AS_TEXT = "It was written as text. If it was an example, write a sentence behind it.";

const INVENTED = /(?<=>)\s*<(?:tool_response|(?:tool|function)_results?)>.*/s;

/** The first block decides: one that is broken is not searched for another, which would be a part of its content. */
export function readCalls(written: string, offer: Offer): Reading {
  // A result that the model invents, and tokens that end a reply. DeepSeek's tags are those of others, with a mark in each.
  const text = withoutEnd(written.replace(INVENTED, ""), String.raw`<\|[\w ]+\|>|</s>`).replace(
    / ?[|｜‖]{1,2} ?DSML ?[|｜‖]{1,2} ?/g,
    "dsml:",
  );
  let talk: Reading | undefined;
  for (const { index } of text.matchAll(START)) {
    const before = text.slice(0, index).trimEnd();
    const mayBeBare = !before.includes("```") && !isUnclear(before);
    const found = readBlocks(text.slice(index).trimEnd(), mayBeBare, offer);
    if (found === undefined || isQuoted(text.slice(0, index), text[index])) continue;
    if (Array.isArray(found)) return { type: "calls", before, calls: found };
    talk = { type: "malformed", before, ...found };
    if (!("isTalk" in found)) return talk;
    break;
  }
  if (!endsInCall(text, offer)) return talk ?? { type: "text" };
  return { type: "malformed", before: written, problem: WRITTEN_AS_TEXT };
}

/** Whether Markdown shows what follows as it is: in a quotation, indented behind an empty line, or in an open fence. */
function isQuoted(before: string, mark = ""): boolean {
  const fences = before.match(/^[ \t]*```/gm) ?? [];
  return (
    /(?:^|\n)[ \t]*>[^\n]*$|\n[ \t]*\n(?: {4}|\t)[^\n]*$/.test(before) ||
    (mark !== "`" && fences.length % 2 > 0)
  );
}

/** Reads blocks from the start of a text to its end; undefined when it is not a call at all. */
function readBlocks(text: string, mayBeBare: boolean, offer: Offer) {
  const calls: WrittenCall[] = [];
  for (let rest = text; rest !== ""; ) {
    const block = blockAt(rest, mayBeBare && calls.length === 0, offer);
    if (!block) return calls.length > 0 ? MORE_TEXT : undefined;
    for (const call of block.calls) {
      if ("problem" in call) return call;
      calls.push(call);
    }
    rest = rest.slice(block.length).trimStart();
  }
  return calls;
}

const TOOL_FENCE = /^```tool[ \t]*\n(.*?)(?:\n[ \t]*```[ \t]*(?=\n|$)|$)/s;
/** A fence, or JSON: no mark. */
const BARE = new RegExp(`^(?!${MARK})[\`{[]`);
const PLAIN_FENCE = /^```(?:json)?[ \t]*\n(.*?)\n[ \t]*```$/s;
const TAGGED =
  /^<tool name="([^"\n]*)"((?: \w+="[^"\n]*")*)>(.*?)(?:<\/tool>(?=\s*(?:$|<tool[ _]|```tool))|$)/s;

function blockAt(text: string, mayBeBare: boolean, offer: Offer): Block | undefined {
  const [fence, json = ""] = TOOL_FENCE.exec(text) ?? [];
  if (fence !== undefined) return { calls: [readJson(json)], length: fence.length };
  const [tagged, name = "", attributes = "", content = ""] = TAGGED.exec(text) ?? [];
  if (tagged !== undefined) {
    const tags = attributes.replace(/ (\w+)="([^"]*)"/g, "<$1>$2</$1>") + content;
    return { calls: [readTags(name, tags, offer)], length: tagged.length };
  }
  if (!BARE.test(text)) return markupAt(text, offer);
  if (!mayBeBare) return undefined;
  const bare = text.startsWith("`") ? (PLAIN_FENCE.exec(text)?.[1] ?? "") : text;
  const calls = callsIn(parseJson(bare)).map((each) => readJson(argumentsText(each)));
  const isCall = calls.length > 0 && calls.every((call) => fitsTool(call, offer));
  return isCall ? { calls, length: text.length } : undefined;
}

/** Reads one tag for each argument: `<path>a.txt</path>`. A value ends where another argument or nothing follows. */
function readTags(name: string, text: string, offer: Offer): ReadCall {
  const known = Object.keys(propertiesOf(offer.get(name))).filter((key) => /^[\w-]+$/.test(key));
  const names = known.length > 0 ? known.join("|") : "[\\w-]+";
  const tag = new RegExp(`\\s*<(${names})>(.*?)</\\1>(?=\\s*(?:<(?:${names})>|$))`, "sy");
  return readArguments(name, text, tag, offer);
}

/** Whether a call is for a tool on offer, with arguments that this tool declares, and everything that it requires. */
function fitsTool(call: ReadCall, offer: Offer): boolean {
  if ("problem" in call) return false;
  const schema = offer.get(call.name);
  if (schema === undefined) return false;
  const properties = propertiesOf(schema);
  const isKnown = Object.keys(call.input).every((key) => Object.hasOwn(properties, key));
  return isKnown && requiredOf(schema).every((key) => Object.hasOwn(call.input, key));
}
