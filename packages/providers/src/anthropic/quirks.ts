/** What Anthropic's models, and the servers that imitate it, do not take. It is learned from a refusal. */
import type { Refusal } from "../http-errors.ts";
import { type Learned, nothingLearned, OWN_TURNS, type Quirk } from "../learning.ts";
import type { Settings } from "../settings.ts";

/** How long a reply may be, in tokens: each request has to name it, and each model has a limit of its own. */
const REPLY_LIMITS = [128_000, 64_000, 32_000, 8192, 4096];

const limitName = (tokens: number) => `replies of ${tokens} tokens`;

/** The longest that was not refused. */
export function replyLimit({ refused }: Learned): number {
  return REPLY_LIMITS.find((tokens) => !refused.has(limitName(tokens))) ?? 4096;
}

/** The API version of 2026 is unknown to servers that imitate an older one. */
export const OLD_VERSION = "anthropic-version";

/** Models up to 4.5 think for a budget only: without one they do not think. A limit that the user set is not tried out. */
export function learnedOf(model: string, { "max-tokens": most }: Settings): Learned {
  const isOld = /claude-(2|3|(opus|sonnet|haiku)-4(-[015]\b|-\d{8}|$))/.test(model);
  const limits = most === undefined ? [] : REPLY_LIMITS.map(limitName);
  return nothingLearned(...(isOld ? ["thinking"] : []), ...limits);
}

/**
 * How long this one reply may be behind this prompt: "input length and `max_tokens` exceed context limit: 150000 + 64000 >
 * 200000". Undefined for another refusal, and where there is no room for a reply of use.
 */
export function roomIn(refusal: Refusal | undefined): number | undefined {
  const counts = /context limit: ([\d,]+) \+ [\d,]+ > ([\d,]+)/.exec(refusal?.said ?? "")?.slice(1) ?? [];
  const [input = 0, limit = 0] = counts.map((count) => Number(count.replaceAll(",", "")));
  return limit - input >= LEAST_REPLY ? limit - input : undefined;
}

const LEAST_REPLY = 1024;

/**
 * "max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for this model". Imitators: "the valid
 * range of max_tokens is [1, 8192]", "must be at most 16384". Bedrock: "The maximum tokens you requested exceeds the model limit"
 */
const TOO_LONG_A_REPLY =
  /(?<!and `?)max_(completion_)?tokens\b.*(>|exceed|too (large|high)|maximum|less than|at most|<=|\[\d|between \d)|maximum tokens you requested/i;

/** DeepSeek and Kimi want thoughts in each turn, also in those of another model: "must be passed back to the API". */
export const WANTS_THOUGHTS = "turns without thoughts";

export const QUIRKS: readonly Quirk[] = [
  { name: WANTS_THOUGHTS, words: /must be passed back|reasoning_content is missing/i },
  { name: "cache_control", words: /cache_control/ },
  // Thoughts that another key or model signed, that belong to another conversation, or that a server does not take back.
  {
    name: OWN_TURNS,
    words:
      /`?signature`?.{0,20}thinking|thinking.{0,40}(signature|cannot be modified)|Expected `thinking`|bound to a different|^messages\.\d+\.content|content\.\d+\S* (Input tag|Invalid)/im,
  },
  { name: "thinking", words: /thinking|adaptive/i },
  { name: OLD_VERSION, words: /anthropic-version/i },
  ...REPLY_LIMITS.slice(0, -1).map((tokens) => ({ name: limitName(tokens), words: TOO_LONG_A_REPLY })),
];
