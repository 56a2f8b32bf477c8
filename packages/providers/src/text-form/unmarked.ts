/**
 * Calls without a mark of their own, in forms that are told apart from text only by the tool that they name: JSON of many
 * shapes, Python, ReAct. Models write them that were trained on such forms, where their server does not read them.
 */
import { isRecord, listOf, parseJson, recordOf } from "../wire-values.ts";
import { MARK, type Offer, withoutEnd } from "./markup.ts";

/** What surrounds a list of calls: OpenAI's own words, which small models repeat. */
export function callsIn(value: unknown): readonly unknown[] {
  const { tool_calls, function_call, ...others } = recordOf(value);
  const inside = tool_calls ?? function_call;
  return inside === undefined || Object.keys(others).some((field) => !/^(role|content)$/.test(field))
    ? listOf(value)
    : listOf(inside);
}

/** Marks, and what else is named after calls: "<longcat_tool_call>", "<|START_ACTION|>", "[TOOL_CALL]", "✿FUNCTION✿". */
export const TAG = String.raw`${MARK}|<(?:\w+[:_])?(?:tool|function|invoke)(?:_(?:call|use)s?)?(?=[\s>=])|<arg_key>|<[|｜][^\s<>]{0,30}?(?:tool|func|invoke|action|call|python|plugin|channel|start|recipient)|\[(?:calling )?(?:tool|function)(?:[_ ](?:calls?|use|request))?[\]:]|✿FUNC`;

/** What may stand in a line before the name of a tool. */
const LEAD = String.raw`^[ \t]*(?!${"```"})(?:[<*_\w ]{0,24}[:=>]+)?[[("'*_<>|${"`"}\s]{0,8}(?:<[^<>\n]*>|print\(|\w+[.:])*`;
/** What begins its arguments: one by its name, or an object of them. */
const ARGUMENTS = String.raw`[*_${"`"}]{0,3}(?:(?=\(\s*(?:\w+\s*=(?!=)|\{))|\W{0,4}(?:with\W{1,6})?(?:(?:Action |tool_)?(?:input|arguments|args|parameters)\W{1,6}|json)?[\s${"`"}]*(?=\{))`;

/** How a call of one of these tools begins, up to the bracket around its arguments. */
function beginningsOf(names: string): RegExp[] {
  const forms = [
    `${LEAD}(?:${names})${ARGUMENTS}`,
    String.raw`\b(?:call|use|run|invoke|execut)\w*:?[*_ ${"`"}]*(?:${names})${ARGUMENTS}`,
    String.raw`(?:^[ \t]*\[|${"```"}tool_code\s+(?:print\()?)(?:${names})(?=\()`,
    String.raw`\bto=(?:\w+\.)?(?:${names})\b[^{}\n]{0,40}(?=\{)`,
    String.raw`^[ \t>*_]*Action[*_ ]*:[\s*_${"`"}]*(?:${names})\b[^\n{]*(?:\n+[ \t*_]*Action Input\b[^\n{]*)?`,
    String.raw`^[ \t>*_]*(?:tool|function|name)\w*[*_ ]*:[\s*_${"`"}]*(?:${names})\b[^\n{]*\n+[ \t*_]*(?:input|arguments|args|parameters)[*_ ]*:[^\n{]*(?:\n[ \t]+[^\n]*)*`,
  ];
  return forms.map((form) => new RegExp(form, "gim"));
}

