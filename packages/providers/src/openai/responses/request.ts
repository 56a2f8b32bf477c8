import type { Message, ModelRequest, ToolDeclaration } from "@eightfold/core";
import type * as api from "openai/resources/responses/responses";
import type { Learned } from "../../learning.ts";
import { fieldsOf, type Settings } from "../../settings.ts";
import { recordOf, textOf, wellFormed } from "../../wire-values.ts";
import { type History, readHistory } from "../quirks.ts";

/**
 * Groups the requests of one process, so that the service finds the prefix that they share in its cache. It is no
 * secret, and a better random number would load all of Node's cryptography.
 */
const CACHE_KEY = `eightfold-${Math.random().toFixed(16).slice(2)}`; // as long each time, and so are requests

/**
 * A request of the Responses API that the service keeps nothing of: reasoning travels with the conversation, in
 * encrypted form. https://developers.openai.com/api/docs/guides/reasoning
 * What grows comes last, so that each request begins with the bytes of the one before.
 */
export function responsesRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
  { temperature, "top-p": top_p, "max-tokens": max_output_tokens, effort }: Settings = {},
): api.ResponseCreateParamsStreaming {
  const history = readHistory(conversation, model, learned, areItems);
  const takes = (field: string) => !learned.refused.has(field);
  const reasoning = { ...(takes("reasoning") && { summary: "auto" as const }), ...(effort && { effort }) };
  return wellFormed({
    model,
    store: false,
    stream: true as const,
    ...(tools.length > 0 && { tools: tools.map(declare) }),
    ...(tools.length > 0 && takes("parallel_tool_calls") && { parallel_tool_calls: true }),
    ...fieldsOf({ temperature, top_p, max_output_tokens }),
    ...(Object.keys(reasoning).length > 0 && { reasoning }),
    ...(takes("include") && { include: ["reasoning.encrypted_content" as const] }),
    ...(takes("prompt_cache_key") && { prompt_cache_key: CACHE_KEY }),
    ...(system && { instructions: system }),
    input: conversation.flatMap((message) => itemsOf(message, history)),
  });
}

/** A turn of the Responses API is kept as its output items. A session file may have been written by others: they are the model's alone. */
function areItems(data: unknown): data is api.ResponseInputItem[] {
  const isModels = (item: unknown) => {
    const { type, role = "assistant" } = recordOf(item);
    return role === "assistant" && ["message", "reasoning", "function_call"].includes(textOf(type));
  };
  return Array.isArray(data) && data.every(isModels);
}

function itemsOf(message: Message, history: History<api.ResponseInputItem[]>): api.ResponseInputItem[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    const call_id = history.idOf(message.callId);
    return [{ type: "function_call_output", call_id, output: message.text }];
  }
  const own = history.ownForm(message);
  if (own) return own;
  const calls = message.toolCalls.map(({ id, name, input }) => ({
    type: "function_call" as const,
    call_id: history.idOf(id),
    name,
    arguments: JSON.stringify(wellFormed(input)),
  }));
  return message.text === "" ? calls : [{ role: "assistant", content: message.text }, ...calls];
}

/** Not strict: a strict schema has no optional properties. Arguments are checked by the tool itself. */
function declare({ name, description, parameters }: ToolDeclaration): api.FunctionTool {
  return { type: "function", name, description, parameters, strict: false };
}
