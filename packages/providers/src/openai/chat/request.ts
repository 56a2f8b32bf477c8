import type { Message, ModelRequest, ToolDeclaration } from "@eightfold/core";
import type * as api from "openai/resources/chat/completions";
import type { Learned } from "../../learning.ts";
import { fieldsOf, type Settings } from "../../settings.ts";
import { inTurns } from "../../turns.ts";
import { listOf, recordOf, textOf, wellFormed } from "../../wire-values.ts";
import { type History, OLD_LIMIT, readHistory, SYSTEM, USERS_IN_A_ROW, WANTS_THOUGHTS } from "../quirks.ts";
import type { Endpoint } from "../server.ts";

/**
 * A request of Chat Completions, with the least that compatible servers need: many refuse a field they do not know.
 * What grows comes last, so that each request begins with the bytes of the one before.
 */
export function chatRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
  { isOpenAI }: Endpoint,
  { temperature, "top-p": top_p, "max-tokens": most, effort: reasoning_effort }: Settings = {},
): api.ChatCompletionCreateParamsStreaming {
  const history = readHistory(conversation, model, learned, isMessage);
  const limit = isOpenAI || learned.refused.has(OLD_LIMIT) ? "max_completion_tokens" : "max_tokens";
  const systemRole = isOpenAI ? "developer" : "system";
  const isUsers = learned.refused.has(SYSTEM);
  const said = isUsers && system ? [{ role: "user", text: system } as const, ...conversation] : conversation;
  const turns = isUsers || learned.refused.has(USERS_IN_A_ROW) ? inTurns(said) : said;
  return wellFormed({
    model,
    stream: true as const,
    ...(!learned.refused.has("stream_options") && { stream_options: { include_usage: true } }),
    ...fieldsOf({ temperature, top_p, reasoning_effort, [limit]: most }),
    ...(tools.length > 0 && { tools: tools.map(declare) }),
    messages: [
      ...(system && !isUsers ? [{ role: systemRole, content: system } as const] : []),
      ...turns.flatMap((message) => messagesOf(message, history, learned)),
    ],
  });
}

/** A turn of Chat Completions is kept as one message. A session file may have been written by others: it speaks for the model alone. */
function isMessage(data: unknown): data is api.ChatCompletionMessageParam {
  return recordOf(data).role === "assistant";
}

function messagesOf(
  message: Message,
  history: History<api.ChatCompletionMessageParam>,
  learned: Learned,
): api.ChatCompletionMessageParam[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    return [{ role: "tool", tool_call_id: history.idOf(message.callId), content: message.text }];
  }
  const { text, toolCalls, reasoning = "" } = message;
  const own = history.ownForm(message);
  if (!own && text === "" && toolCalls.length === 0) return [];
  const calls = toolCalls.map(({ id, name, input }) => ({
    id,
    type: "function" as const,
    function: { name, arguments: JSON.stringify(wellFormed(input)) },
  }));
  const sent = own ?? {
    role: "assistant",
    content: text || null,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const ids = listOf("tool_calls" in sent ? sent.tool_calls : undefined).map((call) => {
    return { ...recordOf(call), id: history.idOf(textOf(recordOf(call).id)) };
  });
  const thoughts = learned.refused.has(WANTS_THOUGHTS) && { reasoning_content: reasoning };
  return [
    { ...thoughts, ...sent, ...(ids.length > 0 && { tool_calls: ids }) } as api.ChatCompletionMessageParam,
  ];
}

function declare({ name, description, parameters }: ToolDeclaration): api.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters } };
}
