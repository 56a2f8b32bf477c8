import {
  badReply,
  type CompleteReply,
  type Delta,
  type ToolCall,
  type Usage,
  type Watch,
} from "@eightfold/core";
import type { ChatResponse, ToolCall as ChatToolCall } from "ollama";
import { cutOffCall, parseArguments } from "../arguments.ts";
import { callId } from "../call-id.ts";
import { readThinkTags } from "./think-tags.ts";

/** A line as it comes: the SDK's types miss some fields, and promise others that may be absent. */
export type ChatLine = Partial<ChatResponse> & { readonly prompt_eval_cached_count?: number };

/**
 * Reads one streamed reply to its end. Calls may be in any line: most models' come whole in the last one.
 * @param taken the ids of all earlier calls
 * @throws ModelFailure, retryable, for a reply that is empty
 */
export async function* readReply(
  lines: AsyncIterable<ChatLine>,
  model: string,
  taken: ReadonlySet<string>,
  watch: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const tags = readThinkTags();
  const said = { text_delta: "", reasoning_delta: "" };
  const chatCalls: ChatToolCall[] = [];
  let last: ChatLine = {};
  for await (const line of lines) {
    watch.alive();
    last = line;
    chatCalls.push(...(line.message?.tool_calls ?? []));
    const { thinking, content } = line.message ?? {};
    const deltas: Delta[] = thinking ? [{ type: "reasoning_delta", text: thinking }] : [];
    if (content) deltas.push(...tags.read(content));
    if (line.done) deltas.push(...tags.rest());
    for (const delta of deltas) {
      said[delta.type] += delta.text;
      yield delta;
    }
  }
  const calls = callsOf(chatCalls, taken);
  return replyOf(model, said.text_delta, said.reasoning_delta, calls, last);
}

function replyOf(
  model: string,
  text: string,
  reasoning: string,
  calls: ToolCall[],
  last: ChatLine,
): CompleteReply {
  const isCut = last.done_reason === "length";
  // The reason is "stop" for calls too; "load" and "unload" answer a request without messages.
  if (!isCut && text.trim() === "" && calls.length === 0) throw badReply("Ollama sent an empty reply.");
  const toolCalls = isCut ? calls.map(cutOffCall) : calls;
  return {
    message: {
      role: "assistant",
      text,
      toolCalls,
      ...(reasoning !== "" && { reasoning }),
      ...(reasoning !== "" && !isCut && { native: { provider: "ollama", model, data: reasoning } }),
    },
    stop: toolCalls.length > 0 ? "tool_calls" : isCut ? "length" : "done",
    usage: usageOf(last),
  };
}

/** Ids are given since 0.12.10. Arguments are an object; some servers that imitate Ollama send a string. */
function callsOf(
  chatCalls: readonly (ChatToolCall & { id?: string })[],
  taken: ReadonlySet<string>,
): ToolCall[] {
  const used = new Set(taken);
  return chatCalls.map(({ id: given, function: { name, arguments: args } }) => {
    const id = callId(given, used);
    used.add(id);
    return { id, name, ...parseArguments(typeof args === "string" ? args : JSON.stringify(args ?? {})) };
  });
}

function usageOf({ prompt_eval_count, prompt_eval_cached_count, eval_count }: ChatLine): Usage {
  return {
    ...(prompt_eval_count !== undefined && { input: prompt_eval_count }),
    ...(prompt_eval_cached_count !== undefined && { cached: prompt_eval_cached_count }),
    ...(eval_count !== undefined && { output: eval_count }),
  };
}
