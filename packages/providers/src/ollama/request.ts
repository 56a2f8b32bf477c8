import type { AssistantMessage, Message, ModelRequest, ToolDeclaration } from "@eightfold/core";
import type { Message as ChatMessage, ChatRequest, Tool } from "ollama";
import type { Learned } from "../learning.ts";
import { fieldsOf, type Settings } from "../settings.ts";
import { inTurns, ownTurn } from "../turns.ts";
import { wellFormed } from "../wire-values.ts";
import { type ModelDetails, ollamaSchema, THINK } from "./quirks.ts";

/** What the SDK's types leave out, and the server takes. https://docs.ollama.com/api/chat */
export interface StreamRequest extends ChatRequest {
  readonly stream: true;
  /** Refuse what does not fit, instead of dropping its beginning. Servers before 0.12.6 do not know it. */
  readonly truncate: false;
}

/** What grows comes last, so that each request begins with the bytes of the one before. */
export function chatRequest(
  model: string,
  { system, conversation, tools = [] }: ModelRequest,
  { contextTokens, think }: ModelDetails,
  learned: Learned,
  { temperature, "top-p": top_p, "max-tokens": num_predict, effort }: Settings = {},
): StreamRequest {
  return {
    model,
    stream: true,
    truncate: false,
    options: { num_ctx: contextTokens, ...fieldsOf({ temperature, top_p, num_predict }) },
    ...(tools.length > 0 && { tools: tools.map(declare) }),
    ...(think !== undefined && !learned.refused.has(THINK) && { think }),
    ...(effort && { think: effort === "none" ? false : (effort as "high") }),
    messages: messagesOf(conversation, system, model),
  };
}

/** The conversation as messages. Nothing in them is ever an `images`: the SDK would read a path in it from disk. */
export function messagesOf(
  conversation: readonly Message[],
  system: string | undefined,
  model: string,
): ChatMessage[] {
  const messages: ChatMessage[] = system ? [{ role: "system", content: system }] : [];
  for (const message of inTurns(conversation)) {
    const content = message.text;
    if (message.role === "tool") {
      messages.push({ role: "tool", content, tool_name: message.name, ...{ tool_call_id: message.callId } });
    } else if (message.role === "assistant") {
      messages.push(assistantMessage(message, model));
    } else messages.push({ role: "user", content });
  }
  return wellFormed(messages);
}

function assistantMessage({ text, toolCalls, native }: AssistantMessage, model: string): ChatMessage {
  const thinking = ownTurn(native, "ollama", model);
  const calls = toolCalls.map(({ id, name, input }) => ({ id, function: { name, arguments: { ...input } } }));
  return {
    role: "assistant",
    content: text,
    ...(typeof thinking === "string" && { thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function declare({ name, description, parameters }: ToolDeclaration): Tool {
  return { type: "function", function: { name, description, parameters: ollamaSchema(parameters) } };
}
