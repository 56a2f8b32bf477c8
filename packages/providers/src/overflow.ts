/** The words of all services for a request that is too long. */
import type { Refusal } from "./http-errors.ts";

/** In the order in which they were met. The status 429 has words of its own. */
const OVERFLOW = [
  // OpenAI, vLLM, llama.cpp, LM Studio, OpenRouter, Mistral, Together, Cloudflare, MiniMax, Anthropic
  /context[ _-]?(length|window|size|limit)|context the overflows|exceeds? the (available )?context/i,
  // Alibaba: "Range of input length should be [1, 32768]". OpenRouter: "exceeds the maximum allowed input length"
  /range of input length|maximum allowed input length|输入.{0,8}(过长|超)|超[过出].{0,8}(长度|上下文)/i,
  // "prompt length 5000 exceeds limit", "sequence length 9000 is longer than". OpenAI, of one message: "maximum length 10485760"
  /(input|prompt|request|message|sequence|content|query) length( of)? ?\d* ?(exceeds|is (longer|greater|too))|string too long.* \d{6,}/i,
  // Kimi: "total message size 2200000 exceeds limit", "exceeded model token limit". Zhipu: "Prompt exceeds max length"
  /message size \d* ?exceeds|model token limit|(prompt|input)s? exceeds?\b.{0,20} (length|limit)|max message tokens/i,
  // Anthropic, Bedrock, Fireworks, Ollama: "prompt too long; exceeded max context length by 4 tokens"
  /(prompt|input|conversation|messages?|history) (is |are |was )?(too (long|large)|longer than the)/i,
  // xAI: "maximum prompt length is". vLLM: "maximum model length of". Gemini: "exceeds the maximum number of tokens allowed"
  /maximum (prompt|model|input|sequence) length|maximum number of (input )?tokens|input token count.*exceeds/i,
  // Copilot: "prompt token count of 150000 exceeds the limit". Cohere: "too many tokens". TGI: "must have less than". vLLM: "max_tokens must be at least 1, got -500"
  /(token count|number of tokens|input_tokens) .{0,20}exceed|max_tokens .*got -\d|too many (input |total )?tokens|(input|prompt) tokens? exceed|(?<!(daily|monthly|rate) )tokens? limit exceeded|(input_tokens|`?inputs`?)( tokens)? \+ .{0,30}must be <=|too large .{0,60}\d tokens|`?inputs`? (tokens|must have less)|tokens in the prompt/i,
  // Groq; LM Studio; Ollama, which drops the user's question first: https://github.com/ollama/ollama/issues/18107
  /reduce the length of|tokens to keep from the initial prompt|no user query found/i,
];

/** About a field that the service does not know, whatever its name is: "Unknown parameter: 'context_window'." */
const UNKNOWN_FIELD =
  /(unknown|unrecognized|unsupported|unexpected|invalid) (request )?(parameter|argument|field|name|keyword|key)\b|extra inputs are not|parameter is not supported/i;

/** Whether the conversation is too long. At 429, only for one request over the limit of a whole minute. */
export function isOverflow({ status, told, code, type, said }: Refusal): boolean {
  if (/context_(length|window)_exceeded|exceed_context_size_error|request_too_large/.test(`${code} ${type}`))
    return true;
  if ((status ?? told) === 429) return /^Request too large/i.test(said);
  return status === 413 || (!UNKNOWN_FIELD.test(said) && OVERFLOW.some((each) => each.test(said)));
}
