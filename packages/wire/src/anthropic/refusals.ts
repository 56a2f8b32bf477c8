import type { RefusalName, RetryHint } from "../fault.ts";
import { retryHeaders } from "../openai/refusals.ts";
import { Refusal } from "../service.ts";
import { checkShape, type Shape, type Words } from "../shape.ts";

/** The refusals of api.anthropic.com, in the words it uses (as quoted in public issues of its clients). */

interface Details {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: Readonly<Record<string, string>>;
}

export const requestId = "req_011CVWireEightfold0123456";

/** An error in Anthropic's shape; HTTP 400 `invalid_request_error` where nothing else is said. */
export function refuse(message: string, details: Details = {}): Refusal {
  const { status = 400, type = "invalid_request_error", headers = {}, details: more } = details;
  const body = {
    type: "error",
    error: { type, message, ...(more && { details: more }) },
    request_id: requestId,
  };
  return new Refusal(status, message, body, { "request-id": requestId, ...headers });
}

export const required = (path: string) => refuse(`${path}: Field required`);

export const extraInput = (path: string) => refuse(`${path}: Extra inputs are not permitted`);

/** `expected` reads like "a valid string" or "'user' or 'assistant'". */
export const wrongInput = (path: string, expected: string) => refuse(`${path}: Input should be ${expected}`);

const words: Words = {
  item: (path, index) => `${path}.${index}`,
  tagged: (path, type) => `${path}.${type}`,
  wrong: (path, kind) => {
    const kinds = { object: "dictionary", "text or list": "list" };
    return wrongInput(path, `a valid ${kind === "object" || kind === "text or list" ? kinds[kind] : kind}`);
  },
  notOneOf: (path, known) =>
    wrongInput(
      path,
      quoted(known)
        .join(", ")
        .replace(/, ([^,]*)$/, " or $1"),
    ),
  unknownType: (path, types, type) =>
    refuse(
      `${path}: Input tag '${type}' found using 'type' does not match any of the expected tags: ` +
        quoted(types).join(", "),
    ),
  missing: required,
  extra: extraInput,
};

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`);

/** Refuses a value of another shape; `path` says where it is. */
export const checkAs = (shape: Shape, value: unknown, path: string): void =>
  checkShape(value, shape, path, words);

export const badKey = () => refuse("invalid x-api-key", { status: 401, type: "authentication_error" });

export const noKey = () =>
  refuse("x-api-key header is required", { status: 401, type: "authentication_error" });

export const unknownModel = (model: string) =>
  refuse(`model: ${model}`, { status: 404, type: "not_found_error" });

export const promptTooLong = (tokens: number, most: number) =>
  refuse(`prompt is too long: ${tokens} tokens > ${most} maximum`);

export const unansweredCalls = (index: number, ids: readonly string[]) =>
  refuse(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(", ")}. ` +
      "Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  );

export const orphanResult = (path: string, id: string) =>
  refuse(
    `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a ` +
      "corresponding `tool_use` block in the previous message.",
  );

export const badSignature = (path: string) => refuse(`${path}: Invalid \`signature\` in \`thinking\` block`);

export const changedThinking = (path: string) =>
  refuse(
    `${path}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These ` +
      "blocks must remain as they were in the original response.",
  );

export const missingThinking = (path: string, found: string) =>
  refuse(
    `${path}.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. When \`thinking\` is enabled, a ` +
      "final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and " +
      "`tool_result` blocks).",
  );

/** HTTP 429 for a rate, with the wait told in one way; undefined for ways that the service never uses. */
export function rateLimited(hint: RetryHint, seconds: number): Refusal | undefined {
  if (hint === "retry_info" || hint === "text" || hint === "retry_after_ms") return undefined;
  const message =
    "This request would exceed the rate limit for your organization (wire) of 30,000 input tokens per minute. For " +
    "details, refer to: https://docs.claude.com/en/api/rate-limits.";
  const limits = {
    "anthropic-ratelimit-input-tokens-limit": "30000",
    "anthropic-ratelimit-input-tokens-remaining": "0",
  };
  const headers = { ...limits, ...retryHeaders(hint, seconds) };
  return refuse(message, { status: 429, type: "rate_limit_error", headers });
}

const overloaded = () => refuse("Overloaded", { status: 529, type: "overloaded_error" });

export const anthropicRefusals: Partial<Record<RefusalName, (model: string) => Refusal>> = {
  no_key: noKey,
  bad_key: badKey,
  no_access: () =>
    refuse("Your organization does not have access to this model.", {
      status: 403,
      type: "permission_error",
    }),
  unknown_model: unknownModel,
  quota: () =>
    refuse(
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or " +
        "purchase credits.",
    ),
  rate_limit: () => rateLimited("retry_after_seconds", 20) ?? overloaded(),
  overloaded,
  server_error: () => refuse("Internal server error", { status: 500, type: "api_error" }),
  timeout: () => refuse("Request timed out", { status: 504, type: "timeout_error" }),
  context_too_long: () => promptTooLong(1_204_000, 1_000_000),
  bad_request: () => required("max_tokens"),
  bad_schema: () => required("tools.0.custom.input_schema"),
  unanswered_call: () => unansweredCalls(1, ["toolu_x"]),
  orphan_result: () => orphanResult("messages.1.content.0", "toolu_x"),
  bad_signature: () => badSignature("messages.1.content.0"),
};