/** Whether a reply ends in a call of a tool on offer, in whatever form. One that is shown as an example is none. */
export function endsInCall(written: string, offer: Offer): boolean {
  const names = [...offer.keys()].map((name) => name.replace(/\W/g, "\\$&")).join("|");
  if (names === "") return false;
  // A model that invents the result of its call has called all the same.
  const text = written.replace(/\n[*_# ]*Observation\b[\s\S]*/, "").trimEnd();
  const begun = beginningsOf(names).flatMap((form) => [...text.matchAll(form)].slice(-20));
  const [first = -1] = begun
    .filter(({ 0: start, index }) => isAllCalls(text.slice(index + start.length), names))
    .map(({ index }) => index);
  const isNamed = new RegExp(`\\b(?:${names})\\b`).test(text);
  const tag = tagAt(text, names, offer);
  const at = isNamed ? Math.max(first, jsonCallAt(text, offer), brokenCallAt(text, names), tag) : tag;
  return at >= 0 && !isShown(text.slice(0, at), names);
}

/**
 * Where the call begins that a text ends in, by its tags, in whatever markup, whole or cut: "<longcat_tool_call>read_file …",
 * "[TOOL_CALL] …", "<minimax:tool_call>\n<inv". Such tags begin a line, or follow a sentence. Where words follow the tags, the text
 * only talks about them.
 */
function tagAt(text: string, names: string, offer: Offer): number {
  const begins = new RegExp(String.raw`(?<=(?:^|[.:!?)\]}>])[ \t]*)(?:${TAG}|<(?:${names})[\s>])`, "gim");
  const named = new RegExp(String.raw`\b(?:${names})`);
  const isCall = (rest: string) => {
    const bare = rest.replace(/<[^<>]*>/g, "").trim();
    // gpt-oss leaves out the tool: "<|channel|>commentary<|message|>{…}".
    const isCut = /^(?:<[^<>]*|\w* to=\S*|(?:commentary|analysis)\s*\{.*\})$/s.test(bare);
    if (isCut || (bare !== "" && [...offer.keys()].some((name) => name.startsWith(bare)))) return true;
    const tail = rest.split(/[>\]})]/).at(-1) ?? "";
    const [last = ""] = /<[^<>]*>(?=[^<>]*$)/.exec(rest) ?? [];
    // A value that was cut before its closing tag.
    const isOpen = /^<\w/.test(last) && !tail.startsWith(" ");
    const isToken = /^<(?:[|｜]|dsml:)/.test(rest) && named.test(rest.slice(0, 80));
    const isNamed = named.test(rest) || rest.startsWith("<arg_key>");
    return isNamed && (isOpen || isToken || !/[\p{L}\p{N}][^\s\p{L}\p{N}]*\s+\p{L}/u.test(tail));
  };
  const begun = [...text.matchAll(begins)].slice(-20).find(({ index }) => isCall(text.slice(index)));
  if (begun || !END_TAG.test(text)) return begun?.index ?? -1;
  // Markup whose beginning is missing.
  return text.search(new RegExp(String.raw`\b(?:${names})\b[^\n<]{0,9}\s*<`));
}

export const END_TAG = /(?<!^)<[/|｜][^\s<>]{0,30}(?:tool|function|invoke|call)s?(?:[_▁|｜][^\s<>]*)?>$/i;

