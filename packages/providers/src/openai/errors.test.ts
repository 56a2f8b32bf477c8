import { describe, expect, test } from "vitest";
import { Refused } from "../http-errors.ts";
import { explain } from "./errors.ts";
import { endpointOf } from "./server.ts";

const openai = endpointOf({ OPENAI_API_KEY: "sk-1" });
const own = endpointOf({ OPENAI_BASE_URL: "http://localhost:1234/v1" });
const nothing = { code: "", type: "", param: "", said: "", details: [] };

const explained = (refusal: object, endpoint = openai) =>
  explain(new Refused({ ...nothing, ...refusal }), endpoint, "a-model");

const kindOf = (refusal: object, endpoint = openai) => {
  const { kind, retryable } = explained(refusal, endpoint) ?? {};
  return retryable ? `${kind}, retryable` : kind;
};

test.each([
  // OpenAI
  { status: 400, code: "context_length_exceeded" },
  {
    status: 400,
    said: "This model's maximum context length is 128000 tokens. However, your messages resulted in…",
  },
  { said: "Your input exceeds the context window of this model. Please adjust your input and try again." },
  {
    status: 429,
    said: "Request too large for gpt-6-luna on tokens per min (TPM): Limit 30000, Requested 45000.",
  },
  // vLLM, llama.cpp, LM Studio, OpenRouter, Mistral, xAI, Groq, Kimi, Gemini, Anthropic
  { status: 400, said: "The decoder prompt (length 5000) is longer than the maximum model length of 4096." },
  { status: 400, type: "exceed_context_size_error", said: "the request is too large" },
  { status: 400, said: "the request exceeds the available context size, try increasing it" },
  { said: "The number of tokens to keep from the initial prompt is greater than the context length." },
  { status: 400, said: "This endpoint's maximum context length is 32768 tokens. However, you requested…" },
  {
    status: 400,
    said: "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
  },
  {
    status: 400,
    said: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
  },
  { status: 400, said: "Please reduce the length of the messages or completion." },
  { status: 400, said: "Your request exceeded model token limit: 262144" },
  {
    status: 400,
    said: "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
  },
  { status: 400, said: "prompt is too long: 213462 tokens > 200000 maximum" },
  { status: 413, said: "" },
])("the conversation is too long: %j", (refusal) => {
  expect(kindOf(refusal)).toBe("context_too_long");
});

describe("429 is not 429", () => {
  test.each([
    [{ code: "insufficient_quota", said: "You exceeded your current quota…" }, "quota"],
    [{ type: "insufficient_quota" }, "quota"],
    [{ code: "billing_hard_limit_reached" }, "quota"],
    [{ said: "You exceeded your current quota, please check your plan and billing details." }, "quota"],
    [{ code: "rate_limit_exceeded", said: "Rate limit reached for gpt-6-luna…" }, "rate_limit, retryable"],
    [{ said: "Quota exceeded for quota metric 'Requests per minute'." }, "rate_limit, retryable"],
    [{ said: "Engine is currently overloaded, please try again later" }, "rate_limit, retryable"],
    [{}, "rate_limit, retryable"],
  ])("%j is %s", (refusal, kind) => {
    expect(kindOf({ status: 429, ...refusal })).toBe(kind);
  });
});

test.each([
  [{ status: 401, said: "Incorrect API key provided" }, "bad_key"],
  [{ status: 402, said: "Insufficient credits" }, "quota"],
  [{ status: 403, code: "unsupported_country_region_territory" }, "no_access"],
  [{ status: 403, code: "model_not_found", said: "Project does not have access to model" }, "unknown_model"],
  [{ status: 404, code: "model_not_found" }, "unknown_model"],
  [{ status: 400, code: "model_not_supported", said: "The requested model…" }, "unknown_model"],
  [{ status: 404, code: "DeploymentNotFound", said: "The API deployment…" }, "unknown_model"],
  [{ status: 403, code: "insufficient_user_quota", said: "用户额度不足" }, "quota"],
  [{ status: 429, type: "exceeded_current_quota_error" }, "quota"],
  [{ status: 401, said: "该令牌额度已用尽" }, "quota"],
  [{ status: 400, code: "Arrearage", said: "Access denied." }, "quota"],
  [{ status: 404, said: "The model `qwen` does not exist." }, "unknown_model"],
  [{ status: 404, said: 'model "qwen3" not found, try pulling it first' }, "unknown_model"],
  [{ status: 400, said: "qwen/none is not a valid model ID" }, "unknown_model"],
  [{ status: 400, said: "Invalid model name passed in model=qwen" }, "unknown_model"],
  [{ status: 400, said: "registry.ollama.ai/library/gemma2:2b does not support tools" }, "no_tools"],
  [{ status: 404, said: "No endpoints found that support tool use." }, "no_tools"],
  [{ status: 500, said: "tools param requires --jinja flag" }, "no_tools"],
  [{ status: 400, said: '"auto" tool choice requires --enable-auto-tool-choice' }, "no_tools"],
  [{ status: 400, said: "`tool calling` is not supported with this model" }, "no_tools"],
  [{ status: 400, said: "Function calling is not enabled for this model" }, "no_tools"],
  [{ status: 400, said: "Unrecognized request argument supplied: tools" }, "no_tools"],
  [{ status: 400, said: "This model doesn't support tools." }, "no_tools"],
  [{ status: 400, said: "Failed to fetch tools: Not yet implemented" }, "no_tools"],
  [{ status: 400, said: "Parallel tool calls are not supported." }, "bad_request"],
  [{ status: 400, said: "Unknown parameter: 'tools[0].strict'." }, "bad_request"],
  [{ status: 400, code: "tool_use_failed", said: "Failed to call a function." }, "bad_reply, retryable"],
  [{ status: 400, code: "invalid_prompt" }, "blocked"],
  [{ status: 400, code: "content_filter" }, "blocked"],
  [{ code: "bio_policy" }, "blocked"],
  [{ status: 400, said: "Missing required parameter: 'model'." }, "bad_request"],
  [{ status: 404, said: "<html><title>404</title>" }, "bad_request"],
  [{ status: 500, said: "Oops" }, "overloaded, retryable"],
  [{ status: 503, code: "server_is_overloaded" }, "overloaded, retryable"],
  [{ status: 408 }, "timeout, retryable"],
  // Inside a stream there is no status.
  [{ code: "server_error", said: "Oops" }, "overloaded, retryable"],
  [{ code: "rate_limit_exceeded" }, "rate_limit, retryable"],
  [{ code: "rate_limit_exceeded", type: "invalid_request_error" }, "rate_limit, retryable"],
  [{ type: "authentication_error" }, "bad_key"],
  [{ type: "constructor" }, "overloaded, retryable"],
  [{ told: 502, said: "Provider returned error" }, "overloaded, retryable"],
  [{ told: 401, said: "No auth credentials found" }, "bad_key"],
  [{ said: "something odd" }, "overloaded, retryable"],
])("%j is %s", (refusal, kind) => {
  expect(kindOf(refusal)).toBe(kind);
});

