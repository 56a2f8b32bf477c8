import type { CompleteReply, Delta, ToolCall } from "@eightfold/core";
import type { WireRecord } from "../../answer.ts";
import { argumentsText, isWhole, onlyOnce, parseArguments } from "../../call-arguments.ts";
import { refusalOf } from "../../http-errors.ts";
import { endedEarly } from "../../records.ts";
import { cutOffCall, judgedReply, type ReplySource } from "../../reply.ts";
import { isRecord, listOf, recordOf, textOf, wordsOf } from "../../wire-values.ts";
import { replayArguments, usageOf } from "../quirks.ts";

/** What has come of a reply. */
interface Draft {
  /** Whole. Their places may be the same, on servers that number them all alike. */
  readonly items: { readonly place: number; readonly item: WireRecord }[];
  /** Items that have begun, by their ids: some servers never say that they are done. */
  readonly begun: Map<string, WireRecord>;
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
  const draft: Draft = { items: [], begun: new Map(), written: new Map(), said, part: "", parts: new Set() };
  try {
    for await (const event of events) {
      collect(draft, event);
      const delta = deltaOf(event, draft.parts);
      if (delta) yield addDelta(draft, delta);
    }
  } catch (error) {
    // Behind the last event there is nothing to lose, except for an error.
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
  const { items, begun, written } = draft;
  const { type, item, item_id, output_index, arguments: whole, delta } = event;
  if (type === "response.completed" || type === "response.incomplete") draft.end = event;
  // A server that cannot stream sends its reply whole.
  if (event.object === "response") draft.end = { type: `response.${textOf(event.status)}`, response: event };
  if (type === "response.output_item.done" && isRecord(item)) {
    items.push({ place: typeof output_index === "number" ? output_index : items.length, item });
  }
  // Some servers give each event an id of its own, or none.
  for (const owner of [textOf(item_id), wordsOf(output_index)]) {
    if (type === "response.function_call_arguments.delta") {
      written.set(owner, `${written.get(owner) ?? ""}${textOf(delta)}`);
    }
    if (type === "response.function_call_arguments.done" && whole) written.set(owner, argumentsText(whole));
  }
  if (!isRecord(item) || item.type !== "function_call") return;
  const id = textOf(item.id) || wordsOf(output_index);
  if (type === "response.output_item.added") begun.set(id, item);
  if (type === "response.output_item.done") begun.delete(id);
}

/** The items of the last event, unless there are fewer of them than came before. */
function outputOf({ items, begun, written, end }: Draft): WireRecord[] {
  const whole = listOf(recordOf(end?.response).output).filter(isRecord);
  const done = onlyOnce(items.toSorted((a, b) => a.place - b.place).map(({ item }) => item));
  const came = [...done, ...begun.values()];
  return (whole.length >= came.length ? whole : came).map((item, place) => {
    const own = argumentsText(item.arguments);
    if (item.type !== "function_call" || isWhole(own)) return item;
    const id = textOf(item.id);
    const told = (id && written.get(id)) || (own === "" ? written.get(String(place)) : own);
    return { ...item, arguments: told ?? "" };
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
  const call = { id: textOf(call_id), name: wordsOf(name), ...parseArguments(argumentsText(written)) };
  return [status === "incomplete" ? cutOffCall(call) : call];
}

/** Sent back, reasoning must stand before what it led to, so it cannot be the last. */
function replayable(items: readonly WireRecord[]): WireRecord[] {
  const last = items.findLastIndex(({ type }) => type !== "reasoning");
  return items.slice(0, last + 1).map((item) => {
    if (item.type !== "function_call") return item;
    return { ...item, name: wordsOf(item.name), arguments: replayArguments(argumentsText(item.arguments)) };
  });
}
