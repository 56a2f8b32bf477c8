/** The one place where a reply is judged to be done, and made of what was read. */
import {
  badReply,
  type CompleteReply,
  type Message,
  ModelFailure,
  type ModelRequest,
  type NativeTurn,
  type ToolCall,
  type Usage,
} from "@eightfold/core";
import { type Answer, quoted } from "./answer.ts";
import { MARK } from "./text-form/markup.ts";
import { END_TAG, TAG } from "./text-form/unmarked.ts";
import { LAST_THOUGHT, wordsOf } from "./wire-values.ts";

/** The same call, marked as one that must not run: the length limit cut the reply, and maybe its arguments. */
export function cutOffCall(call: ToolCall): ToolCall {
  const invalid =
    "The reply was cut off by its length limit, so this call may be incomplete. " +
    "Make it again, in smaller pieces.";
  return { ...call, input: {}, invalid };
}

/** What a service's word for the end of a reply means. A word that we do not know is an ordinary end. */
export function meaningOf(reason: string): Ending["end"] | "context" | "error" {
  if (/context_(window|length)|model_context/i.test(reason)) return "context";
  if (/length|max_\w*(tokens|output)|(token|time)_limit|truncat|incomplete/i.test(reason)) return "length";
  if (ERROR.test(reason)) return "error";
  return REFUSED.test(reason) ? "refused" : "done";
}

/** LiteLLM: "function_call_filter: MALFORMED_FUNCTION_CALL" */
const ERROR =
  /error|fail|abort|cancel|malformed|unexpected|too_many|insufficient|timeout|overload|rate_limit|exception|unavailable/i;
const REFUSED =
  /filter|safety|sensitive|refus|recitation|prohibited|block|guardrail|moderat|flagged|violat|spii|^risk/i;

/** How a reply ended, by the service's word. @throws ModelFailure for a word that means a failure */
export function endOf(reason: string, { answer, shorten = SHORTEN }: ReplySource): Ending["end"] {
  const end = meaningOf(reason);
  if (end !== "error" && end !== "context") return end;
  const shown = quoted(reason, answer);
  const { label } = answer.service;
  if (end === "error") throw badReply(`${label} ended its reply with an error (${shown}).`);
  const message = `${label} has no room left in the model's context (${shown}).`;
  throw new ModelFailure({ kind: "context_too_long", message, hint: shorten, retryable: false });
}

/** Why a reply ended, in the service's own words. */
export function whyEnded(words: readonly unknown[], answer: Answer): string {
  const known = words.map(wordsOf).filter((each) => each !== "");
  return quoted(known.join(": "), answer);
}

interface Ending {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  readonly end: "done" | "length" | "refused";
  /** The service's own word for the end, where it has one for calls. */
  readonly finish?: string;
  readonly usage: Usage;
  /** The turn in the provider's own form. */
  readonly native?: NativeTurn | undefined;
}

/** What a reply is read from, and what its reader has to know. */
export interface ReplySource {
  readonly answer: Answer;
  readonly request: ModelRequest;
  readonly model: string;
  /** What to do about a conversation that is too long, where it is not the usual. */
  readonly shorten?: string;
  /** The model's context in tokens, where it is known. */
  readonly contextTokens?: number;
}

