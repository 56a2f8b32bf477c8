/** A request body as the parts that a model reads: tool declarations, the system prompt, and one part a message or block. */
import { itemsAt, type Member, membersAt, type Place } from "./json-places.ts";
import { sharedLength } from "./values.ts";

/** What takes room in the model's window. */
export type Category = "system" | "tools" | "history" | "results" | "summary";

/** In the order in which a cache reads them, as far as they have one. */
export const categories: readonly Category[] = ["tools", "system", "summary", "history", "results"];

export interface Part extends Place {
  /** `messages[3].content[0]` */
  readonly path: string;
  /** `tools` for a declaration, else who speaks, in the provider's word. */
  readonly role: string;
  /** Absent for a setting, which is not part of the prompt. */
  readonly category?: Category;
  /** As it is compared: a mark for the cache moves from request to request, and is not read by the model. */
  readonly text: string;
}

/** The lists that hold the conversation: Chat, Anthropic and Ollama; Responses; Gemini; the demo. */
const conversations = ["messages", "input", "contents", "conversation"];
const systems = ["system", "instructions", "systemInstruction", "system_instruction"];

/** A body, and where its parts are. */
export interface Layout {
  readonly body: string;
  /** In the order in which a cache reads them: tools, system prompt, conversation; settings last. */
  readonly parts: readonly Part[];
  readonly conversation: Place;
  readonly messages: readonly MessagePlace[];
}

interface MessagePlace extends Place {
  readonly parts: readonly Part[];
}

/**
 * Undefined for a body that is of none of the known dialects.
 * @param earlier the request before: what both begin with is not gone through again, which would take a long session seconds
 */
export function layoutOf(body: string, earlier?: Layout): Layout | undefined {
  let conversation: Member | undefined;
  let messages: MessagePlace[] = [];
  const members = membersAt(body, 0, (key, start) => {
    if (!conversations.includes(key) || body[start] !== "[") return undefined;
    const shared = earlier?.conversation.start === start ? sharedLength(earlier.body, body) : 0;
    const known = earlier?.messages.filter((message) => message.end <= shared) ?? [];
    const { items, end } = itemsAt(body, start, known);
    messages = items.map((place, index) => {
      const parts = known[index]?.parts.map((part) => ({ ...part, text: textAt(body, part) })); // the body before is let go
      return { ...place, parts: parts ?? partsOfMessage(body, place, `${key}[${index}]`) };
    });
    conversation = { key, start, end };
    return end;
  });
  conversation ??= members.find(({ key }) => conversations.includes(key));
  if (!conversation) return undefined;
  const { key: name } = conversation;
  const isPrompt = ({ key }: Member) => key === "tools" || systems.includes(key) || key === name;
  const parts = [
    ...members.filter(({ key }) => key === "tools").flatMap((tools) => toolParts(body, tools)),
    ...members.filter(({ key }) => systems.includes(key)).flatMap((system) => systemParts(body, system)),
    ...(messages.length === 0 && body[conversation.start] === '"'
      ? [partAt(body, conversation, name, "user", "history")]
      : messages.flatMap(({ parts }) => parts)),
    ...members
      .filter((member) => !isPrompt(member))
      .map((setting) => partAt(body, setting, setting.key, "setting", undefined)),
  ];
  return { body, parts, conversation, messages };
}

export function partsOf(body: string): readonly Part[] | undefined {
  return layoutOf(body)?.parts;
}

function toolParts(body: string, tools: Member): Part[] {
  return itemsAt(body, tools.start).items.flatMap((item, index) => {
    const path = `tools[${index}]`;
    const declared = membersAt(body, item.start).find(({ key }) => /^function_?declarations$/i.test(key));
    if (!declared) return partAt(body, item, path, "tools", "tools");
    return itemsAt(body, declared.start).items.map((each, at) =>
      partAt(body, each, `${path}.${declared.key}[${at}]`, "tools", "tools"),
    );
  });
}

function systemParts(body: string, system: Member): Part[] {
  const blocks = itemsAt(body, system.start).items;
  if (blocks.length === 0) return [partAt(body, system, system.key, "system", "system")];
  return blocks.map((block, index) => partAt(body, block, `${system.key}[${index}]`, "system", "system"));
}

function partsOfMessage(body: string, message: Place, path: string): Part[] {
  const members = membersAt(body, message.start);
  const memberNamed = (key: string) => members.find((member) => member.key === key);
  const role = word(body, memberNamed("role")) || word(body, memberNamed("type")) || "user";
  const blocks = memberNamed("content") ?? memberNamed("parts");
  const places = blocks && !memberNamed("tool_calls") ? itemsAt(body, blocks.start).items : [];
  if (!blocks || places.length === 0) return [messagePart(body, message, path, role)];
  return places.map((place, at) => messagePart(body, place, `${path}.${blocks.key}[${at}]`, role));
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
  const { start, end } = place;
  return { start, end, path, role, text: textAt(body, place), ...(category && { category }) };
}

function textAt(body: string, { start, end }: Place): string {
  const text = body.slice(start, end);
  return text.includes('"cache_control"') ? text.replaceAll(CACHE_MARK, "") : text;
}

/** With the comma before it. Inside of a string its quotes would have backslashes. */
const CACHE_MARK = /,?"cache_control":\{[^{}]*\}/g;

function word(body: string, place: Place | undefined): string {
  return place ? body.slice(place.start, place.end).replaceAll('"', "") : "";
}
