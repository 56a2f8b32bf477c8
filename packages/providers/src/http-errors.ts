/** What a refusal says, and what an HTTP status or a failed connection means, whichever service it was. */
import {
  type ModelError,
  type ModelErrorKind,
  ModelFailure,
  quote,
  waitFromHeaders,
  waitFromText,
} from "@eightfold/core";
import { isRecord, listOf, parseJson, recordOf, wordsOf } from "./wire-values.ts";

/** A service's "no", as an HTTP answer or as an error inside a stream. Absent texts are empty. */
export interface Refusal {
  /** Of the HTTP answer; absent inside a stream. */
  readonly status?: number;
  /** The HTTP status that the body tells: OpenRouter and vLLM give it as the code. */
  readonly told?: number;
  readonly code: string;
  readonly type: string;
  /** The part of the request that it is about: "reasoning.summary". */
  readonly param: string;
  readonly said: string;
  /** https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto */
  readonly details: readonly Readonly<Record<string, unknown>>[];
  readonly headers?: Headers;
}

/** What our fetch throws for a refusal, under every SDK. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    // Not in its words: SDKs look for "timed out" in them, and throw an error of their own.
    super("The service refused the request.");
    this.refusal = refusal;
  }
}

/** The refusal in an error: SDKs wrap what their fetch throws. */
export function refusalOf(error: unknown): Refusal | undefined {
  return causesOf(error).find((cause) => cause instanceof Refused)?.refusal;
}

type ErrorBody = Omit<Refusal, "status" | "headers">;

/**
 * Reads an error's body: OpenAI's `{ code, type, param, message }`, FastAPI's `{ detail: [{ loc, msg }] }`, a mere
 * text, any of them in a list, under `error`, or as JSON in a text (a gateway passes on what the server behind it
 * said). The innermost reason is the one that helps.
 */
export function readErrorBody(body: unknown): ErrorBody {
  return { code: "", type: "", param: "", said: "", details: [], ...readReason(body, 0) };
}

const lower = (letter: string) => letter.toLowerCase();

function readReason(sent: unknown, depth: number): Partial<ErrorBody> {
  if (depth > 8) return {};
  if (Array.isArray(sent)) return innermost(sent.slice(0, 8), depth);
  if (!isRecord(sent)) {
    const said = typeof sent === "string" ? wordsOf(sent) : "";
    const inner = readReason(jsonIn(said), depth + 1);
    return inner.said ? inner : { ...(said && { said }) };
  }
  // Microsoft's and Amazon's names begin with a capital.
  const fields = Object.entries(sent).map(([name, each]) => [name.replace(/^[A-Z]/, lower), each] as const);
  const value = Object.fromEntries(fields);
  const { error, message, detail, metadata, response, retry_after } = value;
  const phrases = typeof error === "string" ? [message, detail, error] : [error, message, detail];
  const { raw } = recordOf(metadata);
  const { status_msg } = recordOf(value.base_resp);
  const inner = [raw, ...phrases, value.errors, value.fault, value.faultstring, value.msg, status_msg];
  const last = [value.error_description, value.reason, value.title, recordOf(response).error];
  const sentence = Object.values(value).find((each) => typeof each === "string" && /\s/.test(each));
  const { said = "", ...more } = innermost([...inner, ...last, sentence], depth);
  const loc = listOf(value.loc).map(wordsOf).join(".");
  const place = loc.replace(/^body\.?/, "");
  const words = place && said ? `${place}: ${said}` : said;
  const told = [value.code, value.status, value.statusCode]
    .map(wordsOf)
    .map(Number)
    .find((code) => code >= 400 && code < 600);
  const own = {
    code: wordsOf(value.code),
    type: wordsOf(value.type),
    param: wordsOf(value.param) || place,
    details: [...listOf(value.details), Number(retry_after) && { retryDelay: `${retry_after}s` }].filter(
      isRecord,
    ),
  };
  const known = Object.entries(own).filter(([, each]) => each.length > 0);
  return { ...Object.fromEntries(known), ...(told && { told }), ...more, ...(words && { said: words }) };
}

/** What the first value with a reason says, or else the first with a code. */
function innermost(values: readonly unknown[], depth: number): Partial<ErrorBody> {
  const read = values.map((value) => readReason(value, depth + 1));
  return read.find(({ said }) => said) ?? read.find(({ code }) => code) ?? {};
}