test("the service's own word on trying again decides", () => {
  const headers = (said: string) => new Headers({ "x-should-retry": said });
  expect(kindOf({ status: 503, headers: headers("false") })).toBe("overloaded");
  expect(kindOf({ status: 400, headers: headers("true") })).toBe("bad_request, retryable");
  expect(kindOf({ status: 429, code: "insufficient_quota", headers: headers("true") })).toBe("quota");
});

test("the wait is taken from the headers, else from the words", () => {
  const said = "Rate limit reached. Please try again in 7.5s.";
  const headers = new Headers({ "retry-after-ms": "250" });
  const waitOf = (refusal: object) => explained(refusal)?.retryAfterMs;
  expect(waitOf({ status: 429, said, headers })).toBe(250);
  expect(waitOf({ status: 429, said })).toBe(7500);
  expect(waitOf({ code: "rate_limit_exceeded", said })).toBe(7500);
});

describe("the user reads what happened, and what to do", () => {
  const tell = (refusal: object, endpoint = openai) => {
    const { message, hint, status } = explained(refusal, endpoint) ?? {};
    return { message, hint, status };
  };

  test("of a refusal", () => {
    expect(tell({ status: 401, said: "Incorrect API key provided: sk-1." })).toEqual({
      message: "OpenAI answered 401: Incorrect API key provided: sk-1.",
      hint: "Check OPENAI_API_KEY. https://platform.openai.com/api-keys lists your keys.",
      status: 401,
    });
  });

  test("of a refusal that has a code for its words", () => {
    expect(tell({ status: 400, code: "no_such_thing" }).message).toBe("OpenAI answered 400: no_such_thing");
    expect(tell({ status: 400, code: "400" }).message).toBe("OpenAI answered 400");
  });

  test("of an error in the middle of a reply, which has no status", () => {
    expect(tell({ code: "server_error", said: "Oops." })).toEqual({
      message: "OpenAI broke off its reply: Oops.",
      hint: "Ask again in a moment, or choose another model.",
      status: undefined,
    });
    expect(tell({ code: "server_error" }).message).toBe("OpenAI broke off its reply: server_error");
  });

  test.each([
    [{ status: 401 }, own, "no_key", /OPENAI_API_KEY/],
    [{ status: 404, said: "Not Found" }, own, "bad_request", /OPENAI_BASE_URL.*\/v1/],
    [
      { status: 404, said: "Not Found" },
      { ...own, api: "responses" as const },
      "bad_request",
      /OPENAI_API=chat/,
    ],
    [
      { status: 400, said: "To use function tools, use /v1/responses or…" },
      openai,
      "bad_request",
      /OPENAI_API=responses/,
    ],
    [
      { status: 404, said: "This model is only supported in v1/responses and not in v1/chat/completions." },
      { ...openai, api: "chat" as const },
      "bad_request",
      /OPENAI_API=responses/,
    ],
    [{ status: 404, code: "model_not_found" }, openai, "unknown_model", /--model openai:NAME/],
    [{ status: 429, code: "insufficient_quota" }, openai, "quota", /billing/],
    [{ status: 429, code: "insufficient_quota" }, own, "quota", /^Add credit, or/],
    [{ status: 400, said: "x does not support tools" }, own, "no_tools", /a-model/],
  ])("%j", (refusal, endpoint, kind, hint) => {
    const error = explained(refusal, endpoint);
    expect(error?.kind).toBe(kind);
    expect(error?.hint).toMatch(hint);
  });
});
