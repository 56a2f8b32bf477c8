import { isObject, type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import type { Fields } from "../shape.ts";
import { blocksOf } from "./blocks.ts";
import { checkAs, orphanResult, refuse, required, unansweredCalls, wrongInput } from "./refusals.ts";

/** A turn as the service sees it: messages of one role that follow each other are one. */
export interface Turn {
  readonly role: string;
  /** Where its first message is in the request. */
  readonly index: number;
  readonly blocks: readonly JsonObject[];
}

/** The messages as turns; refuses what the service does not take as a message. */
export function readTurns(messages: unknown): Turn[] {
  if (messages === undefined) throw required("messages");
  if (!Array.isArray(messages)) throw wrongInput("messages", "a valid list");
  if (messages.length === 0) throw refuse("messages: at least one message is required");
  const turns: (Turn & { blocks: JsonObject[] })[] = [];
  messages.forEach((message: unknown, index) => {
    const { role, blocks } = readMessage(message, `messages.${index}`, index === messages.length - 1);
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, index, blocks: [...blocks] });
  });
  return turns;
}

function readMessage(message: unknown, path: string, isLast: boolean) {
  if (!isObject(message)) throw wrongInput(path, "a valid dictionary");
  const unknown = Object.keys(message).find((key) => key !== "role" && key !== "content");
  if (unknown) throw refuse(`${path}.${unknown}: Extra inputs are not permitted`);
  const role = stringOf(message.role);
  const known = blocksOf[role];
  if (!known || (path === "messages.0" && role === "system"))
    throw wrongInput(`${path}.role`, "'user' or 'assistant'");
  const { content } = message;
  if (content === undefined) throw required(`${path}.content`);
  if (typeof content !== "string" && !Array.isArray(content))
    throw wrongInput(`${path}.content`, "a valid list");
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
  if (content.length === 0 && !(isLast && role === "assistant")) {
    throw refuse(
      `${path}: all messages must have non-empty content except for the optional final assistant message`,
    );
  }
  if (typeof content !== "string")
    blocks.forEach((block: unknown, at: number) => {
      checkBlock(block, known, `${path}.content.${at}`);
    });
  else if (content !== "") checkText(content);
  return { role, blocks: objectsOf(blocks) };
}

function checkBlock(block: unknown, known: Readonly<Record<string, Fields>>, path: string): void {
  checkAs({ tags: known }, block, path);
  const { type, text, id, name, tool_use_id: answered, content } = objectOf(block);
  if (type === "text") checkText(stringOf(text));
  if (type === "tool_use") {
    checkName(id, "^[a-zA-Z0-9_-]+$", `${path}.tool_use.id`);
    checkName(name, "^[a-zA-Z0-9_-]{1,128}$", `${path}.tool_use.name`);
  }
  if (type === "tool_result") {
    checkName(answered, "^[a-zA-Z0-9_-]+$", `${path}.tool_result.tool_use_id`);
    for (const part of objectsOf(content)) if (part.type === "text") checkText(stringOf(part.text));
  }
}

function checkText(text: string): void {
  if (text === "") throw refuse("messages: text content blocks must be non-empty");
  if (text.trim() === "") throw refuse("messages: text content blocks must contain non-whitespace text");
}

function checkName(name: unknown, pattern: string, path: string): void {
  if (!new RegExp(pattern).test(stringOf(name)))
    throw refuse(`${path}: String should match pattern '${pattern}'`);
}

/** Each call is answered once, at the start of the next turn; an answer to nothing is refused too. */
export function checkPairs(turns: readonly Turn[]): void {
  const seen = new Set<string>();
  let open = new Set<string>();
  for (const { role, index, blocks } of turns) {
    const answered = blocks.findIndex(({ type }) => type !== "tool_result");
    const results = answered === -1 ? blocks : blocks.slice(0, answered);
    const asked = [...open];
    for (const [at, { tool_use_id: id }] of results.entries())
      if (!open.delete(stringOf(id))) throw orphanResult(`messages.${index}.content.${at}`, stringOf(id));
    if (open.size > 0)
      throw unansweredCalls(
        index - 1,
        asked.filter((id) => open.has(id)),
      );
    const late = blocks.slice(results.length).find(({ type }) => type === "tool_result");
    if (late)
      throw orphanResult(`messages.${index}.content.${blocks.indexOf(late)}`, stringOf(late.tool_use_id));
    if (role !== "assistant") continue;
    const ids = blocks.flatMap(({ type, id }) => (type === "tool_use" ? stringOf(id) : []));
    const twice = ids.find((id, at) => seen.has(id) || ids.indexOf(id) !== at);
    if (twice !== undefined) throw refuse(`messages.${index}: \`tool_use\` ids must be unique`);
    for (const id of ids) seen.add(id);
    open = new Set(ids);
  }
  const last = turns.at(-1);
  if (open.size > 0 && last) throw unansweredCalls(last.index, [...open]);
}
