import { describe, expect, test } from "vitest";
import { isOverflow } from "./meanings.ts";

test("a rate that is too high is none, whatever its words: only its code may tell", () => {
  const said = "Too many tokens in flight, slow down";
  expect(isOverflow({ code: "throttling_exception", type: "", param: "", said, details: [] })).toBe(false);
});

describe("a conversation that is too long", () => {
  const refusal = { status: 400, code: "", type: "", param: "", said: "", details: [] };
  test.each([
    "Range of input length should be [1, 32768]",
    "The input exceeds the maximum allowed input length of 131072 tokens",
    "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    "Invalid request: total message size 2200000 exceeds limit 2097152",
    "prompt too long; exceeded max context length by 4 tokens",
    "This request exceeds the maximum context length",
    "Your request exceeded model token limit: 262144",
    "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
    "The prompt is too large",
    "The total number of tokens (9000) exceeds the limit of 8192",
    "input_tokens exceed limit",
    "max_tokens must be at least 1, got -500.",
    "Input is too long for requested model.",
    "prompt token count of 150000 exceeds the limit of 128000",
    "too many tokens: total number of tokens in the prompt cannot exceed 4081",
    "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens",
    "`inputs` must have less than 1024 tokens. Given: 1200",
    "Prompt exceeds max length",
    "Total tokens of image and text exceed max message tokens",
    "Trying to keep the first 5000 tokens when context the overflows.",
    "invalid params, context window exceeds limit",
    "the input length exceeds the context length",
    "prompt length 5000 exceeds limit 4096",
    "sequence length 9000 is longer than 8192",
    "chat history too long",
    "input tokens exceed the configured limit of 272000 tokens",
    "Request body too large for this model. Max size: 8000 tokens.",
    "Invalid 'input[0].content': string too long. Expected a string with maximum length 10485760",
    "输入长度超过限制",
    "The estimated number of input and maximum output tokens (9000) exceeded this model context window limit (8000).",
    "Unable to submit request because the input token count is 1200000 but model only supports up to 1048576.",
    "model_max_prompt_tokens_exceeded",
    "Conversation is too big for this model",
    "message exceeds maximum allowed size of 200000 characters",
    "The total number of tokens in your request (300000) exceeds the allowed limit (262144)",
    "the length of prompt_tokens (40000) must be less than max_seq_len (32768)",
    "prompt_tokens=40000 exceeds max_model_len=32768",
    "Total tokens (prompt + completion) 40000 > 32768",
    "The message you submitted was too long, please submit something shorter.",
    "inputs too long; got 40000 tokens, at most 32768 supported",
    "Prompt length 40000 is over the limit 32768",
    "tokens 数量超过模型上限",
    "could not fit prompt into n_ctx 4096",
    "Request payload size exceeds the limit: 20971520 bytes.",
    "The total length of input and max_tokens exceeds the model limit",
    "tokens in request more than max tokens allowed",
    "Requested 200000 tokens, maximum is 131072",
    "tokens_limit_reached",
  ])("%s", (said) => {
    expect(isOverflow({ ...refusal, said })).toBe(true);
  });

  test.each([
    [400, "Invalid value for temperature: exceeds the maximum of 2"],
    [400, "max_tokens is too large"],
    [400, "Tool name is too long"],
    [400, "Unknown parameter: 'context_window'."],
    [400, "context_length: Extra inputs are not permitted"],
    [400, "Invalid 'input[0].call_id': string too long. Expected a string with maximum length 64"],
    [400, "max_tokens exceeds the limit of 4096"],
    [403, "Your daily token limit is exceeded"],
    [429, "Rate limit reached for tokens per min: Limit 30000, context length 5"],
    [429, "Too many tokens, please wait before trying again."],
    [503, "The engine is overloaded"],
    [422, "Input should be greater than or equal to 1"],
    [422, "Input should be less than or equal to 1"],
    [400, "This model only supports text inputs"],
    [400, "Tool description exceeds maximum length of 1024 characters"],
    [400, "This model supports at most 16384 completion tokens, whereas you provided 100000."],
    [400, "max_tokens (40000) exceeds model limit of 8192 output tokens"],
    [403, "Monthly token limit exceeded for your plan"],
    [400, "Your request exceeds your credit balance"],
    [500, "context deadline exceeded"],
    [500, "The request exceeded the maximum number of retries"],
    [503, "Server overloaded: too many pending prompt tokens in queue"],
  ])("%i %s is something else", (status, said) => {
    expect(isOverflow({ ...refusal, status, said })).toBe(false);
  });
});
