import {
  badReply,
  type CompleteReply,
  type Delta,
  ModelFailure,
  type ToolCall,
  type Usage,
} from "@eightfold/core";
import type {
  Response,
  ResponseCompletedEvent,
  ResponseIncompleteEvent,
  ResponseOutputItem,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import { type CallIds, cutOffCall, knownCounts, parseArguments, readErrorBody } from "../wire-values.ts";
import { endedEarly, explainRefusal } from "./errors.ts";
import { type ReplySource, replayArguments } from "./quirks.ts";

type LastEvent = ResponseCompletedEvent | ResponseIncompleteEvent;

/**
 * Reads the events of one reply. Text goes on as it comes; everything else is taken from whole output items, which
 * are also what is sent back later. https://platform.openai.com/docs/api-reference/responses-streaming
 */
export async function* readResponsesReply(
  events: AsyncIterable<ResponseStreamEvent>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const items: ResponseOutputItem[] = [];
  const said = { text_delta: "", reasoning_delta: "" };
  let part = "";
  let end: LastEvent | undefined;
  try {
    for await (const event of events) {
      if (event.type === "response.output_item.done") items[event.output_index] = event.item;
      if (event.type === "response.failed") throw failed(event.response, source);
      if (event.type === "response.completed" || event.type === "response.incomplete") end = event;
      const delta = deltaOf(event);
      if (!delta) continue;
      const isNewPart = delta.part !== part && said[delta.type] !== "";
      part = delta.part;
      const text = isNewPart ? `\n\n${delta.text}` : delta.text;
      said[delta.type] += text;
      yield { type: delta.type, text };
    }
  } catch (error) {
    // Behind the last event there is nothing to lose.
    if (!end) throw error;
  }
  if (!end) throw endedEarly(source.endpoint, source.signs);
  // Some servers leave the output of the last event empty.
  const { output } = end.response;
  return complete(end, output?.length ? output : items.filter((item) => item !== undefined), said, source);
}

/** Text of one part of the reply: a summary of thoughts has several, and so has a message with a preamble. */
function deltaOf(event: ResponseStreamEvent): (Delta & { part: string }) | undefined {
  switch (event.type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      return { type: "text_delta", text: event.delta, part: `text ${event.output_index}` };
    case "response.reasoning_summary_text.delta":
      return {
        type: "reasoning_delta",
        text: event.delta,
        part: `summary ${event.output_index} ${event.summary_index}`,
      };
    case "response.reasoning_text.delta":
      return { type: "reasoning_delta", text: event.delta, part: `reasoning ${event.output_index}` };
    default:
      return undefined;
  }
}

function complete(
  { type, response }: LastEvent,
  output: readonly ResponseOutputItem[],
  said: { text_delta: string; reasoning_delta: string },
  source: ReplySource,
): CompleteReply {
  const { text_delta: text, reasoning_delta: reasoning } = said;
  const own = withUniqueIds(output, source.idFor);
  const isWhole = type === "response.completed" && response.status !== "incomplete";
  const isRefused = wasFiltered(response) || output.some(isRefusal);
  const calls = isRefused ? [] : own.flatMap((item) => readCall(item, isWhole));
  const message = { role: "assistant", text, toolCalls: calls, ...(reasoning && { reasoning }) } as const;
  const usage = usageOf(response);
  if (isRefused) return { message, stop: "refused", usage };
  if (!isWhole) return { message, stop: calls.length > 0 ? "tool_calls" : "length", usage };
  if (text === "" && calls.length === 0) throw badReply(`${source.endpoint.label} answered with nothing.`);
  const native = { provider: "openai", model: source.model, data: replayable(own) };
  const kept = own.some(isBareReasoning) ? message : { ...message, native };
  return { message: kept, stop: calls.length > 0 ? "tool_calls" : "done", usage };
}

function wasFiltered({ incomplete_details }: Response): boolean {
  return incomplete_details?.reason === "content_filter";
}

function isRefusal(item: ResponseOutputItem): boolean {
  return item.type === "message" && item.content.some(({ type }) => type === "refusal");
}

/** Reasoning without its content: the service, which stores nothing for us, would not know it again. */
function isBareReasoning(item: ResponseOutputItem): boolean {
  return item.type === "reasoning" && !item.encrypted_content && !item.content?.length;
}

function withUniqueIds(output: readonly ResponseOutputItem[], idFor: CallIds): ResponseOutputItem[] {
  return output.map((item) =>
    item.type === "function_call" ? { ...item, call_id: idFor(item.call_id) } : item,
  );
}

function readCall(item: ResponseOutputItem, isWhole: boolean): ToolCall[] {
  if (item.type !== "function_call") return [];
  const call: ToolCall = { id: item.call_id, name: item.name, ...parseArguments(item.arguments) };
  return [isWhole && item.status !== "incomplete" ? call : cutOffCall(call)];
}

/** Sent back, reasoning must stand before what it led to, so it cannot be the last. */
function replayable(items: readonly ResponseOutputItem[]): ResponseOutputItem[] {
  const last = items.findLastIndex(({ type }) => type !== "reasoning");
  return items
    .slice(0, last + 1)
    .map((item) =>
      item.type === "function_call" ? { ...item, arguments: replayArguments(item.arguments) } : item,
    );
}

function failed({ error }: Response, { endpoint, model }: ReplySource): ModelFailure {
  return new ModelFailure(explainRefusal(readErrorBody(error, ""), endpoint, model));
}

/** Input holds what was cached, and output holds the reasoning. */
function usageOf({ usage }: Response): Usage {
  return knownCounts({
    input: usage?.input_tokens,
    cached: usage?.input_tokens_details?.cached_tokens,
    cacheWrite: usage?.input_tokens_details?.cache_write_tokens,
    output: usage?.output_tokens,
    reasoning: usage?.output_tokens_details?.reasoning_tokens,
  });
}
