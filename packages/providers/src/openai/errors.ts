import { type ModelError, quote } from "@eightfold/core";
import { explainBy, isAboutTools, isOutOfCredit, isOverflow, type Meaning, usualHints } from "../meanings.ts";
import type { Endpoint } from "./server.ts";

/** What went wrong with a request, and what the user can do about it. */
export function explain(error: unknown, endpoint: Endpoint, model: string): ModelError | undefined {
  const atOpenAI = (words: string) => (endpoint.isOpenAI ? words : "");
  const hints = {
    ...usualHints(model),
    no_key: "Set OPENAI_API_KEY to a key for this server.",
    bad_key: `Check OPENAI_API_KEY.${atOpenAI(" https://platform.openai.com/api-keys lists your keys.")}`,
    unknown_model: `Choose another with --model openai:NAME.${atOpenAI(" https://platform.openai.com/docs/models lists them.")}`,
    no_tools: `Choose a model other than ${quote(model)}, or let the server offer tools.`,
    quota: `Add credit${atOpenAI(" at https://platform.openai.com/settings/organization/billing")}, or choose another provider.`,
  };
  return explainBy(meaningsAt(endpoint), hints, error, endpoint.label);
}

const UNKNOWN_MODEL = /\bmodel\b.{0,99}(not exist|not found)|not a valid model|(unknown|invalid) model\b/i;

const ONLY_RESPONSES = /use \/v1\/responses|only supported in v1\/responses|not accessible via the \/chat/;

function meaningsAt({ key, isOpenAI, api }: Endpoint): Meaning[] {
  const mayLackResponses = api === "responses" && !isOpenAI;
  return [
    { kind: "no_key", when: ({ status }) => status === 401 && key === undefined },
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
      hint: "This model calls tools only over the Responses API: set OPENAI_API=responses.",
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
      hint: mayLackResponses
        ? "It may not have the Responses API: try OPENAI_API=chat."
        : "Check OPENAI_BASE_URL: it usually ends in /v1.",
    },
  ];
}
