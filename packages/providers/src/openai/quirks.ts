/** What OpenAI's models, and the servers that imitate OpenAI, do not take or do otherwise. */
import type { AssistantMessage, Message, Usage } from "@eightfold/core";
import { parseArguments } from "../call-arguments.ts";
import { type Learned, nothingLearned, OWN_TURNS, ownTurn, type Quirk } from "../learning.ts";
import { hashOf, knownCounts, portableId, recordOf, wellFormed } from "../wire-values.ts";
import type { Endpoint } from "./server.ts";

/** Older models refuse to hear of reasoning. For names that nobody knows, the first refusal tells. */
export function learnedOf(model: string): Learned {
  const isOld = /^(ft:)?(gpt-3|gpt-4|chatgpt)/.test(model);
  return isOld ? nothingLearned("reasoning", "include") : nothingLearned();
}

/** The statuses of a refusal that is about the request. */
const ABOUT_REQUEST = [400, 404, 422];

/** An optional field of the request, and how a refusal speaks of it where its `param` does not name it. */
function field(name: string, words: RegExp): Quirk {
  return {
    name,
    isRefusedBy: ({ status, param, said }) =>
      ABOUT_REQUEST.includes(status ?? 0) && (param.split(/[.[]/)[0] === name || words.test(said)),
  };
}

/** "The encrypted content gAAA… could not be verified", "Item 'rs_…' … not persisted", "… without its required …" */
const OWN_FORM =
  /encrypted content .*could not be|not persisted when|without its required|reasoning_(content|details)|extra_content/i;

/** Groq: "'messages.1' : property 'reasoning' is unsupported". Mistral: "messages.1.assistant.reasoning Extra inputs are not permitted" */
const IN_A_TURN =
  /\b(messages|input)\W+\d.*(unsupported|not (permitted|allowed|supported)|un(known|recognized|expected)|forbidden)/is;

/** Reasoning that was made with another key, or that the service does not know any more; and fields that it does not take back. */
const ownTurns: Quirk = {
  name: OWN_TURNS,
  isRefusedBy: ({ status, code, type, param, said }) =>
    ABOUT_REQUEST.includes(status ?? 0) &&
    (code === "invalid_encrypted_content" ||
      OWN_FORM.test(said) ||
      IN_A_TURN.test(`${param} ${type} ${said}`)),
};

/** Turns that tell no thoughts, as those of another model do: the field is added to them. */
export const WANTS_THOUGHTS = "turns without thoughts";

const wantsThoughts: Quirk = {
  name: WANTS_THOUGHTS,
  isRefusedBy: ({ status, said }) =>
    ABOUT_REQUEST.includes(status ?? 0) &&
    /reasoning_content.{0,120}(must|missing|required)|(missing|must|requires?|without).{0,80}reasoning_content/i.test(
      said,
    ),
};

/** Mistral: "Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9." */
const LONG_IDS = "long ids";

const longIds: Quirk = {
  name: LONG_IDS,
  isRefusedBy: ({ status, said }) =>
    ABOUT_REQUEST.includes(status ?? 0) && /\bid\b.*(a-z|length|too long|pattern|alphanumeric)/i.test(said),
};

/** OpenAI's newer models, wherever they are served: "Use 'max_completion_tokens' instead." Others know the old name alone. */
export const OLD_LIMIT = "max_tokens";

const oldLimit: Quirk = {
  name: OLD_LIMIT,
  isRefusedBy: ({ status, said }) =>
    ABOUT_REQUEST.includes(status ?? 0) && /max_completion_tokens/.test(said),
};

/** Gemma's and Mistral's templates, of which llama.cpp tells as of a fault of its own: then the user says what the system would. */
export const SYSTEM = "system";

const system: Quirk = {
  name: SYSTEM,
  isRefusedBy: ({ status, said }) =>
    [...ABOUT_REQUEST, 500].includes(status ?? 0) &&
    /system role (is )?not supported|roles are supported, got system|roles must alternate/i.test(said),
};

export const QUIRKS: Readonly<Record<Endpoint["api"], readonly Quirk[]>> = {
  responses: [
    // "Unsupported parameter: 'reasoning.effort'…", "…must be verified to generate reasoning summaries."
    field("reasoning", /reasoning\.(effort|summary)|reasoning summar/i),
    // "Encrypted content is not supported with this model."
    field("include", /encrypted content is not supported|'include'/i),
    field("parallel_tool_calls", /parallel_tool_calls/),
    field("prompt_cache_key", /prompt_cache_key/),
    ownTurns,
  ],
  chat: [
    field("stream_options", /stream_options|include_usage/),
    wantsThoughts,
    longIds,
    oldLimit,
    system,
    ownTurns,
  ],
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
  const isShort = learned.refused.has(LONG_IDS);
  return { ownForm, idOf: (id) => (isShort ? shortId(id) : ownIds.has(id) ? id : portableId(id)) };
}

function shortId(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : hashOf(id).slice(0, 9);
}

/**
 * A call's arguments as they are sent again: as the model wrote them, so that cached prefixes still match. What no
 * server could parse is replaced; the result of the call tells the model what was wrong.
 */
export function replayArguments(written: string): string {
  const { input } = parseArguments(written);
  const clean = JSON.stringify(wellFormed(input));
  const isFit = /^[ \t\r\n]*\{.*\}[ \t\r\n]*$/s.test(written) && clean === JSON.stringify(input);
  return isFit && clean !== "{}" ? written : clean;
}

/** What either dialect counted. Input holds what was cached, and output holds the reasoning. */
export function usageOf(usage: unknown): Usage {
  const counts = recordOf(usage);
  const details = recordOf(counts.input_tokens_details ?? counts.prompt_tokens_details);
  const { prompt_cache_hit_tokens: hit, cache_read_input_tokens: read } = counts;
  const { cache_creation_input_tokens: written } = counts;
  const known = knownCounts({
    input: counts.input_tokens ?? counts.prompt_tokens,
    // DeepSeek, Moonshot and Anthropic have names of their own.
    cached: details.cached_tokens ?? hit ?? counts.cached_tokens ?? read,
    cacheWrite: details.cache_write_tokens ?? written,
    output: counts.output_tokens ?? counts.completion_tokens,
    reasoning: recordOf(counts.output_tokens_details ?? counts.completion_tokens_details).reasoning_tokens,
  });
  const { input, cached = 0, cacheWrite = 0 } = known;
  // Gateways to Anthropic count as it does: what was cached is no part of the input.
  const isApart = input !== undefined && input < cached + cacheWrite;
  return isApart ? { ...known, input: input + cached + cacheWrite } : known;
}
