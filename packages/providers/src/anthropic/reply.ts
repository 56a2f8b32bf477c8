import type { CompleteReply, Delta, ToolCall, Usage } from "@eightfold/core";
import type { WireRecord } from "../answer.ts";
import { argumentsText, isWhole, joined, onlyOnce, ownerOfPiece, readCall } from "../call-arguments.ts";
import { endedEarly } from "../records.ts";
import { type CallIds, callIdsAfter, endOf, judgedReply, type ReplySource, whyEnded } from "../reply.ts";
import { isRecord, knownCounts, listOf, readThinkTags, recordOf, textOf, wordsOf } from "../wire-values.ts";
import { type Block, blockOf, replayable } from "./request.ts";

/** A block as far as it has come: what was announced of it, and what its deltas add. */
interface Draft {
  readonly index: string;
  readonly type: string;
  readonly begun: WireRecord;
  written: string;
  signature: string;
}

/**
 * Which block a delta is of, by its type; some servers leave that out, and what is in it tells.
 * https://platform.claude.com/docs/en/build-with-claude/streaming#content-block-delta-types
 */
const DELTAS: Readonly<Record<string, string>> = {
  ...{ text_delta: "text", text: "text", thinking_delta: "thinking", thinking: "thinking" },
  ...{ signature_delta: "thinking", signature: "thinking" },
  ...{ input_json_delta: "tool_use", partial_json: "tool_use" },
};

/**
 * Reads the events of one reply. Its blocks are kept as they came, because a signature counts only in its place.
 * @throws ModelFailure when the reply is of no use or when the stream just ends
 */
export async function* readReply(
  events: AsyncIterable<WireRecord>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const { answer, request, model } = source;
  const drafts: Draft[] = [];
  const tags = readThinkTags();
  const counts: Record<string, number> = {};
  let reason = "";
  let details: WireRecord = {};
  for await (const event of inPieces(events)) {
    const draft = draftOf(drafts, event);
    const text = draft ? addTo(draft, event) : "";
    const isNewPart = draft?.written === text;
    if (draft?.type === "text") yield* tags.read(text, "", isNewPart);
    if (draft?.type === "thinking") yield* tags.read("", text, isNewPart);
    addCounts(counts, recordOf(event.message).usage);
    addCounts(counts, event.usage);
    const { stop_reason, stop_details } = recordOf(event.delta);
    reason = wordsOf(stop_reason) || reason;
    if (isRecord(stop_details)) details = stop_details;
    // Some servers leave the stream open behind its end.
    if (event.type === "message_stop") break;
  }
  if (reason === "") throw endedEarly(answer);
  // https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
  // After a pause the service would go on: what is there is no end.
  const end = reason === "pause_turn" ? "length" : endOf(reason, source);
  if (end === "refused")
    yield* tags.read(whyEnded([details.category, details.explanation], answer), "", true);
  yield* tags.rest();
  const idFor = callIdsAfter(request.conversation);
  const read = onlyOnce(drafts.filter(isWanted), callIn).map((draft) => readBlock(draft, idFor));
  const calls = read.flatMap(({ call }) => call ?? []);
  const data = replayable(read.flatMap(({ blocks }) => blocks));
  const native = { provider: "anthropic", model, data };
  return judgedReply({ ...tags.said, calls, end, finish: reason, usage: usageOf(counts), native }, source);
}

/** A server that cannot stream sends its message whole. */
async function* inPieces(events: AsyncIterable<WireRecord>): AsyncGenerator<WireRecord> {
  for await (const event of events) {
    yield event;
    if (event.type !== "message") continue;
    for (const [index, block] of listOf(event.content).entries()) {
      const content_block = typeof block === "string" ? { type: "text", text: block } : block;
      yield { type: "content_block_start", index, content_block };
    }
    yield { type: "message_delta", delta: event };
  }
}

