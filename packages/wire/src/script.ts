import type { Usage } from "@eightfold/core";
import type { Dialect } from "./dialects.ts";
import type { Fault } from "./fault.ts";

/**
 * What the model says: one entry for each valid request, or a function of the request and of how many replies
 * were given before. A script that has nothing to say answers HTTP 500 "the script is over".
 */
export type Script =
  | readonly ScriptedReply[]
  | ((
      request: RecordedRequest,
      index: number,
    ) => ScriptedReply | undefined | Promise<ScriptedReply | undefined>);

/**
 * One reply, sent in the order reasoning, text, calls. An empty one is a well-formed reply that says nothing.
 */
export interface ScriptedReply {
  readonly text?: string;
  /** What the model tells of its thinking. */
  readonly reasoning?: string;
  readonly calls?: readonly ScriptedCall[];
  /**
   * `length`: the output limit was reached (inside the last call, if there is one). `refused`: with text, the
   * model declines in those words; without, a filter of the service blocked the reply. Ollama knows no refusals
   * and ends such a reply normally.
   */
  readonly stop?: "length" | "refused";
  /** Tokens to report; what is absent is estimated from the number of characters. */
  readonly usage?: Usage;
  readonly fault?: Fault;
}

export interface ScriptedCall {
  readonly name: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** The arguments as the model wrote them, where they are not a JSON object; instead of `input`. */
  readonly rawArguments?: string;
  /** Default: one that looks like the service's own. */
  readonly id?: string;
}

/** A request for a reply, as it came. */
export interface RecordedRequest {
  readonly dialect: Dialect;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; undefined when it was not JSON. */
  readonly body: unknown;
  readonly raw: string;
  readonly view: View;
  /** The message it was refused with, when it was invalid. A refusal from the script is not recorded here. */
  readonly refusal?: string;
  /** What the service took without a word, and an agent would do better in another way. */
  readonly advice: readonly string[];
  /** True when the client went away before the answer was complete. */
  readonly closedEarly: boolean;
  /** Settles when the exchange is over: answered, cut by a fault, or left by the client. */
  readonly closed: Promise<void>;
}

/** A request read without its dialect, so that one assertion serves all of them. */
export interface View {
  readonly system?: string;
  readonly messages: readonly ViewMessage[];
  readonly tools: readonly ViewTool[];
}

export type ViewMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly ViewCall[] }
  | { readonly role: "tool"; readonly callId: string; readonly name?: string; readonly text: string };

export interface ViewCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ViewTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: unknown;
}

export interface WireOptions {
  /** How the body is cut for the network: pieces of n bytes, or cuts at the worst places. Default: an event each. */
  readonly chunkBytes?: number | "awkward";
  /** A pause before each piece. */
  readonly chunkDelayMs?: number;
  /** Each piece waits until the client has read the one before it, so that none are joined on their way. */
  readonly untilRead?: boolean;
  /** The only model the service knows. Default: any, and a plausible name in `env`. */
  readonly model?: string;
  /** Gemini and Ollama tell how long a context the model takes, in tokens. */
  readonly contextLength?: number;
  /** What Ollama's model can do. Default: completion, tools, thinking. */
  readonly capabilities?: readonly string[];
}
