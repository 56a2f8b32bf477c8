import type { RefusalName, RetryHint } from "./fault.ts";
import type { ScriptedReply, View } from "./script.ts";

/** A provider's service behind the server. What it has issued is kept in its closure: one service, one server. */
export interface Service {
  /** What a stream is sent as. */
  contentType(call: HttpCall): string;
  /** What comes with each reply besides. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The environment that points an agent at the server. */
  env(url: string): Record<string, string>;
  /** The model that a request asks for. */
  model(call: HttpCall): string;
  /** Whether the path asks for a reply; all other paths are looked up. */
  asksForReply(call: HttpCall): boolean;
  /** The answer to a question about models, as JSON. Throws a `Refusal`. */
  lookUp(call: HttpCall): unknown;
  /**
   * Throws a `Refusal` for an invalid request, and advises against what the service takes without a word. The body is
   * undefined when it was not JSON.
   */
  validate(call: HttpCall, advise: Advise): void;
  view(body: unknown): View;
  /** The events of one reply, or all of it in one. Throws a `Refusal` where the service notices only now. */
  answer(reply: ScriptedReply, call: HttpCall): Frame[];
  /** The refusals that the service is known for. */
  readonly refusals: Readonly<Partial<Record<RefusalName, (model: string) => Refusal>>>;
  /** HTTP 429, with the wait told in one way; undefined for a way that the service never uses. */
  rateLimited(hint: RetryHint, seconds: number): Refusal | undefined;
  /** A refusal as an event of the stream, after this many others. */
  errorFrame(refusal: Refusal, before: number): Frame;
  /** An error of the script, in the service's own shape. */
  failure(status: number, message: string): Refusal;
}

/** Says what an agent would do better: it works, and then answers worse, or slower, or is kept by the service. */
export type Advise = (words: string) => void;

export interface HttpCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly body: unknown;
}

/** One event, as it is on the wire; `whole` is a reply that is not streamed. */
export interface Frame {
  readonly carries: "open" | "reasoning" | "text" | "call" | "end" | "after" | "whole";
  readonly text: string;
}

/** An answer that is not a reply: status and body are the real service's. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** An event of a text/event-stream. */
export function sse(carries: Frame["carries"], data: unknown, event?: string): Frame {
  const name = event === undefined ? "" : `event: ${event}\n`;
  return { carries, text: `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n` };
}

/** A reply in one piece, for those who ask for no stream. */
export function wholeReply(data: unknown): Frame[] {
  return [{ carries: "whole", text: JSON.stringify(data) }];
}

/** A line of NDJSON. */
export function line(carries: Frame["carries"], data: unknown): Frame {
  return { carries, text: `${JSON.stringify(data)}\n` };
}
