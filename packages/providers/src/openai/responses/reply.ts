import type { CompleteReply, Delta, ToolCall } from "@eightfold/core";
import type { WireRecord } from "../../answer.ts";
import { areTwo, argumentsText, isWhole, joined, onlyOnce, readCall } from "../../call-arguments.ts";
import { endedEarly } from "../../records.ts";
import { callIdsAfter, cutOffCall, endOf, judgedReply, type ReplySource } from "../../reply.ts";
import { isRecord, listOf, readThinkTags, recordOf, textOf, toolName } from "../../wire-values.ts";
import { replayArguments, usageOf } from "../quirks.ts";

/** An item of the output as far as it has come, and the arguments of its call, which some servers leave out of it. */
interface ItemDraft {
  /** Some servers number all items alike, and some none. */
  readonly place: number | undefined;
  item: WireRecord;
  written: string;
  isDone: boolean;
}

/** What has come of a reply. */
interface Draft {
  readonly items: ItemDraft[];
  readonly said: Readonly<{ text: string; reasoning: string }>;
  isRefused: boolean;
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
  const tags = readThinkTags();
  const draft: Draft = { items: [], said: tags.said, isRefused: false };
  /** The parts that had text, and the one that the last text belonged to. */
  const parts = new Set<string>();
  let current = "";
  for await (const event of events) {
    collect(draft, event);
    const delta = deltaOf(event, parts);
    if (!delta) continue;
    const { text, thought, part } = delta;
    yield* tags.read(text, thought, part !== current);
    parts.add(part);
    current = part;
  }
  yield* tags.rest();
  if (!draft.end) throw endedEarly(source.answer);
  const output = outputOf(draft);
  // Some servers stream nothing of their items, or only a part.
  const texts = output.flatMap(({ type, content }) => (type === "message" ? listOf(content) : []));
  const whole = readThinkTags();
  whole.read(texts.map(partText).join("\n\n"));
  whole.rest();
  const { text, reasoning } = tags.said;
  const unsaid = whole.said.text.startsWith(text) ? whole.said.text.slice(text.length) : "";
  yield* tags.read(unsaid, reasoning === "" ? whole.said.reasoning : "");
  yield* tags.rest();
  return complete(draft, output, source);
}

function collect(draft: Draft, event: WireRecord): void {
  // A server that cannot stream sends its reply whole.
  const response = event.object === "response" ? event : event.response;
  const type = response === event ? `response.${textOf(event.status)}` : textOf(event.type);
  if (/^response\.(completed|incomplete|done)$/.test(type)) draft.end = { type, response };
  draft.isRefused ||= type.startsWith("response.refusal.");
  const place = typeof event.output_index === "number" ? event.output_index : undefined;
  const [, what, when] =
    /^response\.(output_item|function_call_arguments)\.(added|delta|done)$/.exec(type) ?? [];
  if (what === "function_call_arguments") addArguments(draft.items, event, place);
  else if (what && isRecord(event.item)) addItem(draft.items, event.item, place, when === "done");
}

function addItem(items: ItemDraft[], item: WireRecord, place: number | undefined, isDone: boolean): void {
  const isCall = item.type === "function_call";
  if (!isCall && !isDone) return;
  const known = isCall ? callOfItem(items, item, place) : undefined;
  if (!known) return void items.push({ place, item, written: "", isDone });
  // Some servers say in the whole item only what they have not said at its beginning.
  const told = Object.entries(item).filter(([, each]) => each !== undefined && each !== null && each !== "");
  known.item = { ...known.item, ...Object.fromEntries(told) };
  known.isDone ||= isDone;
}

function addArguments(items: ItemDraft[], event: WireRecord, place: number | undefined): void {
  const { item_id: id, delta, arguments: whole } = event;
  const known = callOfPiece(items, id, place);
  const call = known ?? { place, item: { type: "function_call", id }, written: "", isDone: false };
  if (!known) items.push(call);
  const isPiece = textOf(event.type).endsWith("delta");
  call.written = isPiece ? joined(call.written, argumentsText(delta)) : argumentsText(whole) || call.written;
}

/** The call that an item is: the one of its `call_id`, or else of its id, or else of its place. Some servers give each event a new id. */
function callOfItem(items: readonly ItemDraft[], item: WireRecord, place?: number): ItemDraft | undefined {
  const { id, call_id, arguments: written } = item;
  const calls = draftsOfCalls(items);
  const named = call_id ? calls.findLast(({ item }) => item.call_id === call_id) : undefined;
  const [own = "", given = ""] = [named?.item.arguments, written].map(argumentsText);
  if (named?.isDone && areTwo(own, given)) return undefined;
  if (named) return named;
  const free = calls.filter(({ item }) => !call_id || !item.call_id);
  const byId = id ? free.findLast(({ item }) => item.id === id) : undefined;
  return byId ?? callsAt(free, place).at(-1);
}

