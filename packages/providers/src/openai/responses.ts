/** The dialect of OpenAI's newest models: Responses. */
import type { CompleteReply, Delta, Message, ModelRequest, ToolCall, ToolDeclaration } from "@eightfold/core";
import { badReply, ModelFailure } from "@eightfold/core";
import type * as api from "openai/resources/responses/responses";
import { readErrorBody } from "../http-errors.ts";
import type { Learned } from "../learning.ts";
import { cutOffCall, parseArguments, replyOf, wellFormed } from "../wire-values.ts";
import { endedEarly, explainRefusal } from "./errors.ts";
import { type History, type ReplySource, readHistory, replayArguments, usageOf } from "./quirks.ts";

/**
 * Groups the requests of one process, so that the service finds the prefix that they share in its cache. It is no
 * secret, and a better random number would load all of Node's cryptography.
 */
const CACHE_KEY = `eightfold-${Math.random().toString(36).slice(2)}`;

/**
 * A request of the Responses API that the service keeps nothing of: reasoning travels with the conversation, in
 * encrypted form. https://developers.openai.com/api/docs/guides/reasoning
 * What grows comes last, so that each request begins with the bytes of the one before.
 */
export async function responsesRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
): Promise<api.ResponseCreateParamsStreaming> {
  const history = readHistory(conversation, model, learned, areItems);
  const takes = (field: string) => !learned.refused.has(field);
  return wellFormed({
    model,
    store: false,
    stream: true as const,
    ...(tools.length > 0 && { tools: await Promise.all(tools.map(describeTool)) }),
    ...(tools.length > 0 && takes("parallel_tool_calls") && { parallel_tool_calls: true }),
    ...(takes("reasoning") && { reasoning: { summary: "auto" as const } }),
    ...(takes("include") && { include: ["reasoning.encrypted_content" as const] }),
    ...(takes("prompt_cache_key") && { prompt_cache_key: CACHE_KEY }),
    ...(system && { instructions: system }),
    input: conversation.flatMap((message) => itemsOf(message, history)),
  });
}

/** A turn of the Responses API is kept as its output items. */
function areItems(data: unknown): data is api.ResponseInputItem[] {
  return Array.isArray(data);
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
async function describeTool({ name, description, parameters }: ToolDeclaration): Promise<api.FunctionTool> {
  return { type: "function", name, description, parameters: { ...(await parameters()) }, strict: false };
}

type LastEvent = api.ResponseCompletedEvent | api.ResponseIncompleteEvent;

/**
 * Reads the events of one reply. Text goes on as it comes; everything else is taken from whole output items, which
 * are also what is sent back later. https://platform.openai.com/docs/api-reference/responses-streaming
 */
export async function* readResponsesReply(
  events: AsyncIterable<api.ResponseStreamEvent>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const items: api.ResponseOutputItem[] = [];
  const said = { text_delta: "", reasoning_delta: "" };
  let part = "";
  let end: LastEvent | undefined;
  try {
    for await (const event of events) {
      if (event.type === "response.output_item.done") items[event.output_index] = event.item;
      if (event.type === "response.failed") {
        const refusal = readErrorBody(event.response.error, "");
        throw new ModelFailure(explainRefusal(refusal, source.endpoint, source.model));
      }
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
function deltaOf(event: api.ResponseStreamEvent): (Delta & { part: string }) | undefined {
  switch (event.type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      return { type: "text_delta", text: event.delta, part: `text ${event.output_index}` };
    case "response.reasoning_summary_text.delta": {
      const part = `summary ${event.output_index} ${event.summary_index}`;
      return { type: "reasoning_delta", text: event.delta, part };
    }
    case "response.reasoning_text.delta":
      return { type: "reasoning_delta", text: event.delta, part: `reasoning ${event.output_index}` };
    default:
      return undefined;
  }
}

function complete(
  { type, response }: LastEvent,
  output: readonly api.ResponseOutputItem[],
  { text_delta: text, reasoning_delta: reasoning }: Record<Delta["type"], string>,
  { endpoint, model, idFor }: ReplySource,
): CompleteReply {
  const own = output.map((item) =>
    item.type === "function_call" ? { ...item, call_id: idFor(item.call_id) } : item,
  );
  const calls = own.flatMap(readCall);
  const isRefused = response.incomplete_details?.reason === "content_filter" || output.some(isRefusal);
  const isWhole = type === "response.completed" && response.status !== "incomplete";
  const end = isRefused ? "refused" : isWhole ? "done" : "length";
  if (end === "done" && text === "" && calls.length === 0) {
    throw badReply(`${endpoint.label} answered with nothing.`);
  }
  const native = { provider: "openai", model, data: replayable(own) };
  const kept = own.some(isBareReasoning) ? undefined : native;
  return replyOf({ text, reasoning, calls, end, usage: usageOf(response.usage), native: kept });
}

function isRefusal(item: api.ResponseOutputItem): boolean {
  return item.type === "message" && item.content.some(({ type }) => type === "refusal");
}

/** Reasoning without its content: the service, which stores nothing for us, would not know it again. */
function isBareReasoning(item: api.ResponseOutputItem): boolean {
  return item.type === "reasoning" && !item.encrypted_content && !item.content?.length;
}

function readCall(item: api.ResponseOutputItem): ToolCall[] {
  if (item.type !== "function_call") return [];
  const call: ToolCall = { id: item.call_id, name: item.name, ...parseArguments(item.arguments) };
  return [item.status === "incomplete" ? cutOffCall(call) : call];
}

/** Sent back, reasoning must stand before what it led to, so it cannot be the last. */
function replayable(items: readonly api.ResponseOutputItem[]): api.ResponseOutputItem[] {
  const last = items.findLastIndex(({ type }) => type !== "reasoning");
  return items.slice(0, last + 1).map((item) => {
    return item.type === "function_call" ? { ...item, arguments: replayArguments(item.arguments) } : item;
  });
}
