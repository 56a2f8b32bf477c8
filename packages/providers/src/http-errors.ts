/** What an HTTP status or a failed connection means, whichever service it was. */
import { type ModelError, type ModelErrorKind, quote } from "@eightfold/core";
import { isRecord, recordOf } from "./wire-values.ts";

/** A service's "no", as an HTTP answer or as an error inside a stream. Absent texts are empty. */
export interface Refusal {
  /** Absent inside a stream, unless the service names one. */
  readonly status?: number;
  readonly code: string;
  readonly type: string;
  /** The part of the request that it is about: "reasoning.summary". */
  readonly param: string;
  readonly said: string;
  /** https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto */
  readonly details: readonly Readonly<Record<string, unknown>>[];
  readonly headers?: Headers;
}

/**
 * Reads an error's body: OpenAI's `{ code, type, param, message }`, FastAPI's `{ detail }`, a mere string, any of
 * them under `error` or in a list of one. OpenRouter and vLLM give the HTTP status as the code.
 */
export function readErrorBody(body: unknown, fallback: string): Omit<Refusal, "status" | "headers"> {
  const [first] = Array.isArray(body) ? body : [body];
  const error = recordOf(first).error ?? first;
  const { code, type, param, message, detail, details } = recordOf(error);
  const said = [error, message, detail].find((text) => typeof text === "string" && text !== "");
  return {
    code: textOf(code),
    type: textOf(type),
    param: textOf(param),
    said: textOf(said) || fallback,
    details: Array.isArray(details) ? details.filter(isRecord) : [],
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What an HTTP status means where the service's own error code says nothing better. */
export function explainStatus(
  /** Who answered, as the user knows it: "OpenAI", "Ollama at http://127.0.0.1:11434". */
  service: string,
  { status, said = "" }: { readonly status: number; readonly said?: string },
  retryAfterMs?: number,
): ModelError {
  const words = quote(said);
  const kind = kindOf(status);
  return {
    kind,
    message: `${service} answered ${status}${words && `: ${words}`}`,
    retryable: ["timeout", "rate_limit", "overloaded"].includes(kind) && status !== 501,
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

/**
 * What a failed connection means, from anywhere in the chain of causes: SDKs wrap `fetch failed`, which wraps the
 * socket's error. Undefined for an error that has nothing to do with the network.
 */
export function explainNetwork(error: unknown, service: string): ModelError | undefined {
  // The innermost cause first: it knows most.
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.unshift(cause);
  }
  return causes.map((cause) => explainCause(cause, service)).find((known) => known !== undefined);
}

const LOST = /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/;
const SILENT = /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/;
const NO_ROUTE = /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;
/** Of errors without a code. `terminated` is what fetch says when the socket dies inside a body. */
const LOST_WORDS = /^terminated$|other side closed|premature close|socket hang up/i;
const UNREACHED_WORDS = /^(fetch failed|network error|Connection error\.?)$/i;

const CHECK_URL = { hint: "Check the network, and the base URL if you set one." };

function explainCause(cause: Error & { code?: unknown }, service: string): ModelError | undefined {
  const code = typeof cause.code === "string" ? cause.code : "";
  const failure = (kind: ModelErrorKind, what: string, more: Partial<ModelError> = {}): ModelError => ({
    kind,
    message: `${service} ${what}`,
    retryable: true,
    ...more,
  });
  if (code === "ECONNREFUSED") {
    const { address = "::1", port = "?" } = addressOf(cause);
    const isLocal = address === "::1" || address.startsWith("127.");
    return failure("unreachable", `is not running: nothing answers on port ${port}.`, {
      // On this machine only the user can start the server: trying again would just make them wait for the message.
      retryable: !isLocal,
      hint: isLocal ? "Start it, or correct its address." : "Check the address.",
    });
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const host = "hostname" in cause ? ` ${String(cause.hostname)}` : "";
    return failure("unreachable", `is not reachable: the host${host} is not found.`, CHECK_URL);
  }
  if (SILENT.test(code)) return failure("timeout", "took too long to answer.");
  if (NO_ROUTE.test(code)) {
    return failure("unreachable", `is not reachable (${code}).`, { hint: "Check the network." });
  }
  if (TLS.test(code)) {
    return failure("unreachable", `has no secure connection: ${quote(cause.message)} (${code}).`, {
      retryable: false,
      hint: "Check http:// or https:// in the base URL. NODE_EXTRA_CA_CERTS names a file of extra certificates.",
    });
  }
  if (code.startsWith("HPE_")) return failure("bad_reply", "answered with something that is no HTTP.");
  if (LOST.test(code) || LOST_WORDS.test(cause.message)) {
    return failure("cut_off", "closed the connection before its reply was complete.");
  }
  if (code.startsWith("UND_ERR_")) return failure("unreachable", `is not reachable (${code}).`);
  if (UNREACHED_WORDS.test(cause.message)) return failure("unreachable", "is not reachable.", CHECK_URL);
  return undefined;
}

/** `localhost` is two addresses, so its refusal is an AggregateError with the details inside. */
function addressOf(cause: Error & { address?: string; port?: number }): { address?: string; port?: number } {
  return cause instanceof AggregateError ? addressOf(cause.errors[0]) : cause;
}
