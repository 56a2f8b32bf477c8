import type { ModelError } from "@eightfold/core";
import {
  explainRefusal as explainByStatus,
  explainNetwork,
  isAboutTools,
  isOutOfCredit,
  type Refusal,
  refusalOf,
} from "../http-errors.ts";
import { isOverflow } from "../overflow.ts";
import { SHORTEN } from "../reply.ts";
import type { Endpoint } from "./server.ts";

/** What went wrong with a request. */
export function explain(error: unknown, endpoint: Endpoint, model: string): ModelError | undefined {
  const refusal = refusalOf(error);
  return refusal ? explainRefusal(refusal, endpoint, model) : explainNetwork(error, endpoint.label);
}

/** What a refusal means: by its code or its words where they are known, else by its status. */
export function explainRefusal(refusal: Refusal, endpoint: Endpoint, model: string): ModelError {
  const plain = explainByStatus(endpoint.label, refusal);
  const status = refusal.status ?? plain.status ?? 0;
  const meaning = MEANINGS.find(({ when }) => when({ ...refusal, status }, endpoint));
  const kind = meaning?.kind ?? plain.kind;
  const hint = (meaning?.hint ?? HINTS[kind])?.(endpoint, model);
  return {
    ...plain,
    kind,
    retryable: kind === "bad_reply" || (!meaning && plain.retryable),
    ...(hint !== undefined && { hint }),
  };
}

type Hint = (endpoint: Endpoint, model: string) => string;

interface Meaning {
  readonly kind: ModelError["kind"];
  readonly when: (refusal: Refusal & { status: number }, endpoint: Endpoint) => boolean;
  readonly hint?: Hint;
}

const UNKNOWN_MODEL = /\bmodel\b.{0,99}(not exist|not found)|not a valid model|(unknown|invalid) model\b/i;

const ONLY_RESPONSES = /use \/v1\/responses|only supported in v1\/responses|not accessible via the \/chat/;

/** None of these is worth another try, except for a slip of the model's. The first that fits decides. */
const MEANINGS: readonly Meaning[] = [
  { kind: "no_key", when: ({ status }, { key }) => status === 401 && key === undefined },
  { kind: "context_too_long", when: isOverflow },
  { kind: "quota", when: isOutOfCredit },
  {
    kind: "unknown_model",
    when: ({ code, said, status }) =>
      /^(model_not_(found|supported)|DeploymentNotFound)$/.test(code) ||
      ([400, 403, 404].includes(status) && UNKNOWN_MODEL.test(said)),
  },
  { kind: "no_tools", when: isAboutTools },
  // Groq, of a call that its model wrote badly.
  {
    kind: "bad_reply",
    when: ({ code, said }) => code === "tool_use_failed" || /tool call validation failed/i.test(said),
  },
  {
    kind: "bad_request",
    when: ({ said, status }) => [400, 404].includes(status) && ONLY_RESPONSES.test(said),
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
        : "Check OPENAI_BASE_URL: it usually ends in /v1.",
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
  context_too_long: () => SHORTEN,
  blocked: () => "Rephrase the request.",
  rate_limit: () => "Ask again in a minute, or choose another model.",
  overloaded: () => "Ask again in a moment, or choose another model.",
};
