import type { RefusalName, RetryHint } from "../fault.ts";
import { retryHeaders } from "../openai/refusals.ts";
import { Refusal } from "../service.ts";

/** The refusals of an Ollama server, in the words it uses. */

export function refuse(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal(status, message, { error: message }, headers);
}

export const unknownModel = (model: string) => refuse(404, `model '${model}' not found`);

export const noTools = (model: string) =>
  refuse(400, `registry.ollama.ai/library/${withTag(model)} does not support tools`);

export const noThinking = (model: string) => refuse(400, `"${model}" does not support thinking`);

/** The words of llama-server, which Ollama passes on as a text. */
export function contextTooLong(prompt: number, context: number): Refusal {
  const message = `request (${prompt} tokens) exceeds the available context size (${context} tokens), try increasing it`;
  const details = { type: "exceed_context_size_error", n_prompt_tokens: prompt, n_ctx: context };
  return refuse(400, JSON.stringify({ error: { code: 400, message, ...details } }));
}

export const badToolCall = (raw: string) =>
  refuse(500, `error parsing tool call: raw='${raw}', err=unexpected end of JSON input`);

/** A model's name with its tag; without one, the latest is meant. */
export function withTag(model: string): string {
  return model.includes(":") ? model : `${model}:latest`;
}

/** HTTP 429, as for models in the cloud; undefined for hints that it never gives. */
export function rateLimited(hint: RetryHint, seconds: number): Refusal | undefined {
  if (hint === "text" || hint === "retry_info") return undefined;
  return refuse(429, "too many concurrent requests", retryHeaders(hint, seconds));
}

export const ollamaRefusals: Partial<Record<RefusalName, (model: string) => Refusal>> = {
  no_access: () =>
    new Refusal(401, "unauthorized", {
      error: "unauthorized",
      signin_url: "https://ollama.com/connect?name=wire&key=0123456789abcdef",
    }),
  unknown_model: unknownModel,
  no_tools: noTools,
  no_thinking: noThinking,
  quota: () =>
    refuse(
      429,
      "you have reached your weekly usage limit, upgrade for higher limits: https://ollama.com/upgrade",
    ),
  rate_limit: () => refuse(429, "too many concurrent requests"),
  overloaded: () => refuse(503, "server busy, please try again.  maximum pending requests exceeded"),
  server_error: () =>
    refuse(
      500,
      "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check " +
        "ollama server logs for details",
    ),
  out_of_memory: () => refuse(500, "model requires more system memory (9.8 GiB) than is available (5.5 GiB)"),
  context_too_long: () => contextTooLong(5120, 4096),
  bad_request: () => refuse(400, "model is required"),
  bad_tool_call: () => badToolCall('{"path": "README.m'),
  no_user_query: () => refuse(500, "no user query found in messages"),
};
