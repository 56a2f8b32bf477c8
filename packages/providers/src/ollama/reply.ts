import { badReply, type CompleteReply, type Delta, type Watch } from "@eightfold/core";
import type { ChatResponse, ToolCall } from "ollama";
import { argumentsText, type CallIds, knownCounts, parseArguments, replyOf } from "../wire-values.ts";
import { readThinkTags } from "./quirks.ts";

/** A line as it comes: the SDK's types miss some fields, and promise others that may be absent. */
export type ChatLine = Partial<ChatResponse> & { readonly prompt_eval_cached_count?: number };

/** Calls may be in any line: most models' come whole in the last one. @throws ModelFailure for an empty reply */
export async function* readReply(
  lines: AsyncIterable<ChatLine>,
  model: string,
  idFor: CallIds,
  watch: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const tags = readThinkTags();
  const said = { text_delta: "", reasoning_delta: "" };
  // Ids are given since 0.12.10. Arguments are an object; some servers that imitate Ollama send a string.
  const chatCalls: (ToolCall & { id?: string })[] = [];
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
  const { text_delta: text, reasoning_delta: reasoning } = said;
  const calls = chatCalls.map(({ id, function: { name, arguments: args } }) => ({
    id: idFor(id),
    name,
    ...parseArguments(argumentsText(args)),
  }));
  // The reason is "stop" for calls too; "load" and "unload" answer a request without messages.
  const end = last.done_reason === "length" ? "length" : "done";
  if (end === "done" && text.trim() === "" && calls.length === 0) {
    throw badReply("Ollama sent an empty reply.");
  }
  const { prompt_eval_count: input, prompt_eval_cached_count: cached, eval_count: output } = last;
  const native = reasoning ? { provider: "ollama", model, data: reasoning } : undefined;
  return replyOf({ text, reasoning, calls, end, usage: knownCounts({ input, cached, output }), native });
}
