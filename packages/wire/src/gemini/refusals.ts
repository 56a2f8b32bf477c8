import type { RefusalName, RetryHint } from "../fault.ts";
import { retryHeaders } from "../openai/refusals.ts";
import { Refusal } from "../service.ts";

/** The refusals of generativelanguage.googleapis.com, in the words it uses. */

const codes: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** An error in Google's shape; the HTTP status follows from the status word. */
export function refuse(
  message: string,
  status = "INVALID_ARGUMENT",
  details?: readonly object[],
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const code = codes[status] ?? 500;
  return new Refusal(
    code,
    message,
    { error: { code, message, status, ...(details && { details }) } },
    headers,
  );
}

/** Everything that does not fit the protocol's messages is told at once, a line each. */
export function badPayload(violations: readonly { field: string; description: string }[]): Refusal {
  const details = [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: violations }];
  return refuse(violations.map(({ description }) => description).join("\n"), "INVALID_ARGUMENT", details);
}

export const badKey = () =>
  refuse("API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
      metadata: { service: "generativelanguage.googleapis.com" },
    },
  ]);

export const noKey = () =>
  refuse(
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other " +
      "form of API consumer identity to call this API.",
    "PERMISSION_DENIED",
  );

export const unknownModel = (model: string, version = "v1") =>
  refuse(
    `models/${model} is not found for API version ${version}, or is not supported for generateContent. Call ` +
      "ModelService.ListModels to see the list of available models and their supported methods.",
    "NOT_FOUND",
  );

export const missingSignature = (name: string, position: number) =>
  refuse(
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, " +
      "and missing thought_signature may lead to degraded model performance. Additional data, function call " +
      `\`default_api:${name}\` , position ${position}. Please refer to ` +
      "https://ai.google.dev/gemini-api/docs/thought-signatures for more details.",
  );

export const badSignature = () => refuse("Corrupted thought signature.");

export const wrongResponseCount = () =>
  refuse(
    "Please ensure that the number of function response parts is equal to the number of function call parts of the " +
      "function call turn.",
  );

export const orphanResponse = () =>
  refuse("Please ensure that function response turn comes immediately after a function call turn.");

/** Which quota was exceeded, and by what limit. */
interface Quota {
  readonly id: string;
  readonly limit: number;
}

function exceeded(model: string, { id, limit }: Quota, wait?: number, inWords = true): Refusal {
  const metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
  const again = wait === undefined || !inWords ? "" : `\nPlease retry in ${wait}s.`;
  const message =
    "You exceeded your current quota, please check your plan and billing details. For more information on this " +
    "error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. \n" +
    `* Quota exceeded for metric: ${metric}, limit: ${limit}, model: ${model}${again}`;
  const type = "type.googleapis.com/google.rpc.";
  const violation = { quotaMetric: metric, quotaId: id, quotaDimensions: { location: "global", model } };
  const retry =
    wait === undefined ? [] : [{ "@type": `${type}RetryInfo`, retryDelay: `${Math.floor(wait)}s` }];
  return refuse(message, "RESOURCE_EXHAUSTED", [
    { "@type": `${type}QuotaFailure`, violations: [{ ...violation, quotaValue: String(limit) }] },
    ...retry,
  ]);
}

const perMinute = { id: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", limit: 10 };
const perDay = { id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier", limit: 20 };

/** HTTP 429 for a rate, with the wait told in one way. */
export function rateLimited(hint: RetryHint, seconds: number, model = "gemini-3.8-flash"): Refusal {
  if (hint === "retry_info") return exceeded(model, perMinute, seconds, false);
  if (hint === "text") {
    const { message } = exceeded(model, perMinute, seconds);
    return refuse(message, "RESOURCE_EXHAUSTED");
  }
  const { message, status, body } = exceeded(model, perMinute);
  return new Refusal(status, message, body, retryHeaders(hint, seconds));
}

export const geminiRefusals: Partial<Record<RefusalName, (model: string) => Refusal>> = {
  no_key: noKey,
  bad_key: badKey,
  no_access: () => refuse("The caller does not have permission", "PERMISSION_DENIED"),
  unknown_model: (model) => unknownModel(model),
  retired_model: (model) =>
    refuse(
      `This model models/${model} is no longer available to new users. Please update your code to use a newer model ` +
        "for the latest features and improvements.",
      "NOT_FOUND",
    ),
  rate_limit: (model) => exceeded(model, perMinute, 20),
  daily_quota: (model) => exceeded(model, perDay, 30),
  no_free_tier: (model) => exceeded(model, { ...perDay, limit: 0 }, 30),
  overloaded: () => refuse("The model is overloaded. Please try again later.", "UNAVAILABLE"),
  server_error: () =>
    refuse(
      "An internal error has occurred. Please retry or report in " +
        "https://developers.generativeai.google/guide/troubleshooting",
      "INTERNAL",
    ),
  timeout: () => refuse("Deadline expired before operation could complete.", "DEADLINE_EXCEEDED"),
  context_too_long: () =>
    refuse("The input token count (1051220) exceeds the maximum number of tokens allowed (1048576)."),
  bad_request: () => refuse("Request contains an invalid argument."),
  bad_schema: () =>
    badPayload([
      unknownName("exclusiveMinimum", "tools[0].function_declarations[0].parameters.properties[0].value"),
    ]),
  unanswered_call: wrongResponseCount,
  orphan_result: orphanResponse,
  missing_signature: () => missingSignature("read_file", 2),
  bad_signature: badSignature,
};

/** What the service says of a field that its messages do not have; `at` is empty at the root. */
export function unknownName(name: string, at: string): { field: string; description: string } {
  const where = at === "" ? "" : ` at '${at}'`;
  return {
    field: at,
    description: `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`,
  };
}
