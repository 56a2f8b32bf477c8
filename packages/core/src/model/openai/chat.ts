import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import type { AssistantMessage, Message } from "../../conversation.ts";
import type { ModelRequest, ToolDeclaration } from "../model.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Learned } from "./learn.ts";
import { type History, readHistory } from "./own-turn.ts";
import { wellFormed } from "./well-formed.ts";

/** A request of Chat Completions, with the least that compatible servers need: many refuse a field they do not know. */
export async function chatRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  { refused, distrusted }: Learned,
  { isOpenAI }: Endpoint,
): Promise<ChatCompletionCreateParamsStreaming> {
  const history = readHistory(conversation, model, distrusted);
  const systemMessage = {
    role: isOpenAI ? ("developer" as const) : ("system" as const),
    content: system ?? "",
  };
  return wellFormed({
    model,
    messages: [
      ...(system ? [systemMessage] : []),
      ...conversation.flatMap((message) => messagesOf(message, history)),
    ],
    ...(tools.length > 0 && { tools: await Promise.all(tools.map(describeTool)) }),
    ...(!refused.has("stream_options") && { stream_options: { include_usage: true } }),
    stream: true as const,
  });
}

function messagesOf(message: Message, history: History): ChatCompletionMessageParam[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    return [{ role: "tool", tool_call_id: history.idOf(message.callId), content: message.text }];
  }
  if (message.text === "" && message.toolCalls.length === 0) return [];
  return [ownMessage(message, history) ?? neutralMessage(message, history)];
}

function ownMessage(message: AssistantMessage, history: History): ChatCompletionMessageParam | undefined {
  const own = history.ownForm(message);
  const isMessage = typeof own === "object" && own !== null && !Array.isArray(own);
  return isMessage ? (own as ChatCompletionMessageParam) : undefined;
}

function neutralMessage({ text, toolCalls }: AssistantMessage, history: History): ChatCompletionMessageParam {
  const calls = toolCalls.map(({ id, name, input }) => ({
    id: history.idOf(id),
    type: "function" as const,
    function: { name, arguments: JSON.stringify(wellFormed(input)) },
  }));
  return { role: "assistant", content: text || null, ...(calls.length > 0 && { tool_calls: calls }) };
}

async function describeTool({ name, description, parameters }: ToolDeclaration): Promise<ChatCompletionTool> {
  return { type: "function", function: { name, description, parameters: { ...(await parameters()) } } };
}
