import { cutOff, type ModelError, ModelFailure, quote, waitFromHeaders, waitFromText } from "@eightfold/core";
import { explainNetwork, explainStatus, type Refusal, readErrorBody } from "../http-errors.ts";
import type { StreamSigns } from "./quirks.ts";
import type { Endpoint } from "./server.ts";

/** What went wrong with a request, for errors of the SDK and of the network beneath it. */
export function explain(error: unknown, endpoint: Endpoint, model: string): ModelError | undefined {
  const refusal = refusalOf(error);
  if (refusal) return explainRefusal(refusal, endpoint, model);
  // The SDK's word for an event whose JSON stops in the middle.
  if (error instanceof SyntaxError)
    return cutOff(`${endpoint.label} broke off in the middle of its reply.`).error;
  return explainNetwork(error, endpoint.label);
}

/**
 * Reads the SDK's APIError, known by its shape: its class is there only once the SDK is loaded, and `name` is "Error".
 * Connection errors and aborts have the same class and no answer in them: undefined.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error && "requestID" in error && "status" in error && "error" in error))
    return undefined;
  const { status, error: body } = error;
  if (status === undefined && body === undefined) return undefined;
  const headers = "headers" in error && error.headers instanceof Headers ? error.headers : undefined;
  return {
    ...(typeof status === "number" && { status }),
    ...readErrorBody(body, error.message.replace(/^\d{3} (status code \(no body\))?/, "")),
    ...(headers && { headers }),
  };
}

/** What a refusal means: by its code or its words where they are known, else by its status. */
export function explainRefusal(refusal: Refusal, endpoint: Endpoint, model: string): ModelError {
  const { said, code, headers } = refusal;
  const status = statusOf(refusal);
  const retryAfterMs = waitFromHeaders(headers) ?? waitFromText(said);
  const plain = explainStatus(endpoint.label, { status, said }, retryAfterMs);
  const meaning = MEANINGS.find(({ when }) => when({ ...refusal, status }, endpoint));
  const kind = meaning?.kind ?? plain.kind;
  const hint = (meaning?.hint ?? HINTS[kind])?.(endpoint, model);
  // OpenAI says in a header whether asking again may help.
  const advice = headers?.get("x-should-retry");
  const mayRetry = advice === "true" || (advice !== "false" && plain.retryable);
  const { status: _, ...error } = {
    ...plain,
    kind,
    retryable: !meaning && mayRetry,
    ...(hint !== undefined && { hint }),
  };
  if (refusal.status !== undefined) return { ...error, status };
  const words = quote(said) || code || "no reason given";
  return { ...error, message: `${endpoint.label} broke off its reply: ${words}` };
}

/** The status that an error inside a stream would have had. Services fail there when they are in trouble. */
function statusOf({ status, code, type }: Refusal): number {
  if (status !== undefined) return status;
  if (/^[45]\d\d$/.test(code)) return Number(code);
  return code === "rate_limit_exceeded" || type === "rate_limit_error" ? 429 : 503;
}

/** For a stream that ended without its last mark: it was cut, or it never was a stream. */
export function endedEarly({ label }: Endpoint, signs: Readonly<StreamSigns>): ModelFailure {
  if (signs.events || !/json|html/.test(signs.contentType)) {
    return cutOff(`${label} ended its reply without saying that it was complete.`);
  }
  return new ModelFailure({
    kind: "bad_reply",
    message: `${label} answered with ${quote(signs.contentType)} where a stream of events was asked for.`,
    hint: "Check OPENAI_BASE_URL, and that the server can stream.",
    retryable: false,
  });
}

type Hint = (endpoint: Endpoint, model: string) => string;

interface Meaning {
  readonly kind: ModelError["kind"];
  readonly when: (refusal: Refusal & { status: number }, endpoint: Endpoint) => boolean;
  readonly hint?: Hint;
}

/** Overflow in the words of OpenAI, vLLM, llama.cpp, LM Studio, OpenRouter, Mistral, xAI, Gemini and Anthropic. */
const OVERFLOW =
  /context[ _](length|window|size)|maximum (prompt|model) length|maximum number of tokens allowed|prompt is too long|input is too long|reduce the length of|model token limit|tokens to keep from the initial prompt/i;

const UNKNOWN_MODEL = /\bmodel\b.{0,99}(not exist|not found)|not a valid model|(unknown|invalid) model\b/i;

const NO_TOOLS =
  /does not support (tools|function)|support tool use|requires --jinja|enable-auto-tool-choice/i;

/** None of these is worth another try. The first that fits decides. */
const MEANINGS: readonly Meaning[] = [
  { kind: "no_key", when: ({ status }, { key }) => status === 401 && key === undefined },
  {
    kind: "context_too_long",
    when: ({ code, type, said, status }) =>
      code === "context_length_exceeded" ||
      type === "exceed_context_size_error" ||
      // One request over the limit of a whole minute. Only a smaller one can pass.
      (status === 429 ? /^Request too large/i.test(said) : OVERFLOW.test(said)),
  },
  {
    kind: "quota",
    when: ({ code, type, said }) =>
      [code, type].some((word) => /insufficient_quota|billing_(hard_limit_reached|not_active)/.test(word)) ||
      /check your plan and billing|insufficient (balance|credits|funds)/i.test(said),
  },
  {
    kind: "unknown_model",
    when: ({ code, said, status }) =>
      code === "model_not_found" || ([400, 403, 404].includes(status) && UNKNOWN_MODEL.test(said)),
  },
  { kind: "no_tools", when: ({ said }) => NO_TOOLS.test(said) },
  {
    kind: "bad_request",
    when: ({ said, status }) => status === 400 && /use \/v1\/responses/.test(said),
    hint: () => "This model calls tools only over the Responses API: set OPENAI_API=responses.",
  },
  {
    kind: "blocked",
    when: ({ code }) =>
      /^(invalid_prompt|content_filter|content_policy_violation|.*_policy(_violation)?)$/.test(code),
  },
  {
    kind: "bad_request",
    when: ({ status, type, said }) =>
      status === 405 ||
      (status === 404 && (type !== "invalid_request_error" || said.startsWith("Invalid URL"))),
    hint: ({ isOpenAI, api }) =>
      api === "responses" && !isOpenAI
        ? "It may not have the Responses API: try OPENAI_API=chat."
        : "Check OPENAI_BASE_URL: it mostly ends in /v1.",
  },
];

const HINTS: Partial<Record<ModelError["kind"], Hint>> = {
  no_key: () => "Set OPENAI_API_KEY to a key for this server.",
  bad_key: ({ isOpenAI }) =>
    `Check OPENAI_API_KEY.${isOpenAI ? " https://platform.openai.com/api-keys lists your keys." : ""}`,
  no_access: (_, model) => `Check what your key may do, or choose a model other than ${model}.`,
  unknown_model: ({ isOpenAI }) =>
    `Choose another with --model openai:NAME.${isOpenAI ? " https://platform.openai.com/docs/models lists them." : ""}`,
  no_tools: (_, model) => `Choose a model other than ${model}, or let the server offer tools.`,
  quota: ({ isOpenAI }) =>
    `Add credit${isOpenAI ? " at https://platform.openai.com/settings/organization/billing" : ""}, or choose another provider.`,
  context_too_long: () => "Start a new conversation, or ask for less at a time.",
  blocked: () => "Put the request in other words.",
  rate_limit: () => "Ask again in a minute, or choose another model.",
  overloaded: () => "Ask again in a moment, or choose another model.",
};
