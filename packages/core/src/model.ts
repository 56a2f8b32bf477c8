import type { AssistantMessage, Message, StopReason, Usage } from "./conversation.ts";

/** A language model behind one provider. */
export interface Model {
  /** "openai", "anthropic", "gemini", "ollama" or "demo". */
  readonly provider: string;
  readonly name: string;
  /**
   * Asks for one reply: yields its text as it comes, and returns the whole of it. Failures are values in the
   * reply, and so is an abort; nothing is thrown but bugs.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, Reply>;
  /** The tokens of context that it runs with, if the service says so. Rejects when the service cannot be asked. */
  contextWindow?(signal: AbortSignal): Promise<number>;
}

export interface ModelRequest {
  readonly system?: string;
  readonly conversation: readonly Message[];
  readonly tools?: readonly ToolDeclaration[];
}

/** What a model is told about a tool. */
export interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export type ModelEvent =
  | { readonly type: "text_delta"; readonly text: string }
  | { readonly type: "reasoning_delta"; readonly text: string }
  /** The request failed and is made again after `waitMs`; what was streamed of this reply so far is void. */
  | { readonly type: "retry"; readonly attempt: number; readonly waitMs: number; readonly error: ModelError }
  | ReplyEnd;

/** A finished reply. After `aborted` or `error`, `message` holds the text that had come, and no calls. */
export interface Reply {
  readonly message: AssistantMessage;
  readonly stop: StopReason;
  readonly usage: Usage;
  /** US dollars; absent when the price is not known. */
  readonly costUsd?: number;
  /** Present when, and only when, `stop` is `error`. */
  readonly error?: ModelError;
}

/** The last event of every reply. */
export interface ReplyEnd extends Omit<Reply, "message"> {
  readonly type: "reply_end";
  readonly provider: string;
  readonly model: string;
}

/** What went wrong with a request, in words a person can act on. */
export interface ModelError {
  readonly kind: ModelErrorKind;
  /** What happened, and to what: one line. */
  readonly message: string;
  /** What the user can do next: one line. */
  readonly hint?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** The HTTP status, where there was one. */
  readonly status?: number;
}

export type ModelErrorKind =
  | "no_key"
  | "bad_key"
  | "no_access"
  | "unknown_model"
  | "no_tools"
  | "quota"
  | "rate_limit"
  | "overloaded"
  | "context_too_long"
  | "blocked"
  | "bad_request"
  | "bad_reply"
  | "unreachable"
  | "cut_off"
  | "timeout";

/**
 * What a provider's adapter supplies: one attempt at one reply. Everything that providers share (retries, the
 * idle watchdog, aborts, partial text, errors as values) is added by `modelOf`.
 */
export interface Provider {
  readonly provider: string;
  readonly name: string;
  /** As messages to the user name the service, at the beginning of a sentence. Default: `provider`. */
  readonly label?: string;
  /** How long the service may stay silent before the attempt is given up. */
  readonly idleMs?: number;
  /** Yields text as it comes and returns the complete reply; throws whatever went wrong. */
  attempt(request: ModelRequest, watch: Watch): AsyncGenerator<Delta, CompleteReply>;
  /** The tokens of context that the model runs with, if the service says so. */
  contextWindow?(signal: AbortSignal): Promise<number>;
  /** What a reply cost, in US dollars; undefined when its price is not known. */
  costOf?(usage: Usage): number | undefined;
  /** Says what a thrown error means; undefined for one that it does not know. */
  explain(error: unknown): ModelError | undefined;
}

export interface Watch {
  /** Aborted by the user, by the idle watchdog, and when the attempt is over. */
  readonly signal: AbortSignal;
  /** Call this for everything that arrives: it restarts the idle clock. */
  alive(): void;
}

export type Delta = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;

export interface CompleteReply {
  readonly message: AssistantMessage;
  readonly stop: Extract<StopReason, "done" | "tool_calls" | "length" | "refused">;
  readonly usage: Usage;
}