/** The JSON that a text is, or ends with: "got status: UNAVAILABLE. {…}". */
function jsonIn(text: string): unknown {
  return /[}\]]$/.test(text) ? parseJson(text.slice(text.search(/[{[]/))) : undefined;
}

/** What a refusal means where its own words say nothing better: by its status, or the one it would have had. */
export function explainRefusal(service: string, refusal: Refusal): ModelError {
  const { status, code, type, said, headers, details } = refusal;
  const isLimit = /rate_?limit|too_?many|throttl/i.test(`${code} ${type}`);
  const told = refusal.told ?? (isLimit ? 429 : STATUS.get(type));
  const delay = details.find(({ retryDelay }) => typeof retryDelay === "string")?.retryDelay;
  const wait = waitFromHeaders(headers) ?? waitFromText(`retry in ${wordsOf(delay)}`) ?? waitFromText(said);
  // Services break a reply off when they are in trouble.
  const assumed = status ?? told ?? 503;
  const error = explainStatus(service, { status: assumed, said: said || code.replace(/^\d+$/, "") }, wait);
  // OpenAI, Anthropic, and gateways that have tried again themselves, say in a header whether asking again may help.
  const advice = headers?.get("x-should-retry");
  const retryable = advice === "true" || (advice !== "false" && error.retryable);
  if (status !== undefined) return { ...error, retryable };
  const { status: _, ...rest } = error;
  const message = `${service} broke off its reply: ${quote(said) || quote(code) || "no reason given"}`;
  return { ...rest, message, ...(told !== undefined && { status: told }) };
}

/** What an error has for a status where it comes inside a stream. https://platform.claude.com/docs/en/api/errors */
const STATUS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ invalid_request_error: 400, authentication_error: 401, billing_error: 402, permission_error: 403 },
    ...{ not_found_error: 404, request_too_large: 413, api_error: 500, timeout_error: 504 },
    overloaded_error: 529,
  }),
);

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
  return KINDS[status] ?? (status >= 500 ? "overloaded" : "bad_request");
}

const KINDS: Readonly<Record<number, ModelErrorKind>> = {
  ...{ 401: "bad_key", 402: "quota", 403: "no_access", 413: "context_too_long", 429: "rate_limit" },
  ...{ 408: "timeout", 504: "timeout", 524: "timeout" },
  // 499: Gemini's "cancelled". 409 and 425 ask for the same request again, a little later.
  ...{ 409: "overloaded", 425: "overloaded", 499: "overloaded" },
};

/**
 * What a failed connection means, from anywhere in the chain of causes: SDKs wrap `fetch failed`, which wraps the
 * socket's error. Undefined for an error that has nothing to do with the network.
 */
export function explainNetwork(error: unknown, service: string): ModelError | undefined {
  return causesOf(error)
    .map((cause) => (cause instanceof ModelFailure ? cause.error : explainCause(cause, service)))
    .find((known) => known !== undefined);
}

/** An error and its causes. The innermost comes first: it knows most. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause)
    causes.unshift(cause);
  return causes;
}

const CHECK_URL = { hint: "Check the network, and the base URL if you set one." };

const NO_ROUTE = /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;
/** `terminated` is what fetch says when the socket dies inside a body. */
const LOST =
  /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|terminated)$|other side closed|premature close|socket hang up/i;

/** What happened, by the code of an error, its name or its words. The first that fits decides. */
const SIGNS: readonly [RegExp, ModelErrorKind, string, Partial<ModelError>?][] = [
  [/^(UND_ERR_(HEADERS|BODY)_TIMEOUT|TimeoutError)$/, "timeout", "took too long to answer."],
  [NO_ROUTE, "unreachable", "is not reachable (CODE).", { hint: "Check the network." }],
  // https://fetch.spec.whatwg.org/#bad-port
  [/^bad port$/, "unreachable", "is at a port that is blocked.", { retryable: false }],
  [/^HPE_/, "bad_reply", "answered with something that is not HTTP."],
  [/^Z_/, "bad_reply", "sent a body that cannot be decompressed."],
  [LOST, "cut_off", "closed the connection before its reply was complete."],
  [/^UND_ERR_/, "unreachable", "is not reachable (CODE)."],
  [/^(fetch failed|network error|Connection error\.?)$/i, "unreachable", "is not reachable.", CHECK_URL],
];

const TLS = /^(EPROTO$|CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;

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
    const what = `is not reachable: the host${host} is not found.`;
    // EAI_AGAIN: the name service did not answer. ENOTFOUND: it did, and knows no such host.
    return failure("unreachable", what, { ...CHECK_URL, retryable: code === "EAI_AGAIN" });
  }
  if (TLS.test(code)) {
    // OpenSSL's message names its own source, around the reason.
    const [, reason = cause.message] = /SSL routines:[^:]*:([^:]+)/.exec(cause.message) ?? [];
    const said = "reason" in cause ? String(cause.reason) : reason;
    return failure("unreachable", `has no secure connection: ${quote(said)} (${code}).`, {
      retryable: false,
      hint: "Check http:// or https:// in the base URL. NODE_EXTRA_CA_CERTS names a file of extra certificates.",
    });
  }
  const signs = [code, cause.name, cause.message];
  const [, kind, what = "", more] = SIGNS.find(([words]) => signs.some((sign) => words.test(sign))) ?? [];
  return kind && failure(kind, what.replace("CODE", code), more);
}

/** `localhost` is two addresses, so its refusal is an AggregateError with the details inside. */
function addressOf(cause: Error & { address?: string; port?: number }): { address?: string; port?: number } {
  return cause instanceof AggregateError ? addressOf(cause.errors[0]) : cause;
}
