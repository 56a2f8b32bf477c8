/** A request body as the parts that a model reads: tool declarations, the system prompt, and one part a message or block. */
import { itemsAt, type Member, membersAt, type Place } from "./json-places.ts";

/** What takes room in the model's window. */
export type Category = "system" | "tools" | "history" | "results" | "summary";

/** In the order in which a cache reads them, as far as they have one. */
export const categories: readonly Category[] = ["tools", "system", "summary", "history", "results"];

export interface Part extends Place {
  /** `messages[3].content[0]` */
  readonly path: string;
  /** `tools` for a declaration, else who speaks, in the provider's word. */
  readonly role: string;
  /** Absent for a setting, which is no part of the prompt. */
  readonly category?: Category;
  /** As it is compared: a mark for the cache moves from request to request, and is not read by the model. */
  readonly text: string;
}

/** The lists that hold the conversation: Chat, Anthropic and Ollama; Responses; Gemini; the demo. */
const conversations = ["messages", "input", "contents", "conversation"];
const systems = ["system", "instructions", "systemInstruction", "system_instruction"];

/**
 * The parts in the order in which a cache reads them: tools, system prompt, conversation; settings last. Undefined for
 * a body that is none of the known dialects.
 */
export function partsOf(body: string): Part[] | undefined {
  const members = membersAt(body, 0);
  const list = members.find(({ key }) => conversations.includes(key));
  if (!list) return undefined;
  const isPrompt = ({ key }: Member) => key === "tools" || systems.includes(key) || key === list.key;
  const settings = members.filter((member) => !isPrompt(member));
  return [
    ...members.filter(({ key }) => key === "tools").flatMap((tools) => toolParts(body, tools)),
    ...members.filter(({ key }) => systems.includes(key)).flatMap((system) => systemParts(body, system)),
    ...messageParts(body, list),
    ...settings.map((setting) => partAt(body, setting, setting.key, "setting", undefined)),
  ];
}

function toolParts(body: string, tools: Member): Part[] {
  return itemsAt(body, tools.start).flatMap((item, index) => {
    const path = `tools[${index}]`;
    const declared = membersAt(body, item.start).find(({ key }) => /^function_?declarations$/i.test(key));
    if (!declared) return partAt(body, item, path, "tools", "tools");
    return itemsAt(body, declared.start).map((each, at) =>
      partAt(body, each, `${path}.${declared.key}[${at}]`, "tools", "tools"),
    );
  });
}

function systemParts(body: string, system: Member): Part[] {
  const blocks = itemsAt(body, system.start);
  if (blocks.length === 0) return [partAt(body, system, system.key, "system", "system")];
  return blocks.map((block, index) => partAt(body, block, `${system.key}[${index}]`, "system", "system"));
}

function messageParts(body: string, list: Member): Part[] {
  if (body[list.start] === '"') return [partAt(body, list, list.key, "user", "history")];
  return itemsAt(body, list.start).flatMap((message, index) => {
    const path = `${list.key}[${index}]`;
    const members = membersAt(body, message.start);
    const memberNamed = (key: string) => members.find((member) => member.key === key);
    const role = word(body, memberNamed("role")) || word(body, memberNamed("type")) || "user";
    const blocks = memberNamed("content") ?? memberNamed("parts");
    const places = blocks && !memberNamed("tool_calls") ? itemsAt(body, blocks.start) : [];
    if (!blocks || places.length === 0) return messagePart(body, message, path, role);
    return places.map((place, at) => messagePart(body, place, `${path}.${blocks.key}[${at}]`, role));
  });
}

function messagePart(body: string, place: Place, path: string, role: string): Part {
  return partAt(body, place, path, role, categoryOf(body.slice(place.start, place.start + 400), role));
}

const SUMMARY = /What followed is left out to save room|<summary>/;
const RESULT =
  /^\{\s*"type"\s*:\s*"(?:tool_result|function_call_output)"|^\{[^{[]*"functionResponse"|^\{[^{[]*"tool_use_id"/;

function categoryOf(beginning: string, role: string): Category {
  if (role === "system" || role === "developer") return "system";
  if (/^(?:tool|function|function_call_output)$/.test(role) || RESULT.test(beginning)) return "results";
  return role === "user" && SUMMARY.test(beginning) ? "summary" : "history";
}

function partAt(
  body: string,
  place: Place,
  path: string,
  role: string,
  category: Category | undefined,
): Part {
  const text = body.slice(place.start, place.end).replaceAll(CACHE_MARK, "");
  return { start: place.start, end: place.end, path, role, text, ...(category && { category }) };
}

/** With the comma before it. Inside of a string its quotes would have backslashes. */
const CACHE_MARK = /,?"cache_control":\{[^{}]*\}/g;

function word(body: string, place: Place | undefined): string {
  return place ? body.slice(place.start, place.end).replaceAll('"', "") : "";
}
