import type { ModelError, ModelErrorKind } from "./model.ts";
import { quote } from "./text.ts";

/** The user asked for something that cannot be done as asked. The message is theirs to read; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

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

/**
 * What a failed connection means, from anywhere in the chain of causes: SDKs wrap `fetch failed`, which wraps the
 * socket's error. Undefined for an error that has nothing to do with the network.
 */
export function explainNetwork(error: unknown, service: string): ModelError | undefined {
  for (const cause of causesOf(error)) {
    const known = explainCode(cause, service) ?? explainWords(cause.message, service);
    if (known) return known;
  }
  return undefined;
}

/** From the innermost cause outwards: the deepest one knows most. */
function causesOf(error: unknown): (Error & { code?: unknown })[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.unshift(cause);
  }
  return causes;
}

const LOST = new Set([
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);
const SILENT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
const NO_ROUTE = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;

function explainCode(cause: Error & { code?: unknown }, service: string): ModelError | undefined {
  const code = typeof cause.code === "string" ? cause.code : "";
  if (code === "ECONNREFUSED") return refused(cause, service);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const host = "hostname" in cause ? ` ${String(cause.hostname)}` : "";
    return unreachable(`${service} is not reachable: the host${host} is not found.`, {
      hint: "Check the network, and the base URL if you set one.",
    });
  }
  if (LOST.has(code)) return lost(service);
  if (SILENT.has(code)) {
    return { kind: "timeout", message: `${service} took too long to answer.`, retryable: true };
  }
  if (NO_ROUTE.has(code)) {
    return unreachable(`${service} is not reachable (${code}).`, { hint: "Check the network." });
  }
  if (TLS.test(code)) {
    return unreachable(`${service} has no secure connection: ${quote(cause.message)} (${code}).`, {
      retryable: false,
      hint: "Check http:// or https:// in the base URL. NODE_EXTRA_CA_CERTS names a file of extra certificates.",
    });
  }
  if (code.startsWith("HPE_")) {
    return {
      kind: "bad_reply",
      message: `${service} answered with something that is no HTTP.`,
      retryable: true,
    };
  }
  if (code.startsWith("UND_ERR_")) return unreachable(`${service} is not reachable (${code}).`);
  return undefined;
}

/** Errors that carry no code. `terminated` is what fetch says when the socket dies inside a body. */
function explainWords(message: string, service: string): ModelError | undefined {
  if (/^terminated$|other side closed|premature close|socket hang up/i.test(message)) return lost(service);
  if (/^(fetch failed|network error|Connection error\.?)$/i.test(message)) {
    return unreachable(`${service} is not reachable.`, {
      hint: "Check the network, and the base URL if you set one.",
    });
  }
  return undefined;
}

/** On this machine only the user can start the server: trying again would just make them wait for the message. */
function refused(cause: Error, service: string): ModelError {
  const { address, port } = addressOf(cause);
  const local = address === undefined || address === "::1" || address.startsWith("127.");
  return unreachable(`${service} is not running: nothing answers on port ${port ?? "?"}.`, {
    retryable: !local,
    hint: local ? "Start it, or correct its address." : "Check the address.",
  });
}

/** `localhost` is two addresses, so its refusal is an AggregateError with the details inside. */
function addressOf(cause: Error & { address?: string; port?: number }): { address?: string; port?: number } {
  return cause instanceof AggregateError ? addressOf(cause.errors[0]) : cause;
}

function lost(service: string): ModelError {
  return {
    kind: "cut_off",
    message: `${service} closed the connection before its reply was complete.`,
    retryable: true,
  };
}

function unreachable(message: string, more: { retryable?: boolean; hint?: string } = {}): ModelError {
  return { kind: "unreachable", message, retryable: true, ...more };
}
