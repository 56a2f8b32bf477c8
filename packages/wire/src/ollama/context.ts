import { estimatedTokens } from "../issue.ts";
import { type JsonObject, objectOf, objectsOf } from "../json.ts";
import { contextTooLong } from "./refusals.ts";

/**
 * The tokens that the model reads of a request. What does not fit into `num_ctx` is left out in silence, as Ollama
 * does: whole messages from the front, but for the system's, and then the front of what is left. With
 * `truncate: false` the request is refused.
 */
export function promptTokens(body: JsonObject, contextLength: number): number {
  const asked = objectOf(body.options).num_ctx;
  const context = Math.min(typeof asked === "number" ? asked : contextLength, contextLength);
  const tools = body.tools === undefined ? 0 : tokens(body.tools);
  const messages = objectsOf(body.messages);
  const system = messages.filter(({ role }) => role === "system");
  const kept = messages.filter(({ role }) => role !== "system");
  const total = () => tools + tokens(system) + tokens(kept);
  if (total() <= context) return total();
  if (body.truncate === false) throw contextTooLong(total(), context);
  while (kept.length > 1 && total() > context) kept.shift();
  return total() <= context ? total() : context >> 1;
}

const tokens = (value: unknown) => estimatedTokens(JSON.stringify(value));
