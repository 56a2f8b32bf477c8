/** The words of all services for a request that is too long. */
import type { Refusal } from "./http-errors.ts";

/** Words that are about the length of the whole request, whatever else stands beside them. */
const OVERFLOW = [
  // OpenAI, vLLM, llama.cpp, LM Studio, OpenRouter, Mistral, Together, Cloudflare, MiniMax, Anthropic
  /context[ _-]?(length|window|size|limit)|context the overflows|exceeds? the (available )?context/i,
  // Alibaba: "Range of input length should be [1, 32768]"
  /range of input length|(输入|内容|提示|prompt|tokens?).{0,12}(过长|超)|超[过出].{0,8}(长度|上下文)/i,
  // Kimi: "exceeded model token limit". vLLM: "maximum model length of", "max_tokens must be at least 1, got -500"
  /model token limit|max message tokens|(?<!(daily|monthly|rate) )tokens? limit exceeded|max_tokens .*got -\d/i,
  /maximum (prompt|model|input|sequence) length|max_(seq|model)_len|\bn_ctx\b|kv cache is full|max_prompt_tokens/i,
  // TGI: "`inputs` tokens + `max_new_tokens` must be <= 4096". OpenAI, of one message: "maximum length 10485760"
  /(input_tokens|`?inputs`?)( tokens)? \+ .{0,30}must be <=|string too long.* \d{6,}|string_above_max_length/i,
  // Groq; LM Studio; Ollama, which drops the user's question first: https://github.com/ollama/ollama/issues/18107
  /reduce the length of|tokens to keep from the initial prompt|no user query found/i,
];

/** What is sent, and that it is too much, in one sentence: "prompt too long", "total message size 2200000 exceeds limit". */
const SENT =
  /\b(prompt|inputs?|input_tokens|conversation|messages?|history|query|request|sequence|content|tokens)\b/i;
const TOO_MUCH =
  /\bexceed|too (long|large|big|many (total |input )?tokens)|(longer|larger) than|greater than the|(more|less|fewer) than [\d,]+ tokens|over the (\w+ )?limit|only supports (up to )?\d|\d >=? \d|more than (the )?max|(maximum|limit) is [\d,]{4,}|at most [\d,]{4,}/i;

/** What else can be too much, or too long. */
const OTHER =
  /\b(rate|quota|daily|weekly|monthly|per|minute|day|tools?|functions?|name|id|key|call_id|description|metadata|images?|files?|temperature|effort|thinking|budget|deadline|queue|role|headers?|urls?|retries|attempts|time\w*|seconds|concurren\w*|capacity|balance|credits?|spend\w*|wait|(completion|output) tokens|maximum tokens you)\b|(?<!\b(input|length|messages) (and|\+) ['`]?)max_(output_|completion_)?tokens|per-/i;

/** About a field that the service does not know, whatever its name is: "Unknown parameter: 'context_window'." */
const UNKNOWN_FIELD =
  /(unknown|unrecognized|unsupported|unexpected|invalid) (request )?(parameter|argument|field|name|keyword|key)\b|extra inputs are not|parameter is not supported/i;

const CODES =
  /context_(length|window)_exceeded|exceed_context_size_error|request_too_large|tokens_limit_reached|max_prompt_tokens/;

/** Whether the conversation is too long. At 429, only for one request over the limit of a whole minute. */
export function isOverflow({ status, told, code, type, said }: Refusal): boolean {
  if (CODES.test(`${code} ${type}`) || CODES.test(said)) return true;
  const is = status ?? told;
  if (is === 413) return true;
  if (is === 429 || /throttl|rate_?limit/i.test(`${code} ${type}`)) return /^Request too large/i.test(said);
  if (UNKNOWN_FIELD.test(said)) return false;
  if (OVERFLOW.some((each) => each.test(said))) return true;
  return (
    ![401, 403, 502, 503, 504].includes(is ?? 0) &&
    SENT.test(said) &&
    TOO_MUCH.test(said) &&
    !OTHER.test(said)
  );
}