/** A reply that ends for its calls without one: if its text holds no markup either, it is of no use. */
const MARKUP = new RegExp(String.raw`${TAG}|<[|｜/a-z]|${"```"}|\{|\w\(|^[^\w\n]*Action\W`, "im");

/** Such a tag alone may be a word of the thought. */
const BEGIN_TAG = new RegExp(String.raw`(?:^|\s)(?!<(?:tool|function)[ >])(?:${MARK}|<[|｜]+DSML)`);

/** Where a reply has no text and its thoughts end in a call, that call becomes its text: Kimi and Qwen call before they end a thought. */
function withCallOfThought(ending: Ending, { request: { tools = [] } }: ReplySource): Ending {
  const { text, reasoning, calls } = ending;
  const at = reasoning.search(BEGIN_TAG);
  if (at < 0 || text.trim() !== "" || calls.length > 0 || tools.length === 0) return ending;
  const call = reasoning.slice(at).replace(LAST_THOUGHT, "").trim();
  return END_TAG.test(call) ? { ...ending, text: call, reasoning: reasoning.slice(0, at) } : ending;
}

/** @throws ModelFailure for a reply that says nothing or lacks its calls, and for one to a prompt that the server cut */
export function judgedReply(read: Ending, source: ReplySource): CompleteReply {
  const { answer, request, shorten = SHORTEN } = source;
  const { label } = answer.service;
  const ending = withCallOfThought(read, source);
  const { end, text, calls, finish = "", usage } = ending;
  if (isPromptCut(source, usage.input)) {
    const message = `${label} left out a part of the conversation: it counted only ${usage.input} tokens.`;
    throw new ModelFailure({ kind: "context_too_long", message, hint: shorten, retryable: false });
  }
  if (/^(tool_calls?|function_call|tool_use)$/.test(finish) && calls.length === 0 && !MARKUP.test(text)) {
    throw badReply(`${label} ended its reply to make a call, and sent none.`);
  }
  if (calls.some(({ name }) => name === "")) throw badReply(`${label} sent a call without a name.`);
  if (end !== "done" || text.trim() !== "" || calls.length > 0) return replyOf(ending);
  const { error } = badReply(`${label} answered with nothing.`);
  const hint = hintOfLength(request, shorten);
  throw new ModelFailure({ ...error, ...(hint !== undefined && { hint }) });
}

/** What may be wrong with a request that fails for no reason that we know: servers have many words for "too long". */
export function hintOfLength(request: ModelRequest, shorten = SHORTEN): string | undefined {
  const thousands = Math.round(sentTexts(request).join("").length / 4000);
  if (thousands < 3) return undefined;
  return `The request is long, some ${thousands}k tokens, and may be more than the model's context. ${shorten}`;
}

export const SHORTEN =
  "Start a new conversation, ask for less at a time, or make room with /compact in phase 8.";

/** A reply that was read to its end. One that was refused calls nothing; one that was cut runs nothing. */
export function replyOf({ text, reasoning, calls, end, usage, native }: Ending): CompleteReply {
  const toolCalls = end === "refused" ? [] : end === "length" ? calls.map(cutOffCall) : calls;
  const message = { role: "assistant", text, toolCalls, ...(reasoning && { reasoning }) } as const;
  return {
    message: end === "done" && native ? { ...message, native } : message,
    stop: toolCalls.length > 0 ? "tool_calls" : end,
    usage,
  };
}

function sentTexts({ system = "", conversation }: ModelRequest): string[] {
  return [system, ...conversation.map(({ text }) => text)];
}

/**
 * Whether the server left out a part of what it was sent. Some do so without a word, and count only what they kept.
 * `counted` is their count of input tokens. Some leave out of it what was cached: so a conversation that is short
 * against the context is never called cut, nor, where the context is not known, one that may just be a small addition.
 */
function isPromptCut({ request, contextTokens }: ReplySource, counted: number | undefined): boolean {
  const texts = sentTexts(request);
  // No look at each word where there are tokens enough.
  if (counted === undefined || counted > texts.join("").length / 4) return false;
  const fewest = texts.reduce((sum, text) => sum + fewestTokens(text), 0);
  if (contextTokens !== undefined) return counted < fewest && fewest > contextTokens / 2;
  return counted >= 1000 && counted < fewest / 2;
}

/**
 * A number of tokens that no tokenizer can stay below: tokens span neither two words nor a word and the number
 * behind it. Real counts are higher, by a third in English, and severalfold in scripts without spaces.
 */
function fewestTokens(text: string): number {
  const words = text.matchAll(/[^\s\p{L}\p{M}\p{N}]?[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]+/gu);
  return [...words].length;
}

/** Gives a call its id: the one that the provider gave, or one of ours. No two calls of a conversation share one. */
export type CallIds = (given?: string | null) => string;

/** Some servers number their calls from the start in each reply, and some give no ids. */
export function callIdsAfter(conversation: readonly Message[]): CallIds {
  const calls = conversation.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
  const taken = new Set(calls.map(({ id }) => id));
  return (given) => {
    const isFree = given && !taken.has(given);
    const id = isFree ? given : `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
    taken.add(id);
    return id;
  };
}
