import type { RefusalName, RetryHint } from "./fault.ts";
import type { ScriptedReply, View } from "./script.ts";

/** A provider's service behind the server. What it has issued is kept in its closure: one service, one server. */
export interface Service {
  readonly contentType: string;
  /** The environment that points an agent at the server. */
  env(url: string): Record<string, string>;
  /** The model that a request asks for. */
  model(call: HttpCall): string;
  /** Whether the path asks for a reply; all other paths are looked up. */
  asksForReply(call: HttpCall): boolean;
  /** The answer to a question about models, as JSON. Throws a `Refusal`. */
  lookUp(call: HttpCall): unknown;
  /** Throws a `Refusal` for an invalid request. The body is undefined when it was no JSON. */
  validate(call: HttpCall): void;
  view(body: unknown): View;
  /** The events of one reply. Throws a `Refusal` where the service notices only now. */
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

export interface HttpCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly body: unknown;
}

/** One event, as it stands on the wire. */
export interface Frame {
  readonly carries: "open" | "reasoning" | "text" | "call" | "end" | "after";
  readonly text: string;
}

/** An answer that is no reply: status and body are the real service's. */
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

/** A line of NDJSON. */
export function line(carries: Frame["carries"], data: unknown): Frame {
  return { carries, text: `${JSON.stringify(data)}\n` };
}
