/** What OpenAI's models, and the servers that imitate OpenAI, do not take or do otherwise. */
import type { AssistantMessage, Message, Usage } from "@eightfold/core";
import { parseArguments } from "../call-arguments.ts";
import { type Learned, nothingLearned, OWN_TURNS, type Quirk } from "../learning.ts";
import { ownTurn } from "../turns.ts";
import { hashOf, knownCounts, portableId, recordOf, wellFormed } from "../wire-values.ts";
import type { Endpoint } from "./server.ts";

/** Older models refuse to hear of reasoning. For names that nobody knows, the first refusal tells. */
export function learnedOf(model: string): Learned {
  const isOld = /^(ft:)?(gpt-3|gpt-4|chatgpt)/.test(model);
  return isOld ? nothingLearned("reasoning", "include") : nothingLearned();
}

/** Turns that tell no thoughts, as those of another model do: the field is added to them. */
export const WANTS_THOUGHTS = "turns without thoughts";

const LONG_IDS = "long ids";

/** OpenAI's newer models, wherever they are served, know a new name alone, and others the old one. */
export const OLD_LIMIT = "max_tokens";

const REFUSED_TURNS: readonly Quirk[] = [
  // Made with another key, or unknown to the service by now: "The encrypted content gAAA… could not be verified", "Item 'rs_…' …
  // not persisted", "… without its required …"
  {
    name: OWN_TURNS,
    words:
      /^invalid_encrypted_content$|encrypted content .*could not be|not persisted when|without its required|reasoning_(content|details)|extra_content/im,
  },
  // Groq: "'messages.1' : property 'reasoning' is unsupported". Mistral: "messages.1.assistant.reasoning Extra inputs are not permitted"
  {
    name: OWN_TURNS,
    words:
      /\b(messages|input)\W+\d.*(unsupported|not (permitted|allowed|supported)|un(known|recognized|expected)|forbidden)/is,
  },
];

/** Messages of the user in a row: where they are refused, they are sent as one. */
export const USERS_IN_A_ROW = "users in a row";

/** A system prompt: where it is refused, the user says it. */
export const SYSTEM = "system";

/** llama.cpp tells of what a model's template refuses as of a fault of its own. */
const TEMPLATE = [400, 404, 422, 500];

export const QUIRKS: Readonly<Record<Endpoint["api"], readonly Quirk[]>> = {
  responses: [
    // "Unsupported parameter: 'reasoning.effort'…", "…must be verified to generate reasoning summaries."
    { name: "reasoning", words: /^reasoning\b|reasoning\.(effort|summary)|reasoning summar/im },
    // "Encrypted content is not supported with this model."
    { name: "include", words: /^include\b|encrypted content is not supported|'include'/im },
    { name: "parallel_tool_calls", words: /parallel_tool_calls/ },
    { name: "prompt_cache_key", words: /prompt_cache_key/ },
    ...REFUSED_TURNS,
  ],
  chat: [
    { name: "stream_options", words: /stream_options|include_usage/ },
    {
      name: WANTS_THOUGHTS,
      words:
        /reasoning_content.{0,120}(must|missing|required)|(missing|must|requires?|without).{0,80}reasoning_content/i,
    },
    // Mistral: "Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9."
    { name: LONG_IDS, words: /\bid\b.*(a-z|length|too long|pattern|alphanumeric)/i },
    // "Use 'max_completion_tokens' instead."
    { name: OLD_LIMIT, words: /max_completion_tokens/ },
    // Gemma's and Mistral's templates: "Conversation roles must alternate user/assistant/…", "System role not supported"
    { name: USERS_IN_A_ROW, statuses: TEMPLATE, words: /roles must alternate/i },
    {
      name: SYSTEM,
      statuses: TEMPLATE,
      words: /system role (is )?not supported|roles are supported, got system|roles must alternate/i,
    },
    ...REFUSED_TURNS,
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
