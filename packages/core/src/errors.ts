import type { ModelError, ModelErrorKind } from "./model.ts";
import { quote } from "./quote.ts";

export { explainNetwork } from "./errors-network.ts";
export { quote } from "./quote.ts";

/** What an adapter throws when it knows what went wrong. `modelOf` makes a reply of it. */
export class ModelFailure extends Error {
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message);
    this.error = error;
  }
}

/** The stream ended without its terminal marker, so what came is no reply. Worth another try. */
export function cutOff(message: string): ModelFailure {
  return new ModelFailure({ kind: "cut_off", message, retryable: true });
}

/** The reply came whole and makes no sense: empty, or malformed. Models do that by chance: worth another try. */
export function badReply(message: string): ModelFailure {
  return new ModelFailure({ kind: "bad_reply", message, retryable: true });
}

export interface HttpRefusal {
  /** Who answered, as the user knows it: "OpenAI", "Ollama at http://127.0.0.1:11434". */
  readonly service: string;
  readonly status: number;
  /** The service's own words, or the raw body. */
  readonly said?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What an HTTP status means where the service's own error code says nothing better. */
export function explainStatus({ service, status, said, retryAfterMs }: HttpRefusal): ModelError {
  const words = quote(said ?? "");
  return {
    kind: kindOf(status),
    message: `${service} answered ${status}${words && `: ${words}`}`,
    retryable: isRetryable(status),
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function kindOf(status: number): ModelErrorKind {
  if (status === 401) return "bad_key";
  if (status === 402) return "quota";
  if (status === 403) return "no_access";
  if (status === 408 || status === 504 || status === 524) return "timeout";
  if (status === 413) return "context_too_long";
  if (status === 429) return "rate_limit";
  // 499: Gemini's "cancelled". 409 and 425 ask for the same request again, a little later.
  return status >= 500 || [409, 425, 499].includes(status) ? "overloaded" : "bad_request";
}

function isRetryable(status: number): boolean {
  return [408, 409, 425, 429, 499].includes(status) || (status >= 500 && status !== 501);
}
