import type { Message, NativeTurn } from "@eightfold/core";
import type { Endpoint } from "./endpoint.ts";
import type { Refusal } from "./refusal.ts";

/**
 * What one endpoint and model do not take. It is found out by asking: what the service refuses is left out of the
 * same request, once, and of all that follow.
 */
export interface Learned {
  /** Optional fields of the request. */
  readonly refused: Set<string>;
  /** Turns that the service would not take back in their own form: made with another key, say. */
  readonly distrusted: WeakSet<NativeTurn>;
}

/** What one request was sent with. Others that are under way meanwhile may have learned more by its end. */
export interface Sent {
  readonly refused: ReadonlySet<string>;
  /** The turns that went out in their own form. */
  readonly ownTurns: readonly NativeTurn[];
}

export function sentWith({ refused, distrusted }: Learned, conversation: readonly Message[]): Sent {
  const turns = conversation.flatMap((message) => (message.role === "assistant" && message.native) || []);
  return { refused: new Set(refused), ownTurns: turns.filter((turn) => !distrusted.has(turn)) };
}

/** The optional fields of each API, and how a refusal speaks of them where its `param` does not name them. */
const FIELDS: Readonly<Record<Endpoint["api"], Readonly<Record<string, RegExp>>>> = {
  responses: {
    // "Unsupported parameter: 'reasoning.effort'…", "…must be verified to generate reasoning summaries."
    reasoning: /reasoning\.(effort|summary)|reasoning summar/i,
    // "Encrypted content is not supported with this model."
    include: /encrypted content is not supported|'include'/i,
    parallel_tool_calls: /parallel_tool_calls/,
    prompt_cache_key: /prompt_cache_key/,
  },
  chat: { stream_options: /stream_options|include_usage/ },
};

/** "The encrypted content gAAA… could not be verified", "Item 'rs_…' … not persisted", "… without its required …" */
const OWN_FORM =
  /encrypted content .*could not be|not persisted when|without its required|reasoning_(content|details)|extra_content/i;

/** Learns from a refusal. False when the request held nothing that could be left out because of it. */
export function learn(
  { refused, distrusted }: Learned,
  sent: Sent,
  { status, said, code, param }: Refusal,
  api: Endpoint["api"],
): boolean {
  if (status !== 400 && status !== 404 && status !== 422) return false;
  const [named] = param.split(/[.[]/);
  const fields = Object.entries(FIELDS[api]).filter(([name]) => !sent.refused.has(name));
  const field = fields.find(([name, words]) => name === named || words.test(said))?.[0];
  if (field !== undefined) refused.add(field);
  const isOwnForm = code === "invalid_encrypted_content" || OWN_FORM.test(said);
  const turns = isOwnForm ? sent.ownTurns : [];
  for (const turn of turns) distrusted.add(turn);
  return field !== undefined || turns.length > 0;
}
