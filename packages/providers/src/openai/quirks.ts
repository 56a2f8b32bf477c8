/** What OpenAI's models, and the servers that imitate OpenAI, do not take or do otherwise. */
import type { AssistantMessage, Message, Usage } from "@eightfold/core";
import type { Refusal } from "../http-errors.ts";
import { type Learned, nothingLearned, OWN_TURNS, ownTurn, type Quirk } from "../learning.ts";
import { type CallIds, knownCounts, parseArguments, recordOf, wellFormed } from "../wire-values.ts";
import type { Endpoint } from "./server.ts";

/** Older models refuse to hear of reasoning. For names that nobody knows, the first refusal tells. */
export function learnedOf(model: string): Learned {
  const isOld = /^(ft:)?(gpt-3|gpt-4|chatgpt)/.test(model);
  return isOld ? nothingLearned("reasoning", "include") : nothingLearned();
}

/** The statuses of a refusal that is about the request. */
const ABOUT_REQUEST = [400, 404, 422];

/** An optional field of the request, and how a refusal speaks of it where its `param` does not name it. */
function field(name: string, words: RegExp): Quirk<Refusal> {
  return {
    name,
    isRefusedBy: ({ status, param, said }) =>
      ABOUT_REQUEST.includes(status ?? 0) && (param.split(/[.[]/)[0] === name || words.test(said)),
  };
}

/** "The encrypted content gAAA… could not be verified", "Item 'rs_…' … not persisted", "… without its required …" */
const OWN_FORM =
  /encrypted content .*could not be|not persisted when|without its required|reasoning_(content|details)|extra_content/i;

/** Reasoning that was made with another key, or that the service does not know any more. */
const ownTurns: Quirk<Refusal> = {
  name: OWN_TURNS,
  isRefusedBy: ({ status, code, said }) =>
    ABOUT_REQUEST.includes(status ?? 0) && (code === "invalid_encrypted_content" || OWN_FORM.test(said)),
};

export const QUIRKS: Readonly<Record<Endpoint["api"], readonly Quirk<Refusal>[]>> = {
  responses: [
    // "Unsupported parameter: 'reasoning.effort'…", "…must be verified to generate reasoning summaries."
    field("reasoning", /reasoning\.(effort|summary)|reasoning summar/i),
    // "Encrypted content is not supported with this model."
    field("include", /encrypted content is not supported|'include'/i),
    field("parallel_tool_calls", /parallel_tool_calls/),
    field("prompt_cache_key", /prompt_cache_key/),
    ownTurns,
  ],
  chat: [field("stream_options", /stream_options|include_usage/), ownTurns],
};

/** Earlier turns as they may be sent again: which go back in their own form, and under which ids. */
export interface History<Form> {
  ownForm(message: AssistantMessage): Form | undefined;
  idOf(callId: string): string;
}

/** A turn of the same provider, model and API keeps its ids. Others are made fit, for a call and its result alike. */
export function readHistory<Form>(
  conversation: readonly Message[],
  model: string,
  learned: Learned,
  isForm: (data: unknown) => data is Form,
): History<Form> {
  const ownForm = ({ native }: AssistantMessage): Form | undefined => {
    const data = ownTurn(native, "openai", model, learned);
    return isForm(data) ? data : undefined;
  };
  const ownIds = new Set<string>();
  for (const message of conversation) {
    if (message.role !== "assistant" || ownForm(message) === undefined) continue;
    for (const { id } of message.toolCalls) ownIds.add(id);
  }
  return { ownForm, idOf: (callId) => (ownIds.has(callId) ? callId : portableId(callId)) };
}

/**
 * OpenAI takes up to 40 characters in Chat and 64 in Responses; Gemini and some servers use dots and colons. Few
 * conversations hold such an id, so cryptography is loaded for one only.
 */
function portableId(id: string): string {
  if (/^[\w-]{1,40}$/.test(id)) return id;
  const { createHash } = process.getBuiltinModule("node:crypto");
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 24)}`;
}

/**
 * A call's arguments as they are sent again: as the model wrote them, so that cached prefixes still match. What no
 * server could parse is replaced; the result of the call tells the model what was wrong.
 */
export function replayArguments(written: string): string {
  const { input } = parseArguments(written);
  const clean = JSON.stringify(wellFormed(input));
  const isFit = written.trimStart().startsWith("{") && clean === JSON.stringify(input);
  return isFit && clean !== "{}" ? written : clean;
}

/** What either dialect counted. Input holds what was cached, and output holds the reasoning. */
export function usageOf(usage: unknown): Usage {
  const counts = recordOf(usage);
  const details = recordOf(counts.input_tokens_details ?? counts.prompt_tokens_details);
  return knownCounts({
    input: counts.input_tokens ?? counts.prompt_tokens,
    cached: details.cached_tokens,
    cacheWrite: details.cache_write_tokens,
    output: counts.output_tokens ?? counts.completion_tokens,
    reasoning: recordOf(counts.output_tokens_details ?? counts.completion_tokens_details).reasoning_tokens,
  });
}

/** What the bytes of one answer told, beneath the SDK: not every server ends its stream as OpenAI does. */
export interface StreamSigns {
  contentType: string;
  /** At least one event has begun. */
  events: boolean;
  /** `data: [DONE]` has come. The SDK takes it for itself, and ends just as quietly without it. */
  done: boolean;
}

/** The same fetch. `alive` is called for each piece of an answer, comments that only keep it open included. */
export function watchStream(
  fetch: typeof globalThis.fetch,
  signs: StreamSigns,
  alive: () => void,
): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    signs.contentType = response.headers.get("content-type") ?? "";
    const body = response.body && ReadableStream.from(watched(response.body, signs, alive));
    return new Response(body, response);
  };
}

async function* watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signs: StreamSigns,
  alive: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let tail = "\n";
  for await (const chunk of body) {
    alive();
    // Both marks are ASCII, begin a line and may come in pieces; inside JSON a line break is always escaped.
    tail += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    signs.events ||= /[\r\n]data:/.test(tail);
    signs.done ||= /[\r\n]data: ?\[DONE\]/.test(tail);
    tail = tail.slice(-16);
    yield chunk;
  }
}

/** Whose reply is being read, and what the reader has to know of it. */
export interface ReplySource {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly idFor: CallIds;
  readonly signs: Readonly<StreamSigns>;
}
