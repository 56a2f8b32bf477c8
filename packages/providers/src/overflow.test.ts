import { describe, expect, test } from "vitest";
import { isOverflow } from "./overflow.ts";

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
  ])("%i %s is something else", (status, said) => {
    expect(isOverflow({ ...refusal, status, said })).toBe(false);
  });
});
