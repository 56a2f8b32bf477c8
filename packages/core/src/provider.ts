import type { AssistantMessage, StopReason, Usage } from "./conversation.ts";
import type { ModelError, ModelEvent, ModelRequest } from "./model.ts";

/**
 * What a provider's adapter supplies: one attempt at one reply. Everything that providers share (retries, the
 * idle watchdog, aborts, partial text, errors as values) is added by `modelOf`.
 */
export interface Provider {
  readonly provider: string;
  readonly name: string;
  /** As messages to the user name the service, at the beginning of a sentence. Default: `provider`. */
  readonly label?: string;
  /** How long the service may say nothing before the attempt is given up. */
  readonly idleMs?: number;
  /** Yields text as it comes and returns the complete reply; throws whatever went wrong. */
  attempt(request: ModelRequest, watch: Watch): AsyncGenerator<Delta, CompleteReply>;
  /** The tokens of context that the model runs with, where the service tells. */
  contextWindow?(signal: AbortSignal): Promise<number>;
  /** What a reply cost, in US dollars; undefined when its price is not known. */
  costOf?(usage: Usage): number | undefined;
  /** Says what a thrown error means; undefined for one that only the shared classification knows. */
  explain(error: unknown): ModelError | undefined;
}

export interface Watch {
  /** Aborted by the user, by the idle watchdog, and when the attempt is over. */
  readonly signal: AbortSignal;
  /** To be called for each thing that arrives: it restarts the idle clock. */
  alive(): void;
}

export type Delta = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;

export interface CompleteReply {
  readonly message: AssistantMessage;
  readonly stop: Extract<StopReason, "done" | "tool_calls" | "length" | "refused">;
  readonly usage: Usage;
}
