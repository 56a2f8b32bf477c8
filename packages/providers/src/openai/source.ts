import { cutOff, ModelFailure, quote } from "@eightfold/core";
import type { Endpoint } from "./endpoint.ts";
import type { Seen } from "./tap.ts";

/** Whose reply is being read, and what the reader has to know of it. */
export interface Source {
  readonly endpoint: Endpoint;
  readonly model: string;
  /** The ids of all earlier calls: some servers number their calls anew in each reply. */
  readonly taken: ReadonlySet<string>;
  readonly seen: Readonly<Seen>;
}

/** For a stream that ended without its last mark: it was cut, or it never was a stream. */
export function endedEarly({ endpoint: { label }, seen }: Source): ModelFailure {
  if (seen.events || !/json|html/.test(seen.contentType)) {
    return cutOff(`${label} ended its reply without saying that it was complete.`);
  }
  return new ModelFailure({
    kind: "bad_reply",
    message: `${label} answered with ${quote(seen.contentType)} where a stream of events was asked for.`,
    hint: "Check OPENAI_BASE_URL, and that the server can stream.",
    retryable: false,
  });
}
