/** A conversation: what was said, in order. It is sent again, whole, with every request. */
export type Conversation = Message[];

export type Message = UserMessage | AssistantMessage | ToolResult;

export interface UserMessage {
  readonly role: "user";
  readonly text: string;
}

/** One reply of the model. Empty text and no calls means that it was interrupted before it said anything. */
export interface AssistantMessage {
  readonly role: "assistant";
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** What the model revealed of its thinking: shown to the user, never needed to continue. */
  readonly reasoning?: string;
  readonly native?: NativeTurn;
}

/**
 * The same reply in the words of the provider that gave it (OpenAI's output items, Gemini's parts with their
 * thought signatures). It is sent back untouched to the same provider and model, and dropped for any other.
 */
export interface NativeTurn {
  readonly provider: string;
  readonly model: string;
  readonly data: unknown;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Why the call must not run: its arguments were not a JSON object, or the reply was cut before they ended. */
  readonly invalid?: string;
}

/** The answer to one call. Every call has exactly one. */
export interface ToolResult {
  readonly role: "tool";
  readonly callId: string;
  readonly name: string;
  /** What the model reads. */
  readonly text: string;
  readonly isError: boolean;
  /** What the user sees: the outcome in a few words ("42 lines", "exit 1, 2.1 s"). */
  readonly summary: string;
  /** For a changed file: a unified diff, for the user. */
  readonly diff?: string;
}

/** Tokens. An absent number is unknown, never zero. */
export interface Usage {
  /** All input tokens; `cached` and `cacheWrite` are parts of them. */
  readonly input?: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  /** All output tokens; `reasoning` is a part of them. */
  readonly output?: number;
  readonly reasoning?: number;
  /** Counted by us from the text, where the provider reports nothing. */
  readonly estimated?: true;
}

/**
 * Why a reply, or a turn, ended. A turn never ends with `tool_calls`. One that ends with `denied` did nothing that it
 * tried to do, because it needed permission and nobody was there to give it.
 */
export type StopReason =
  | "done"
  | "tool_calls"
  | "length"
  | "refused"
  | "aborted"
  | "error"
  | "step_limit"
  | "loop"
  | "denied";
