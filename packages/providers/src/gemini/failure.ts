import { explainStatus, type ModelError, parseDuration, quote, waitFromText } from "@eightfold/core";

/** An answer that is no reply, as the SDK's `ApiError` tells it: no headers, and the body as a string of JSON. */
export interface Refusal {
  readonly status: number;
  /** Google's own message, or whatever a proxy said instead. */
  readonly said: string;
  readonly details: readonly Detail[];
  /** Whether a part of the reply had come. */
  readonly isInStream: boolean;
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto */
interface Detail {
  readonly reason?: string;
  readonly retryDelay?: string;
  readonly violations?: readonly { readonly quotaId?: string }[];
}

interface Body {
  readonly error?: { readonly message?: string; readonly details?: readonly Detail[] };
}

/** Reads what the service refused with, before the stream or inside it; undefined for any other error. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || error.name !== "ApiError" || !("status" in error)) return undefined;
  const status = Number(error.status);
  // The SDK's mark of an error inside a stream: "got status: UNAVAILABLE. {…}".
  const isInStream = error.message.startsWith("got status: ");
  const json = error.message.slice(Math.max(0, error.message.search(/[{[]/)));
  try {
    const parsed = JSON.parse(json) as Body | [Body];
    const body = (Array.isArray(parsed) ? parsed[0] : parsed).error;
    const details = Array.isArray(body?.details) ? body.details : [];
    return { status, said: String(body?.message ?? json), details, isInStream };
  } catch {
    return { status, said: error.message, details: [], isInStream };
  }
}

/** What a refusal means, and what the user can do about it. */
export function explainRefusal(refusal: Refusal, model: string): ModelError {
  const { status, said } = refusal;
  const general = explainStatus({ service: "Gemini", status, said, retryAfterMs: retryAfterMs(refusal) });
  return { ...general, ...(lasting(refusal, quote(model)) ?? passing(general)) };
}

/** The refusals that asking again does not cure. */
function lasting({ status, said, details }: Refusal, model: string): Partial<ModelError> | undefined {
  const final = (kind: ModelError["kind"], hint: string) => ({ kind, hint, retryable: false });
  // Google answers 400, not 401, to a wrong key.
  const isKeyInvalid = details.some(({ reason }) => reason === "API_KEY_INVALID");
  if (status === 401 || isKeyInvalid || (status === 400 && /API key (not valid|expired)/i.test(said))) {
    return final("bad_key", "Check GEMINI_API_KEY. https://aistudio.google.com/apikey lists your keys.");
  }
  if (status === 403)
    return final("no_access", `Check what the key may do, or choose a model other than ${model}.`);
  if (status === 404) {
    return final(
      "unknown_model",
      `Check the name ${model}, or leave it out: --model gemini takes the default.`,
    );
  }
  if (status === 429 && /\blimit: 0\b/.test(said)) {
    return final("quota", `Your plan has none for ${model}. Choose another model, or turn on billing.`);
  }
  if (status === 429 && isDaily(details)) {
    return final(
      "quota",
      "Today's is used up. Choose another model, turn on billing, or ask again tomorrow.",
    );
  }
  if (status !== 400) return undefined;
  if (/input token count.*exceeds|exceeds the maximum number of tokens/i.test(said)) {
    return final("context_too_long", "Start a new conversation, or ask for less at a time.");
  }
  if (/function calling is not|does not support (function|tool)/i.test(said)) {
    return final("no_tools", `Choose a model other than ${model}.`);
  }
  if (/location is not supported/i.test(said)) {
    return final(
      "no_access",
      "https://ai.google.dev/gemini-api/docs/available-regions lists where it is offered.",
    );
  }
  return undefined;
}

function passing({ kind }: ModelError): Partial<ModelError> {
  const isBusy = kind === "rate_limit" || kind === "overloaded";
  return isBusy ? { hint: "Ask again in a minute, or choose another model." } : {};
}

function isDaily(details: readonly Detail[]): boolean {
  return details.some(({ violations }) => violations?.some(({ quotaId }) => quotaId?.includes("PerDay")));
}

function retryAfterMs({ said, details }: Refusal): number | undefined {
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  return (delay === undefined ? undefined : parseDuration(delay)) ?? waitFromText(said);
}
