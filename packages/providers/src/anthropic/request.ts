import type * as api from "@anthropic-ai/sdk/resources/messages/messages";
import type {
  AssistantMessage,
  Message,
  ModelRequest,
  NativeTurn,
  ToolDeclaration,
  ToolResult,
} from "@eightfold/core";
import type { Learned } from "../learning.ts";
import { fieldsOf, type Settings } from "../settings.ts";
import { alternate, GO_ON, ownTurn } from "../turns.ts";
import { isRecord, listOf, portableId, recordOf, wellFormed } from "../wire-values.ts";
import { replyLimit, WANTS_THOUGHTS } from "./quirks.ts";

/** What a reply is kept as, and sent back as: as it came, and nothing that only a user may send. */
export type Block =
  | api.TextBlockParam
  | api.ThinkingBlockParam
  | api.RedactedThinkingBlockParam
  | api.ToolUseBlockParam;

/** A request of the Messages API. https://platform.claude.com/docs/en/api/messages */
export function messagesRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
  { temperature, "top-p": top_p, "max-tokens": most, effort }: Settings = {},
): api.MessageCreateParamsStreaming {
  const takes = (name: string) => !learned.refused.has(name);
  const mark = takes("cache_control") ? ({ cache_control: { type: "ephemeral" } } as const) : {};
  const own = (native: NativeTurn) => ownTurn(native, "anthropic", model, learned);
  const messages = messagesOf(conversation, (message) => {
    const blocks = ownBlocks(message, own) ?? neutralBlocks(message);
    return takes(WANTS_THOUGHTS) ? blocks : withThoughts(blocks, message);
  });
  markEnds(messages, mark);
  return wellFormed({
    model,
    max_tokens: most ?? replyLimit(learned),
    stream: true as const,
    // Not in the SDK's types since the API of 2026-10-21, which refuses them. Servers that imitate an older one take them.
    ...fieldsOf({ temperature, top_p }),
    ...(effort === "none"
      ? { thinking: { type: "disabled" as const } }
      : takes("thinking") && { thinking: { type: "adaptive" as const, display: "summarized" as const } }),
    ...(effort && effort !== "none" && { output_config: { effort } as api.OutputConfig }),
    ...(tools.length > 0 && { tools: tools.map(declare) }),
    ...(system?.trim() && { system: [{ type: "text" as const, text: system, ...mark }] }),
    messages,
  });
}

/**
 * The prompt up to a mark is kept, and found again by a mark at most twenty blocks behind it. So the end of the request
 * before is marked too, however much one step adds: with the system prompt's, three of the four that a request may have.
 */
function markEnds(messages: readonly Turn[], mark: Pick<api.TextBlockParam, "cache_control">): void {
  const asked = messages.filter(({ role }) => role === "user").slice(-2);
  for (const { content } of asked) Object.assign(content.at(-1) ?? {}, mark);
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: (Block | api.ToolResultBlockParam)[];
}

/** The last turn is the user's too. Replies of the same model go back as they came, with what signs their thoughts. */
function messagesOf(
  conversation: readonly Message[],
  blocksOf: (message: AssistantMessage) => Block[],
): Turn[] {
  const turns = alternate<Block | api.ToolResultBlockParam>(conversation, (message) => {
    if (message.role === "user") return textBlocks(message.text);
    return message.role === "tool" ? [resultBlock(message)] : blocksOf(message);
  });
  if (turns.at(-1)?.role === "assistant") turns.push({ role: "user", parts: textBlocks(GO_ON) });
  return turns.map(({ role, parts: content }) => ({ role, content }));
}

/** Undefined for blocks that do not belong to the message: a session file may have been written by others. */
function ownBlocks(
  { native, toolCalls }: AssistantMessage,
  ownForm: (native: NativeTurn) => unknown,
): Block[] | undefined {
  const data = native && ownForm(native);
  const blocks = listOf(data).flatMap(blockOf);
  const ids = blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
  const isWhole = Array.isArray(data) && blocks.length === data.length;
  const isAnswered = ids.join() === toolCalls.map(({ id }) => portableId(id)).join();
  return isWhole && isAnswered ? replayable(blocks) : undefined;
}

/** Sent back, thoughts stand before what they led to, so they cannot be the last. */
export function replayable(blocks: readonly Block[]): Block[] {
  return blocks.slice(0, blocks.findLastIndex(({ type }) => !type.includes("thinking")) + 1);
}

/** What may be sent back of a block: the service refuses fields that it only sends. */
export function blockOf(sent: unknown): Block[] {
  const { type, text, thinking, signature, data, id, name, input } = recordOf(sent);
  const is = <T>(wanted: T, ...texts: unknown[]) =>
    type === wanted && texts.every((each) => typeof each === "string");
  if (is("text", text) && String(text).trim()) return [{ type: "text", text: String(text) }];
  if (is("thinking", thinking, signature))
    return [{ type: "thinking", thinking: String(thinking), signature: String(signature) }];
  if (is("redacted_thinking", data)) return [{ type: "redacted_thinking", data: String(data) }];
  if (is("tool_use", id, name) && isRecord(input))
    return [{ type: "tool_use", id: portableId(String(id)), name: String(name), input }];
  return [];
}

function withThoughts(blocks: Block[], { reasoning: thinking = "" }: AssistantMessage): Block[] {
  const hasThoughts = blocks.length === 0 || blocks.some(({ type }) => type.includes("thinking"));
  return hasThoughts ? blocks : [{ type: "thinking", thinking, signature: "" }, ...blocks];
}

function neutralBlocks({ text, toolCalls }: AssistantMessage): Block[] {
  return [
    ...textBlocks(text),
    ...toolCalls.map(({ id, name, input }) => ({
      type: "tool_use" as const,
      id: portableId(id),
      name,
      input,
    })),
  ];
}

function textBlocks(text: string): api.TextBlockParam[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function resultBlock({ callId, text, isError }: ToolResult): api.ToolResultBlockParam {
  return {
    type: "tool_result",
    tool_use_id: portableId(callId),
    ...(text.trim() !== "" && { content: text }),
    ...(isError && { is_error: true }),
  };
}

/** At the top of a schema only an object is taken, and no choice between several. Tools check their input themselves. */
function declare({ name, description, parameters }: ToolDeclaration): api.Tool {
  const { oneOf: _, anyOf: _any, allOf: _all, ...schema } = parameters;
  return { name, description, input_schema: { ...schema, type: "object" } };
}
