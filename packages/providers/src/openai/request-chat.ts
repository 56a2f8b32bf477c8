import type { Message, ModelRequest, ToolDeclaration } from "@eightfold/core";
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import type { Learned } from "../learning.ts";
import { wellFormed } from "../wire-values.ts";
import { type History, readHistory } from "./quirks.ts";
import type { Endpoint } from "./server.ts";

/**
 * A request of Chat Completions, with the least that compatible servers need: many refuse a field they do not know.
 * What grows comes last, so that each request begins with the bytes of the one before.
 */
export async function chatRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
  { isOpenAI }: Endpoint,
): Promise<ChatCompletionCreateParamsStreaming> {
  const history = readHistory(conversation, model, learned, isMessage);
  const systemMessage = {
    role: isOpenAI ? ("developer" as const) : ("system" as const),
    content: system ?? "",
  };
  return wellFormed({
    model,
    stream: true as const,
    ...(!learned.refused.has("stream_options") && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: await Promise.all(tools.map(describeTool)) }),
    messages: [
      ...(system ? [systemMessage] : []),
      ...conversation.flatMap((message) => messagesOf(message, history)),
    ],
  });
}

/** A turn of Chat Completions is kept as one message, of an object's shape. */
function isMessage(data: unknown): data is ChatCompletionMessageParam {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function messagesOf(
  message: Message,
  history: History<ChatCompletionMessageParam>,
): ChatCompletionMessageParam[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    return [{ role: "tool", tool_call_id: history.idOf(message.callId), content: message.text }];
  }
  const own = history.ownForm(message);
  if (own) return [own];
  const { text, toolCalls } = message;
  if (text === "" && toolCalls.length === 0) return [];
  const calls = toolCalls.map(({ id, name, input }) => ({
    id: history.idOf(id),
    type: "function" as const,
    function: { name, arguments: JSON.stringify(wellFormed(input)) },
  }));
  return [{ role: "assistant", content: text || null, ...(calls.length > 0 && { tool_calls: calls }) }];
}

async function describeTool({ name, description, parameters }: ToolDeclaration): Promise<ChatCompletionTool> {
  return { type: "function", function: { name, description, parameters: { ...(await parameters()) } } };
}
