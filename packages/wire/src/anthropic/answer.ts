import { callArguments, writtenInput } from "../arguments.ts";
import { estimatedTokens, idMaker, opaque, pieces } from "../issue.ts";
import { type JsonObject, objectOf } from "../json.ts";
import type { ScriptedReply } from "../script.ts";
import { type Frame, type HttpCall, sse, wholeReply } from "../service.ts";
import { thoughtsOf } from "./models.ts";

/** Tokens of the prompt that were read from the cache, and that were written to it. */
interface CacheUse {
  readonly read: number;
  readonly written: number;
}

/**
 * Replies as the events of the Messages API, https://docs.claude.com/en/api/messages-streaming, or as one message.
 * @param issue is told the blocks of each reply, as they must come back, and its id
 */
export function openAnswers(
  issue: (blocks: JsonObject[], id: string, call: HttpCall) => void,
  cacheUse: (call: HttpCall) => CacheUse,
): (reply: ScriptedReply, call: HttpCall) => Frame[] {
  const newId = idMaker();
  return (scripted, call) => {
    const body = objectOf(call.body);
    // A limit of 0 only fills the cache.
    const reply: ScriptedReply = body.max_tokens === 0 ? { stop: "length" } : scripted;
    const blocks = blocksOf(reply, body, newId);
    const id = newId("msg_01", 24);
    issue(blocks, id, call);
    const usage = usageOf(reply, call, cacheUse(call));
    const message = {
      id,
      type: "message",
      role: "assistant",
      model: body.model,
      content: [],
      stop_sequence: null,
    };
    const stop_reason = stopReason(reply);
    // The service tells no category where none of its policies fits.
    const refused = { type: "refusal", category: null, explanation: null };
    const stop = { stop_reason, stop_details: stop_reason === "refusal" ? refused : null };
    if (body.stream !== true) return wholeReply({ ...message, content: blocks, ...stop, usage });
    const open = { stop_reason: null, stop_details: null, usage: { ...usage, output_tokens: 1 } };
    return [
      event("open", { type: "message_start", message: { ...message, ...open } }),
      ...blocks.flatMap((block, index) => blockEvents(block, index, writtenIn(reply, blocks, index))),
      event("end", { type: "message_delta", delta: { ...stop, stop_sequence: null }, usage }),
      event("after", { type: "message_stop" }),
    ];
  };
}

const event = (carries: Frame["carries"], data: JsonObject & { type: string }): Frame =>
  sse(carries, data, data.type);

/** What the model says, as it would stand in a message. */
function blocksOf(
  reply: ScriptedReply,
  body: JsonObject,
  newId: (prefix: string, length: number) => string,
): JsonObject[] {
  const { reasoning, text, calls = [] } = reply;
  const blocks: JsonObject[] = [];
  const thoughts = thoughtsOf(body);
  if (reasoning && thoughts !== "none") {
    const thinking = thoughts === "told" ? reasoning : "";
    blocks.push({ type: "thinking", thinking, signature: opaque(newId("sig", 8), 96) });
  }
  if (text) blocks.push({ type: "text", text });
  for (const call of calls) {
    const { input = {} } = writtenInput(call, reply.fault);
    const id = call.id ?? newId("toolu_01", 24);
    blocks.push({ type: "tool_use", id, name: call.name, input, caller: { type: "direct" } });
  }
  return blocks;
}

/** The arguments as the model wrote them, of the call that is this block. */
function writtenIn(reply: ScriptedReply, blocks: readonly JsonObject[], index: number): string {
  return callArguments(reply, blocks.slice(0, index).filter(({ type }) => type === "tool_use").length);
}

function blockEvents(block: JsonObject, index: number, written: string): Frame[] {
  // Of pings there may be any number, anywhere.
  const start = (empty: JsonObject) => [
    event("open", { type: "content_block_start", index, content_block: { ...block, ...empty } }),
    event("open", { type: "ping" }),
  ];
  const delta = (carries: Frame["carries"], part: JsonObject) =>
    event(carries, { type: "content_block_delta", index, delta: part });
  const deltas = (carries: Frame["carries"], type: string, name: string, text: string) =>
    pieces(text).map((piece) => delta(carries, { type, [name]: piece }));
  if (block.type === "thinking") {
    return [
      ...start({ thinking: "", signature: "" }),
      ...deltas("reasoning", "thinking_delta", "thinking", String(block.thinking)),
      delta("reasoning", { type: "signature_delta", signature: block.signature }),
      event("reasoning", { type: "content_block_stop", index }),
    ];
  }
  if (block.type === "text") {
    return [
      ...start({ text: "" }),
      ...deltas("text", "text_delta", "text", String(block.text)),
      event("text", { type: "content_block_stop", index }),
    ];
  }
  return [
    ...start({ input: {} }),
    // The service itself begins with nothing.
    delta("open", { type: "input_json_delta", partial_json: "" }),
    ...deltas("call", "input_json_delta", "partial_json", written),
    event("call", { type: "content_block_stop", index }),
  ];
}

function stopReason({ calls, stop, fault }: ScriptedReply): string {
  if (fault?.type === "finish") return fault.reason;
  if (stop === "length") return "max_tokens";
  if (stop === "refused") return "refusal";
  return calls?.length ? "tool_use" : "end_turn";
}

function usageOf({ usage = {}, ...reply }: ScriptedReply, { raw }: HttpCall, cache: CacheUse) {
  const isScripted = usage.input !== undefined;
  const read = usage.cached ?? (isScripted ? 0 : cache.read);
  const written = usage.cacheWrite ?? (isScripted ? 0 : cache.written);
  const input = usage.input ?? Math.max(estimatedTokens(raw), read + written);
  return {
    input_tokens: Math.max(0, input - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.output ?? estimatedTokens(JSON.stringify(reply)),
    ...(usage.reasoning !== undefined && { output_tokens_details: { thinking_tokens: usage.reasoning } }),
    service_tier: "standard",
  };
}
