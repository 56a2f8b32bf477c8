/** What a refusal means, and what the user can do about it: by its words, which services have in common, else by its status. */
import { type ModelError, type ModelErrorKind, quote } from "@eightfold/core";
import { explainNetwork, explainRefusal, type Refusal, refusalOf } from "./http-errors.ts";
import { SHORTEN } from "./reply.ts";

export interface Meaning {
  /** Absent where the status tells it. Asking again does not cure what is told here, except for a model's slip and a cut. */
  readonly kind?: ModelErrorKind;
  readonly when: (refusal: Refusal & { readonly status: number }) => boolean;
  /** Instead of the usual one for this kind. */
  readonly hint?: string;
}

export const says =
  (words: RegExp) =>
  ({ said }: Refusal): boolean =>
    words.test(said);

/** What went wrong with a request. The first meaning that fits decides. The status is zero where none is told. */
export function explainBy(
  meanings: readonly Meaning[],
  hints: Partial<Record<ModelErrorKind, string>>,
  error: unknown,
  label: string,
): ModelError | undefined {
  const refusal = refusalOf(error);
  if (!refusal) return explainNetwork(error, label);
  const known = explainRefusal(label, refusal);
  const status = known.status ?? 0;
  const meaning = meanings.find(({ when }) => when({ ...refusal, status }));
  const kind = meaning?.kind ?? known.kind;
  const retryable = meaning?.kind ? ["bad_reply", "cut_off"].includes(kind) : known.retryable;
  const hint = meaning?.hint ?? hints[kind];
  return { ...known, kind, retryable, ...(hint !== undefined && { hint }) };
}

/** What to do where a service has nothing better to offer. */
export const usualHints = (model: string) => ({
  no_access: `Check what your key may do, or choose a model other than ${quote(model)}.`,
  no_tools: `Choose a model other than ${quote(model)}.`,
  context_too_long: SHORTEN,
  blocked: "Rephrase the request.",
  rate_limit: "Ask again in a minute, or choose another model.",
  overloaded: "Ask again in a moment, or choose another model.",
});

const NO_TOOLS =
  /(not|n['’]t) support (tools?|functions?)\b|support tool use|(?<!parallel[ _])\b(tools?|functions?)([ _-](use|calls?|calling))?['"`]* (is|are) not (supported|enabled|available)|argument supplied: tools$|\btools: (not yet implemented|extra )|requires --jinja|enable-auto-tool-choice/i;

/** Whether a model takes no tools, in the words of all services. */
export const isAboutTools = says(NO_TOOLS);

const NO_CREDIT =
  /(insufficient|exceeded_current)\w*_quota|billing_(hard_limit_reached|not_active)|arrearage|check your plan and billing|credit balance is too low|insufficient (balance|credits|funds)|余额不足|欠费|额度(不足|已用)/i;

/** Whether an account has nothing left to spend, in the words of all services. Some of them say 429 to it. */
export function isOutOfCredit({ code, type, said }: Refusal): boolean {
  return NO_CREDIT.test(`${code} ${type} ${said}`);
}

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
