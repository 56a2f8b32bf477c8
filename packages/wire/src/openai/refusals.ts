import type { RefusalName, RetryHint } from "../fault.ts";
import { Refusal } from "../service.ts";

/** The refusals of api.openai.com, in the words it uses (as quoted in public issues of its clients). */

interface Details {
  readonly status?: number;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error in OpenAI's shape; HTTP 400 `invalid_request_error` where nothing else is said. */
export function refuse(message: string, details: Details = {}): Refusal {
  const { status = 400, type = "invalid_request_error", param = null, code = null, headers = {} } = details;
  const body = { error: { message, type, param, code } };
  return new Refusal(status, message, body, {
    "x-request-id": "req_0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    ...headers,
  });
}

export const unknownParameter = (param: string) =>
  refuse(`Unknown parameter: '${param}'.`, { param, code: "unknown_parameter" });

export const missingParameter = (param: string) =>
  refuse(`Missing required parameter: '${param}'.`, { param, code: "missing_required_parameter" });

/** `expected` and `got` read like "a string" and "an integer". */
export const invalidType = (param: string, expected: string, got: string) =>
  refuse(`Invalid type for '${param}': expected ${expected}, but got ${got} instead.`, {
    param,
    code: "invalid_type",
  });

/** `supported` reads like "'user' and 'tool'". */
export const invalidValue = (param: string, value: unknown, supported: string) =>
  refuse(`Invalid value: '${String(value)}'. Supported values are: ${supported}.`, {
    param,
    code: "invalid_value",
  });

/** "'a', 'b', and 'c'", as the service lists what it supports. */
export function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  const last = quoted.pop() ?? "";
  if (quoted.length === 0) return last;
  return `${quoted.join(", ")}${quoted.length > 1 ? "," : ""} and ${last}`;
}

export const emptyArray = (param: string) =>
  refuse(
    `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    { param, code: "empty_array" },
  );

export const tooMany = (param: string, most: number, length: number) =>
  refuse(
    `Invalid '${param}': array too long. Expected an array with maximum length ${most}, but got an array with length ` +
      `${length} instead.`,
    { param, code: "array_above_max_length" },
  );

export const emptyString = (param: string) =>
  refuse(
    `Invalid '${param}': empty string. Expected a string with minimum length 1, but got an empty string instead.`,
    { param, code: "empty_string" },
  );

export const noMatch = (param: string, pattern: string) =>
  refuse(
    `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '${pattern}'.`,
    { param, code: "invalid_value" },
  );

export const tooLong = (param: string, longest: number, length: number) =>
  refuse(
    `Invalid '${param}': string too long. Expected a string with maximum length ${longest}, but got a string with ` +
      `length ${length} instead.`,
    { param, code: "string_above_max_length" },
  );

export const unknownModel = (model: string) =>
  refuse(`The model \`${model}\` does not exist or you do not have access to it.`, {
    status: 404,
    code: "model_not_found",
  });

export const badKey = (key: string) =>
  refuse(
    `Incorrect API key provided: ${masked(key)}. You can find your API key at ` +
      "https://platform.openai.com/account/api-keys.",
    { status: 401, code: "invalid_api_key" },
  );

export const noKey = () =>
  refuse(
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing " +
      "the API from your browser and are prompted for a username and password. You can obtain an API key from " +
      "https://platform.openai.com/account/api-keys.",
    { status: 401 },
  );

/** Keys are shown as the service shows them: both ends, and stars for the rest. */
function masked(key: string): string {
  return key.length < 12 ? key : `${key.slice(0, 8)}${"*".repeat(key.length - 12)}${key.slice(-4)}`;
}

/** What both of OpenAI's dialects refuse with. */
export const openAIRefusals: Partial<Record<RefusalName, (model: string) => Refusal>> = {
  no_key: noKey,
  bad_key: () => badKey("sk-bad"),
  no_access: () =>
    refuse("Country, region, or territory not supported", {
      status: 403,
      type: "request_forbidden",
      code: "unsupported_country_region_territory",
    }),
  unknown_model: unknownModel,
  quota: () =>
    refuse(
      "You exceeded your current quota, please check your plan and billing details. For more information on this " +
        "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
      { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
    ),
  rate_limit: (model) => tooManyTokens(model, " Please try again in 20s."),
  overloaded: () =>
    refuse(
      "The server is currently overloaded with other requests. Sorry about that! You can retry your request.",
      {
        status: 503,
        type: "server_error",
        code: "server_is_overloaded",
      },
    ),
  server_error: () =>
    refuse(
      "The server had an error while processing your request. Sorry about that! You can retry your request, or " +
        "contact us through our help center at help.openai.com if the error persists.",
      { status: 500, type: "server_error" },
    ),
  timeout: () => refuse("Request timed out.", { status: 408, type: "timeout" }),
  bad_request: () => missingParameter("model"),
  bad_schema: () =>
    badSchema("read_file", "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'."),
  blocked_prompt: () =>
    refuse(
      "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a " +
        "different prompt.",
      { code: "invalid_prompt" },
    ),
};

export function badSchema(name: string, why: string, param = "tools[0].parameters"): Refusal {
  return refuse(`Invalid schema for function '${name}': ${why}`, {
    param,
    code: "invalid_function_parameters",
  });
}

/** HTTP 429 for a rate, with the wait told in one way; undefined for Google's. */
export function rateLimited(hint: RetryHint, seconds: number): Refusal | undefined {
  if (hint === "retry_info") return undefined;
  const words = hint === "text" ? ` Please try again in ${seconds}s.` : "";
  return tooManyTokens("gpt-6.1-sol", words, retryHeaders(hint, seconds));
}

function tooManyTokens(
  model: string,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const message =
    `Rate limit reached for ${model} in organization org-eightfold on tokens per min (TPM): Limit 30000, Used 28800, ` +
    `Requested 2400.${words} Visit https://platform.openai.com/account/rate-limits to learn more.`;
  return refuse(message, { status: 429, type: "tokens", code: "rate_limit_exceeded", headers });
}

/** The headers that say how long to wait. */
export function retryHeaders(hint: RetryHint, seconds: number): Record<string, string> {
  if (hint === "retry_after_seconds") return { "retry-after": String(seconds) };
  if (hint === "retry_after_ms") return { "retry-after-ms": String(seconds * 1000) };
  if (hint === "retry_after_date")
    return { "retry-after": new Date(Date.now() + seconds * 1000).toUTCString() };
  return {};
}
