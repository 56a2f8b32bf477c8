import { estimatedTokens } from "../issue.ts";
import { isObject, type JsonObject, objectOf, objectsOf } from "../json.ts";
import { contextTooLong } from "./refusals.ts";

/**
 * The tokens that the model reads of a request. What does not fit into `num_ctx` (left out, it is 4096 on most machines)
 * is left out in silence, as Ollama does: whole messages from the front, except for the system's, and then the front of
 * what is left. With `truncate: false` the request is refused.
 */
export function promptTokens(body: JsonObject, contextLength: number): number {
  const asked = objectOf(body.options).num_ctx;
  const context = Math.min(typeof asked === "number" ? asked : usualContext, contextLength);
  const tools = body.tools === undefined ? 0 : tokens(body.tools);
  const messages = messagesOf(body);
  const system = messages.filter(({ role }) => role === "system");
  const kept = messages.filter(({ role }) => role !== "system");
  const total = () => tools + tokens(system) + tokens(kept);
  if (total() <= context) return total();
  if (body.truncate === false) throw contextTooLong(total(), context);
  while (kept.length > 1 && total() > context) kept.shift();
  return total() <= context ? total() : context >> 1;
}

export const usualContext = 4096;

/** The conversation; a prompt for /api/generate is one, too. */
export function messagesOf({ messages, system, prompt, images }: JsonObject): JsonObject[] {
  if (prompt === undefined) return objectsOf(messages);
  const told = system === undefined ? [] : [{ role: "system", content: system }];
  return [...told, { role: "user", content: prompt, ...(images !== undefined && { images }) }];
}

/** Without anything to answer, a request loads the model, or unloads it. */
export function saysNothing(body: unknown): boolean {
  if (!isObject(body)) return false;
  const { messages: given = [] } = body;
  const isReadable = given === null || (Array.isArray(given) && given.every(isObject));
  return isReadable && messagesOf(body).every(({ content }) => content === "");
}

const tokens = (value: unknown) => estimatedTokens(JSON.stringify(value));
