import {
  badReply,
  type CompleteReply,
  type Delta,
  type NativeTurn,
  type ToolCall,
  type Usage,
} from "@eightfold/core";
import { argumentsText, cutOffCall, knownCounts, parseArguments } from "../wire-values.ts";
import { endedEarly } from "./errors.ts";
import { type ReplySource, replayArguments } from "./quirks.ts";

/** What compatible servers send as a chunk: any of it may be missing or null. */
export interface ChatChunk {
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: ChatUsage | null;
}

interface ChatChoice {
  readonly delta?: ChatDelta | null;
  readonly finish_reason?: string | null;
}

/** OpenAI tells nothing of its thoughts here; other servers do, each under a name of its own. */
interface ChatDelta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly CallFragment[] | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly reasoning_text?: string | null;
}

interface ChatUsage {
  readonly prompt_tokens?: number;
  readonly prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number } | null;
  readonly completion_tokens?: number;
  readonly completion_tokens_details?: { reasoning_tokens?: number } | null;
}

const THOUGHTS = ["reasoning_content", "reasoning", "reasoning_text"] as const;

/** A reply as far as it has come. */
interface Draft {
  text: string;
  reasoning: string;
  /** The name under which this server tells its thoughts. */
  thoughts?: (typeof THOUGHTS)[number];
  isRefused: boolean;
  calls: CallDraft[];
  finish?: string;
  usage: Usage;
}

/** Reads the chunks of one reply. https://platform.openai.com/docs/api-reference/chat-streaming */
export async function* readChatReply(
  chunks: AsyncIterable<ChatChunk>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const draft: Draft = { text: "", reasoning: "", isRefused: false, calls: [], usage: {} };
  for await (const { choices, usage } of chunks) {
    // The chunk with the usage has no choices.
    if (usage) draft.usage = usageOf(usage);
    const [choice] = choices ?? [];
    if (choice?.finish_reason) draft.finish = choice.finish_reason;
    for (const delta of choice?.delta ? addDelta(draft, choice.delta) : []) yield delta;
  }
  // Some servers give no reason for the end, but mark it.
  if (draft.finish === undefined && !source.signs.done) throw endedEarly(source.endpoint, source.signs);
  return complete(draft, source);
}

/** Adds a piece to the draft, and gives what of it is to be shown. */
function addDelta(draft: Draft, delta: ChatDelta): Delta[] {
  const thoughts = THOUGHTS.find((name) => delta[name]);
  const thought = (thoughts && delta[thoughts]) ?? "";
  if (thoughts) draft.thoughts = thoughts;
  draft.reasoning += thought;
  if (delta.refusal) draft.isRefused = true;
  const text = (delta.content ?? "") + (delta.refusal ?? "");
  draft.text += text;
  for (const fragment of delta.tool_calls ?? []) addFragment(draft.calls, fragment);
  return [
    ...(thought ? [{ type: "reasoning_delta", text: thought } as const] : []),
    ...(text ? [{ type: "text_delta", text } as const] : []),
  ];
}

function complete(draft: Draft, source: ReplySource): CompleteReply {
  const { text, reasoning, finish, usage } = draft;
  for (const call of draft.calls) call.id = source.idFor(call.id);
  const isCut = finish === "length" || finish === "max_tokens";
  const isRefused = draft.isRefused || finish === "content_filter";
  const calls = isRefused ? [] : draft.calls.map(isCut ? (call) => cutOffCall(callOf(call)) : callOf);
  const message = { role: "assistant", text, toolCalls: calls, ...(reasoning && { reasoning }) } as const;
  if (isRefused) return { message, stop: "refused", usage };
  if (calls.length === 0 && isCut) return { message, stop: "length", usage };
  if (finish === "error" || (calls.length === 0 && text === "")) throw emptyReply(finish, source);
  if (calls.length === 0) return { message, stop: "done", usage };
  return { message: isCut ? message : { ...message, ...ownForm(draft, source) }, stop: "tool_calls", usage };
}

/** Some models lose their thread when the thoughts before a call do not come back with it. */
function ownForm(
  { text, calls, reasoning, thoughts }: Draft,
  { model }: ReplySource,
): { native: NativeTurn } {
  const data = {
    role: "assistant",
    content: text || null,
    ...(thoughts && { [thoughts]: reasoning }),
    tool_calls: calls.map(ownCall),
  };
  return { native: { provider: "openai", model, data } };
}

function emptyReply(finish: string | undefined, { endpoint: { label } }: ReplySource): Error {
  return badReply(
    finish === "error" ? `${label} ended its reply with an error.` : `${label} answered with nothing.`,
  );
}

/** Input holds what was cached, and output holds the reasoning. */
function usageOf(usage: ChatUsage): Usage {
  return knownCounts({
    input: usage.prompt_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens,
    cacheWrite: usage.prompt_tokens_details?.cache_write_tokens,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens,
  });
}

/** A piece of a tool call. Compatible servers leave out what they like, and add fields of their own. */
export interface CallFragment {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly type?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

/** A call as far as it has come. */
export interface CallDraft {
  readonly index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  /** Fields that only this server knows, to be sent back with the call: Gemini signs its calls in one. */
  extra: object;
}

/**
 * Adds a piece to the call it belongs to. Pieces of several calls may come in turns, told apart by their index. Some
 * servers put all calls at the same index, so an id that is new there begins a new call; and so does a name after
 * arguments that are already complete, for servers that give no ids.
 */
export function addFragment(drafts: CallDraft[], fragment: CallFragment): void {
  const { index, id, type: _, function: called, ...extra } = fragment;
  let draft = drafts.findLast((known) => known.index === (index ?? undefined));
  if (!draft || beginsAnother(draft, id ?? "", called?.name ?? "")) {
    draft = { index: index ?? undefined, id: "", name: "", arguments: "", extra: {} };
    drafts.push(draft);
  }
  draft.id ||= id ?? "";
  draft.name ||= called?.name ?? "";
  draft.arguments += argumentsText(called?.arguments);
  draft.extra = { ...draft.extra, ...extra };
}

function beginsAnother(draft: CallDraft, id: string, name: string): boolean {
  if (id !== "" && draft.id !== "") return id !== draft.id;
  return name !== "" && draft.arguments !== "" && parseArguments(draft.arguments).invalid === undefined;
}

export function callOf({ id, name, arguments: written }: CallDraft): ToolCall {
  return { id, name, ...parseArguments(written) };
}

/** The call in Chat's own form, as it is sent back. */
export function ownCall({ id, name, arguments: written, extra }: CallDraft): object {
  return { ...extra, id, type: "function", function: { name, arguments: replayArguments(written) } };
}
