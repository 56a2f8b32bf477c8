/** What a server answers to one request: a refusal, or the beginning of a stream. Nothing of it tells a key. */
import { ModelFailure, quote } from "@eightfold/core";
import { Refused, readErrorBody } from "./http-errors.ts";
import { parseJson } from "./wire-values.ts";

export type WireRecord = Readonly<Record<string, unknown>>;

/** Who answers, for messages, and what of it must never be in one. */
export interface Service {
  /** Begins a sentence. */
  readonly label: string;
  /** The variable that holds its address. */
  readonly variable: string;
  /** Keys: an error that quotes one is told without it. */
  readonly secrets: readonly (string | undefined)[];
}

/**
 * The same fetch, which throws what the server refuses: each SDK has words of its own for that, and to a body of a
 * shape that it does not know it says "[object Object]".
 */
export function throwRefusals(fetch: typeof globalThis.fetch, service: Service): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: "manual" });
    const { ok, status, headers } = response;
    if (ok) return response;
    if (status >= 300 && status < 400) throw hasMoved(response, String(url), service);
    const text = await response.text();
    throw new Refused({ status, headers, ...readRefusal(parseJson(text) ?? text, service) });
  };
}

/** A redirect is not followed: a request that is sent on would lose its body, or its key to somebody else. */
function hasMoved({ status, headers }: Response, url: string, service: Service): ModelFailure {
  const { label, variable, secrets } = service;
  const location = URL.parse(headers.get("location") ?? "//", url);
  const address = location ? withoutSecrets(location.origin + location.pathname, secrets) : "";
  const where = address ? `It has moved to ${quote(address)}` : "It has moved";
  const message = `${label} answered ${status}: ${where}.`;
  const hint = `Correct ${variable}.`;
  return new ModelFailure({ kind: "bad_request", message, hint, retryable: false, status });
}

export function readRefusal(body: unknown, { secrets }: Service) {
  const { details, told, ...texts } = readErrorBody(body);
  const safe = Object.entries(texts).map(([name, text]) => [name, withoutSecrets(text, secrets)]);
  return { ...(Object.fromEntries(safe) as typeof texts), details, ...(told !== undefined && { told }) };
}

/** Placeholders for keys are short, or words of everyday messages. */
function withoutSecrets(text: string, secrets: Service["secrets"]): string {
  const keys = secrets.filter((secret) => secret !== undefined && secret.length >= 8);
  const forms = keys.flatMap((key = "") => [key, encodeURIComponent(key)]);
  return forms.reduce((safe, key) => safe.replaceAll(key, "[key]").replace(halfOf(key), "[key]"), text);
}

/** Some servers quote the half of a key, or in letters of another size. */
function halfOf(key: string): RegExp {
  const [begin, end] = [key.slice(0, 12), key.slice(-12)].map((half) => half.replace(/\W/g, "\\$&"));
  return new RegExp(`${begin}[\\w%~+/=-]*|${end}`, "gi");
}

/** What a server says of itself, for a message. */
export function quoted(text: string, { service }: Answer): string {
  return quote(withoutSecrets(text, service.secrets));
}

/** What one dialect's answers are told by. */
export interface Dialect {
  /** Whether the URL is answered with a stream; other answers go to the SDK. */
  isStream?(url: string): boolean;
  /** Its streams are lines of JSON, and no events. */
  readonly isLines?: true;
  /** Whether a record is a piece of a reply. */
  isPiece(record: WireRecord): boolean;
  /** Whether a piece says that the reply has ended. Counts may come behind it. */
  isEnd(piece: WireRecord): boolean;
  /** Whether there is more of the reply in it. Some servers write an end into each piece. */
  saysMore?(piece: WireRecord): boolean;
}

/** One answer, as far as it has come. */
export interface Answer {
  /** For the SDK, which sends the request with it. What comes is read here: servers send more than SDKs can take. */
  readonly fetch: typeof globalThis.fetch;
  readonly service: Service;
  readonly dialect: Dialect;
  response?: Response;
  /** The lines that have come of the next record, and whether they began with `data:`. */
  pending: string[];
  isData: boolean;
  /** The name of the event that is being read. */
  event: string;
  records: number;
  /** Events came, or lines of JSON. */
  isStream: boolean;
  /** `data: [DONE]` has come. */
  isMarkedDone: boolean;
}

export function openAnswer(
  network: typeof globalThis.fetch,
  service: Service,
  signal: AbortSignal,
  dialect: Dialect,
): Answer {
  const send = throwRefusals((url, init) => network(url, { ...init, signal }), service);
  const answer: Answer = {
    async fetch(url, init) {
      const response = await send(url, init);
      if (dialect.isStream?.(String(url)) === false) return response;
      answer.response = response;
      return new Response("", { headers: { "content-type": "text/event-stream" } });
    },
    ...{ service, dialect, pending: [], isData: false, event: "", records: 0 },
    ...{ isStream: false, isMarkedDone: false },
  };
  return answer;
}
