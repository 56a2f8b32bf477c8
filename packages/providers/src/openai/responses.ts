/** The dialect of OpenAI's newest models: Responses. */
import type { CompleteReply, Delta, Message, ModelRequest, ToolCall, ToolDeclaration } from "@eightfold/core";
import type * as api from "openai/resources/responses/responses";
import { endedEarly, type WireRecord } from "../answer.ts";
import { refusalOf } from "../http-errors.ts";
import type { Learned } from "../learning.ts";
import { cutOffCall, judgedReply, type ReplySource } from "../reply.ts";
import {
  argumentsText,
  isRecord,
  listOf,
  onlyOnce,
  parseArguments,
  recordOf,
  textOf,
  wellFormed,
} from "../wire-values.ts";
import { type History, readHistory, replayArguments, usageOf } from "./quirks.ts";

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
async function describeTool({ name, description, parameters }: ToolDeclaration): Promise<api.FunctionTool> {
  return { type: "function", name, description, parameters: { ...(await parameters()) }, strict: false };
}

/** What has come of a reply. */
interface Draft {
  /** Whole. Their places may be the same, on servers that number them all alike. */
  readonly items: { readonly place: number; readonly item: WireRecord }[];
  /** Arguments by the item that they belong to: some servers leave them out of the item. */
  readonly written: Map<string, string>;
  readonly said: Record<Delta["type"], string>;
  /** The part that the last text belonged to, and all that had text. */
  part: string;
  readonly parts: Set<string>;
  end?: WireRecord;
}

/**
 * Reads the events of one reply. Text goes on as it comes; everything else is taken from whole output items, which
 * are also what is sent back later. https://platform.openai.com/docs/api-reference/responses-streaming
 */
export async function* readResponsesReply(
  events: AsyncIterable<WireRecord>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const said = { text_delta: "", reasoning_delta: "" };
  const draft: Draft = { items: [], written: new Map(), said, part: "", parts: new Set() };
  try {
    for await (const event of events) {
      collect(draft, event);
      const delta = deltaOf(event, draft.parts);
      if (delta) yield addDelta(draft, delta);
    }
  } catch (error) {
    // Behind the last event there is nothing to lose, but for an error.
    if (!draft.end || refusalOf(error)) throw error;
  }
  if (!draft.end) throw endedEarly(source.answer);
  const output = outputOf(draft);
  // Some servers stream nothing, and send whole items.
  const text = output
    .flatMap(({ type, content }) => (type === "message" ? listOf(content) : []))
    .map(partText);
  if (said.text_delta === "" && text.join("") !== "") {
    yield addDelta(draft, { type: "text_delta", text: text.join("\n\n"), part: "items" });
  }
  return complete(draft, output, source);
}

function collect(draft: Draft, event: WireRecord): void {
  const { items, written } = draft;
  const { type, item, item_id, output_index, arguments: whole } = event;
  if (type === "response.completed" || type === "response.incomplete") draft.end = event;
  if (type === "response.output_item.done" && isRecord(item)) {
    items.push({ place: typeof output_index === "number" ? output_index : items.length, item });
  }
  if (type === "response.function_call_arguments.done") {
    written.set(textOf(item_id) || JSON.stringify(output_index), argumentsText(whole));
  }
}

/** The items of the last event, unless there are fewer of them than came before. */
function outputOf({ items, written, end }: Draft): WireRecord[] {
  const whole = listOf(recordOf(end?.response).output).filter(isRecord);
  const came = onlyOnce(items.toSorted((a, b) => a.place - b.place).map(({ item }) => item));
  return (whole.length >= came.length ? whole : came).map((item, place) => {
    if (item.type !== "function_call" || argumentsText(item.arguments) !== "") return item;
    return { ...item, arguments: written.get(textOf(item.id)) ?? written.get(String(place)) ?? "" };
  });
}

function addDelta(draft: Draft, { type, text, part }: Delta & { readonly part: string }): Delta {
  const isNewPart = part !== draft.part && draft.said[type] !== "";
  draft.part = part;
  draft.parts.add(part);
  const shown = isNewPart ? `\n\n${text}` : text;
  draft.said[type] += shown;
  return { type, text: shown };
}

const TEXTS = /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text)\.(delta|done)$/;

/** Text of one part of the reply: a summary of thoughts has several, and so has a message with a preamble. */
function deltaOf(event: WireRecord, parts: ReadonlySet<string>): (Delta & { part: string }) | undefined {
  const [, kind = "", when] = TEXTS.exec(textOf(event.type)) ?? [];
  const isThought = kind.startsWith("reasoning");
  const places = [event.output_index, event.summary_index].map((place) =>
    typeof place === "number" ? place : "",
  );
  const part = [isThought ? kind : "text", ...places].join(" ");
  // The whole text says nothing new where it came in pieces.
  const text =
    when === "delta" ? textOf(event.delta) : parts.has(part) ? "" : textOf(event.text ?? event.refusal);
  return text === "" ? undefined : { type: isThought ? "reasoning_delta" : "text_delta", text, part };
}

function complete(
  { end, said }: Draft,
  output: readonly WireRecord[],
  { model, idFor, asked }: ReplySource,
): CompleteReply {
  const response = recordOf(end?.response);
  const own = output.map((item) => {
    return item.type === "function_call" ? { ...item, call_id: idFor(textOf(item.call_id)) } : item;
  });
  const reason = textOf(recordOf(response.incomplete_details).reason);
  const isWhole = end?.type === "response.completed" && response.status !== "incomplete";
  const isRefused = reason === "content_filter" || output.some(isRefusal);
  const native = { provider: "openai", model, data: replayable(own) };
  return judgedReply(
    {
      text: said.text_delta,
      reasoning: said.reasoning_delta,
      calls: own.flatMap(readCall),
      end: isRefused ? "refused" : isWhole ? "done" : "length",
      usage: usageOf(response.usage),
      native: own.some(isBareReasoning) ? undefined : native,
    },
    asked,
  );
}

function partText(part: unknown): string {
  return textOf(part) || textOf(recordOf(part).refusal);
}

function isRefusal({ type, content }: WireRecord): boolean {
  return type === "message" && listOf(content).some((part) => recordOf(part).type === "refusal");
}

/** Reasoning without its content: the service, which stores nothing for us, would not know it again. */
function isBareReasoning({ type, encrypted_content, content }: WireRecord): boolean {
  return type === "reasoning" && !encrypted_content && listOf(content).length === 0;
}

function readCall({ type, call_id, name, status, arguments: written }: WireRecord): ToolCall[] {
  if (type !== "function_call") return [];
  const call = { id: textOf(call_id), name: textOf(name), ...parseArguments(argumentsText(written)) };
  return [status === "incomplete" ? cutOffCall(call) : call];
}

/** Sent back, reasoning must stand before what it led to, so it cannot be the last. */
function replayable(items: readonly WireRecord[]): WireRecord[] {
  const last = items.findLastIndex(({ type }) => type !== "reasoning");
  return items.slice(0, last + 1).map((item) => {
    if (item.type !== "function_call") return item;
    return { ...item, name: textOf(item.name), arguments: replayArguments(argumentsText(item.arguments)) };
  });
}