/** The call that a piece of arguments belongs to. A place tells calls apart, except on servers that have all at the same place. */
function callOfPiece(items: readonly ItemDraft[], id: unknown, place?: number): ItemDraft | undefined {
  const calls = draftsOfCalls(items);
  const here = callsAt(calls, place);
  if (place !== undefined && here.length === 1) return here[0];
  const byId = id ? calls.findLast(({ item }) => item.id === id) : undefined;
  return byId ?? here.at(-1) ?? calls.at(-1);
}

const draftsOfCalls = (items: readonly ItemDraft[]) =>
  items.filter(({ item }) => item.type === "function_call");
const callsAt = (calls: readonly ItemDraft[], place?: number) =>
  calls.filter((call) => call.place === place && !call.isDone);

/** The last event lists items in an order of its own, so an item's index there is not its place. */
const NOWHERE = -1;

/** The items of the last event, unless there are fewer of them than came before. */
function outputOf({ items, end }: Draft): WireRecord[] {
  const whole = listOf(recordOf(end?.response).output).filter(isRecord);
  const sorted = items.toSorted((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity));
  const came = onlyOnce(sorted.map(({ item, written }) => withArguments(item, written)));
  if (whole.length < came.length) return came;
  return whole.map((item) => {
    const known = callOfItem(items, item, NOWHERE);
    return withArguments(item, known?.written || argumentsText(known?.item.arguments));
  });
}

function withArguments(item: WireRecord, written: string): WireRecord {
  const own = argumentsText(item.arguments);
  return item.type !== "function_call" || isWhole(own) ? item : { ...item, arguments: written || own };
}

const TEXTS = /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text)\.(delta|done)$/;

/** Text of one part of the reply: a summary of thoughts has several, and so has a message with a preamble. */
function deltaOf(event: WireRecord, parts: ReadonlySet<string>) {
  const [, kind = "", when] = TEXTS.exec(textOf(event.type)) ?? [];
  const isThought = kind.startsWith("reasoning");
  const places = [event.output_index, event.summary_index].map((place) =>
    typeof place === "number" ? place : "",
  );
  const part = [isThought ? kind : "text", ...places].join(" ");
  // The whole text says nothing new where it came in pieces.
  const text =
    when === "delta" ? textOf(event.delta) : parts.has(part) ? "" : textOf(event.text ?? event.refusal);
  if (text === "") return undefined;
  return isThought ? { text: "", thought: text, part } : { text, thought: "", part };
}

function complete(
  { end, said, isRefused }: Draft,
  output: readonly WireRecord[],
  source: ReplySource,
): CompleteReply {
  const { model, request } = source;
  const idFor = callIdsAfter(request.conversation);
  const response = recordOf(end?.response);
  const own = output.map((item) => {
    return item.type === "function_call" ? { ...item, call_id: idFor(textOf(item.call_id)) } : item;
  });
  const reason = textOf(recordOf(response.incomplete_details).reason) || textOf(response.status);
  const ending = endOf(reason, source);
  const isCut = end?.type === "response.incomplete" && ending === "done";
  const native = { provider: "openai", model, data: replayable(own) };
  return judgedReply(
    {
      ...said,
      calls: own.flatMap(callsIn),
      end: isRefused || output.some(isRefusal) ? "refused" : isCut ? "length" : ending,
      usage: usageOf(response.usage),
      native: own.some(isBareReasoning) ? undefined : native,
    },
    source,
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

function callsIn({ type, call_id, name, status, arguments: written }: WireRecord): ToolCall[] {
  if (type !== "function_call") return [];
  const call = readCall(textOf(call_id), name, written);
  return [status === "incomplete" ? cutOffCall(call) : call];
}

/** Sent back, reasoning must stand before what it led to, so it cannot be the last. */
function replayable(items: readonly WireRecord[]): WireRecord[] {
  const last = items.findLastIndex(({ type }) => type !== "reasoning");
  return items.slice(0, last + 1).map((item) => {
    if (item.type !== "function_call") return item;
    return { ...item, name: toolName(item.name), arguments: replayArguments(argumentsText(item.arguments)) };
  });
}
