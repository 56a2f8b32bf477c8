/**
 * Calls without a mark of their own, in forms that are told apart from text only by the tool that they name: JSON of many
 * shapes, Python, ReAct. Models write them that were trained on such forms, where their server does not read them.
 */
import { isRecord, listOf, parseJson, recordOf } from "../wire-values.ts";
import type { Offer } from "./markup.ts";

/** What surrounds a list of calls: OpenAI's own words, which small models repeat. */
export function callsIn(value: unknown): readonly unknown[] {
  const { tool_calls, function_call, ...others } = recordOf(value);
  const inside = tool_calls ?? function_call;
  return inside === undefined || Object.keys(others).some((field) => !/^(role|content)$/.test(field))
    ? listOf(value)
    : listOf(inside);
}

/** What may stand between a call and the end of a reply. */
const END = String.raw`(?:\s|${"```"}|[)\]};]|<[^<>\n]*>|\n[*_# ]*Observation\b.*)*(?![^])`;
/** What may stand before one in its line. */
const LEAD = String.raw`^[ \t]*(?:[*_\w ]{0,24}[:=>]+)?[[("'*_<>|\s]{0,8}(?:<[^<>\n]*>|print\(|call:|\w+\.)*`;
/** An argument by its name, or an object of them. */
const ARGUMENTS = String.raw`(?:\(\s*(?:\w+\s*=(?!=)|\{).*\)|\W{0,4}(?:(?:Action |tool_)?(?:input|arguments|args|parameters)\W{1,6}|json)?[\s${"`"}]*\{.*\})`;

/** Whether a reply ends in a call of a tool on offer, in whatever form. One that is shown as an example is none. */
export function endsInCall(text: string, offer: Offer): boolean {
  const names = [...offer.keys()].map((name) => name.replace(/\W/g, "\\$&")).join("|");
  if (names === "" || !new RegExp(`\\b(?:${names})\\b`).test(text)) return false;
  const forms = [
    `${LEAD}(?:${names})${ARGUMENTS}${END}`,
    String.raw`(?:^\s*\[|${"```"}tool_code\s+(?:print\()?)(?:${names})\(.*\)${END}`,
    String.raw`^[ \t>*_]*Action[*_ ]*:[\s*_${"`"}]*(?:${names})\b[^\n]*(?:\n+[ \t*_]*Action Input\b.*)?${END}`,
    String.raw`^[ \t]*<(${names})>.*</\1>${END}`,
    String.raw`<(\w+)>\s*(?:${names})\s*</\1>.*<[^<>\n]*>${END}`,
  ];
  const found = forms.map((form) => new RegExp(form, "ims").exec(text)?.index ?? -1);
  const at = Math.max(...found, jsonCallAt(text, offer));
  return at >= 0 && !isShown(text.slice(0, at), names);
}

/** Where the JSON begins that a text ends in, if it is a call. */
function jsonCallAt(text: string, offer: Offer): number {
  const json = text.replace(/(?:\s|```|<[^<>\n]*>)+$/, "");
  const starts = [...json.matchAll(/(?<=^[^\n"]{0,40})[{[]/gm)].slice(-50);
  return starts.find(({ index }) => isCall(parseJson(json.slice(index)), offer, 0))?.index ?? -1;
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
  const isOneOfSeveral = new RegExp(`\`\`\`[^\`]*"(?:${names})"`).test(before);
  const isQuoted = isOpen || isOneOfSeveral || /(?:^|\n)[ \t]*>[^\n]*$/.test(before);
  return isQuoted || (isUnclear(before) && !INTENT.test(before.slice(-240)));
}