/** Whether a text, from the arguments of a call on, holds nothing but calls. */
function isAllCalls(text: string, names: string): boolean {
  const next = new RegExp(`^[\\s,;\`)\\]]*(?:\\w+\\.)?(?:${names})(?=\\()`);
  let rest = text;
  do {
    rest = rest.replace(next, "");
    if (/^[({]/.test(rest)) rest = rest.slice(lengthInBrackets(rest));
  } while (next.test(rest));
  return rest.split(/<[^<>\n]*>/).every((each) => /^[\s`)\]};*>]*$/.test(each));
}

/** Up to the bracket that closes the first; all of a text in which none does. Brackets in quotes are not brackets. */
function lengthInBrackets(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[([{]|[)\]}]/gs)) {
    if (/[([{]/.test(token[0] ?? "")) depth += 1;
    else if (/[)\]}]/.test(token[0] ?? "") && --depth === 0) return index + 1;
  }
  return text.length;
}

/** Where the JSON begins that a text ends in, if it is a call. */
function jsonCallAt(text: string, offer: Offer): number {
  const json = withoutEnd(text, "```|<[^<>\\n]*>");
  const starts = [...json.matchAll(/(?<=^[^\n"]{0,40})[{[]/gm)].slice(-50);
  return starts.find(({ index }) => isCall(parseJson(json.slice(index)), offer, 0))?.index ?? -1;
}

/** Where a text begins to be a call in JSON that cannot be parsed, up to its end. */
function brokenCallAt(text: string, names: string): number {
  const [quote, field] = [`["'“”]`, "name|tool|tool_name|action|function"];
  const start = `(?<=^[^\\n"'“”]{0,40})\\{\\s*${quote}(?:${field})${quote}\\s*:\\s*${quote}(?:${names})${quote}`;
  const given = `${quote}(?:${GIVEN.join("|")})${quote}\\s*:`;
  const index = new RegExp(`${start}[^{}]{0,80}?${given}`, "m").exec(text)?.index ?? -1;
  const rest = text.slice(index).trimEnd();
  const isInFence = (text.slice(0, index).match(/^[ \t]*```/gm) ?? []).length % 2 > 0;
  if (index < 0 || (isInFence && /\n[ \t]*```\s*\S/.test(rest))) return -1;
  const isCut = rest.split("{").length > rest.split("}").length;
  return isCut || isInFence || /[}\])>;"'”]$/.test(rest) ? index : -1;
}

/** The fields in which a call has its tool, and its arguments. */
const TOOL = ["name", "tool", "tool_name", "toolName", "action", "function", "recipient_name"];
const GIVEN = ["arguments", "args", "input", "parameters", "params", "kwargs", "action_input", "tool_input"];

function isCall(value: unknown, offer: Offer, depth: number): boolean {
  if (depth > 4) return false;
  if (Array.isArray(value)) return value.some((each) => isCall(each, offer, depth + 1));
  if (!isRecord(value)) return false;
  const isNamed = TOOL.some((field) => offer.has(String(value[field]).replace(/^functions\./, "")));
  if (isNamed && GIVEN.some((field) => field in value)) return true;
  const [[key = "", given] = [], ...more] = Object.entries(value);
  if (more.length === 0 && offer.has(key) && isRecord(given)) return true;
  return Object.values(value).some((each) => isCall(each, offer, depth + 1));
}

const EXAMPLE =
  /\b(examples?|e\.g|for instance|such as|sample|looks? like|like (this|so)|would|could|might|usage|(use|call) it|(you|one|they) can|syntax|format|how (to|a|an|you|tools?|calls?))\b/i;
const INTENT = /\b(I['’]ll|I['’]m|I (will|am|need|should|must)|let me|let['’]s|now|first|next)\b/i;

/** Whether the words before a call leave it open what is meant: such a call does not run, and its model is told. */
export function isUnclear(before: string): boolean {
  return EXAMPLE.test(before.slice(-240));
}

/** Whether a call is shown: as an example, as one of several, or in a quotation. Then it is a part of the answer. */
function isShown(before: string, names: string): boolean {
  const fences = before.match(/^[ \t]*```.*/gm) ?? [];
  const isOpen =
    fences.length % 2 > 0 && !/^[ \t]*```(json|python|py|tool\w*)?\s*$/.test(fences.at(-1) ?? "");
  const blocks = before.match(/^[ \t]*```.*?^[ \t]*```[ \t]*$/gms) ?? [];
  const prose = blocks.reduce((rest, block) => rest.replace(block, ""), before);
  const words = prose.replace(/^[ \t]*```.*$/gm, "").slice(-240);
  const isOneOfSeveral = /\w/.test(words) && new RegExp(`"(?:${names})"`).test(blocks.join());
  if (isOpen || /(?:^|\n)[ \t]*>[^\n]*$/.test(before)) return true;
  return (isOneOfSeveral || isUnclear(before)) && !INTENT.test(words);
}