/** The block that an event is about. For a delta it is the newest of its place and kind: some servers announce none, number all alike, or send thoughts in a block of text. */
function draftOf(drafts: Draft[], event: WireRecord): Draft | undefined {
  const { index } = event;
  const isStart = event.type === "content_block_start";
  const begun = isStart ? recordOf(event.content_block) : {};
  const sent = recordOf(event.delta);
  const kind = wordsOf(sent.type) || Object.keys(sent).find((key) => sent[key] !== null && key in DELTAS);
  const type = isStart ? textOf(begun.type) : DELTAS[kind ?? ""];
  if (type === undefined) return undefined;
  // What the service calls itself has arguments too: the calls of "server_tool_use" are not ours.
  const isOf = (draft: Draft) => draft.type === type || (type === "tool_use" && !isText(draft));
  const open = drafts.findLast((draft) => draft.index === wordsOf(index) && isOf(draft));
  const last = drafts.findLast((draft) => draft.type === "tool_use");
  const isCall = type === "tool_use" && (!open || open.type === type);
  const owner = isCall ? ownerOfPiece(open, last, argumentsOf) : open;
  if (owner && !isStart) return owner;
  // Some gateways send arguments of nothing with each piece of a text.
  if (!isStart && type === "tool_use" && argumentsText(sent.partial_json) === "") return undefined;
  const draft: Draft = { index: wordsOf(index), type, begun, written: "", signature: "" };
  drafts.push(draft);
  return draft;
}

/** Adds what an event holds of its block, and returns what is new of the text in it. */
function addTo(draft: Draft, event: WireRecord): string {
  const { type, text, thinking, signature, partial_json } = recordOf(event.delta ?? event.content_block);
  const piece = isText(draft) ? textOf(draft.type === "text" ? text : thinking) : argumentsText(partial_json);
  if (type !== "signature_delta")
    draft.written = isText(draft) ? draft.written + piece : joined(draft.written, piece);
  draft.signature += textOf(signature);
  return isText(draft) && type !== "signature_delta" ? piece : "";
}

const isText = ({ type }: Draft) => type === "text" || type === "thinking";

/** What of a block shows that it came before: only a call is never meant twice. */
function callIn(draft: Draft, at: number): unknown {
  return draft.type === "tool_use" ? [draft.begun.id, draft.begun.name, argumentsOf(draft)] : at;
}

/** Some servers send the arguments whole, where the block begins. */
function argumentsOf({ begun, written }: Draft): string {
  return joined(argumentsText(begun.input), written);
}

/** Some servers announce a call once more, before or behind the block with its arguments. */
function isWanted(draft: Draft, _: number, drafts: readonly Draft[]): boolean {
  if (draft.type !== "tool_use" || !draft.begun.id || isWhole(argumentsOf(draft))) return true;
  const isSame = ({ begun }: Draft) => begun.id === draft.begun.id && begun.name === draft.begun.name;
  return !drafts.some((each) => isSame(each) && isWhole(argumentsOf(each)));
}

/** A block as it goes back; and the call in it. */
function readBlock(draft: Draft, idFor: CallIds): { blocks: Block[]; call?: ToolCall } {
  const { type, begun, written, signature } = draft;
  if (type !== "tool_use")
    return { blocks: blockOf({ ...begun, type, text: written, thinking: written, signature }) };
  const call = readCall(idFor(textOf(begun.id)), begun.name, argumentsOf(draft));
  return { blocks: blockOf({ ...call, type }), call };
}

/** Counts are told at the start and again at the end, whole; some servers tell zeros at one of them. */
function addCounts(counts: Record<string, number>, told: unknown): void {
  for (const [name, count] of Object.entries(recordOf(told)))
    if (typeof count === "number" && count >= (counts[name] ?? 0)) counts[name] = count;
  const { thinking_tokens: thinking } = recordOf(recordOf(told).output_tokens_details);
  if (typeof thinking === "number") counts.thinking_tokens = thinking;
}

/** What was read from the cache and written to it is counted apart. Nobody answers a prompt of nothing. */
function usageOf(counts: Readonly<Record<string, number>>): Usage {
  const { input_tokens, cache_read_input_tokens: cached, cache_creation_input_tokens: cacheWrite } = counts;
  const input = (input_tokens ?? 0) + (cached ?? 0) + (cacheWrite ?? 0);
  return knownCounts({
    ...(input > 0 && { input, cached, cacheWrite }),
    output: counts.output_tokens || undefined,
    reasoning: counts.thinking_tokens,
  });
}
