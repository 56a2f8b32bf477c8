import type { CompleteReply, Delta, Usage } from "@eightfold/core";
import type { WireRecord } from "../../answer.ts";
import { onlyOnce } from "../../call-arguments.ts";
import { endedEarly } from "../../records.ts";
import { callIdsAfter, endOf, judgedReply, meaningOf, type ReplySource } from "../../reply.ts";
import { isRecord, listOf, readThinkTags, recordOf, textOf, wordsOf } from "../../wire-values.ts";
import { usageOf } from "../quirks.ts";
import { addFragment, type CallDraft, callOf, ownCall } from "./calls.ts";

/** OpenAI tells nothing of its thoughts here; other servers do, each under a name of its own. */
const THOUGHTS = ["reasoning_content", "reasoning", "reasoning_text"] as const;

/**
 * Forms of thoughts that go back as they came: OpenRouter's (https://openrouter.ai/docs/use-cases/reasoning-tokens), and
 * LiteLLM's (https://docs.litellm.ai/docs/reasoning_content).
 */
const DETAILS = ["reasoning_details", "thinking_blocks"] as const;

/** A reply as far as it has come. */
interface Draft {
  readonly said: Readonly<{ text: string; reasoning: string }>;
  /** The name under which this server tells its thoughts, empty ones too: it may want the field back. */
  thoughts?: string;
  details: Partial<Record<(typeof DETAILS)[number], Record<string, unknown>[]>>;
  /** Copilot's, sealed. */
  opaque: string;
  isRefused: boolean;
  calls: CallDraft[];
  finish: string;
  usage: Usage;
  /** Of the first of the replies that a server sends. */
  index?: unknown;
}

/** Reads the chunks of one reply. https://platform.openai.com/docs/api-reference/chat-streaming */
export async function* readChatReply(
  chunks: AsyncIterable<WireRecord>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const tags = readThinkTags();
  const nothing = { details: {}, opaque: "", isRefused: false, calls: [], finish: "", usage: {} };
  const draft: Draft = { said: tags.said, ...nothing };
  for await (const { choices, usage } of chunks) {
    // The chunk with the usage has no choices.
    addUsage(draft, usage);
    for (const choice of choicesOf(choices, draft)) {
      addEnd(draft, choice);
      // A server that cannot stream sends its reply as one message.
      const isFirst = tags.said.text === "" && draft.calls.length === 0;
      const { text, thought } = addDelta(draft, choice.delta ?? (isFirst ? choice.message : undefined));
      yield* tags.read(text, thought);
    }
  }
  yield* tags.rest();
  // Some servers give no reason for the end, but mark it.
  if (draft.finish === "" && !source.answer.isMarkedDone) throw endedEarly(source.answer);
  return complete(draft, source);
}

/**
 * One reply was asked for. A server that sends several all the same tells them apart by their index: the first counts. What has
 * the same index, or none, is one reply: Copilot sends a text and its calls as two choices.
 */
function choicesOf(choices: unknown, draft: Draft): WireRecord[] {
  const all = listOf(choices).map(recordOf);
  draft.index ??= all[0]?.index ?? undefined;
  return all.filter(({ index }) => (index ?? draft.index) === draft.index);
}

/** Some servers count on in each chunk, and some end with zeros or with nothing. */
function addUsage(draft: Draft, told: unknown): void {
  const usage = usageOf(told);
  if ((usage.input ?? 0) >= (draft.usage.input ?? 0)) draft.usage = { ...draft.usage, ...usage };
}

/** OpenRouter tells how its provider ended, which may be by an error where its own word is "stop". */
function addEnd(draft: Draft, { finish_reason: end, native_finish_reason: native }: WireRecord): void {
  // SGLang may send what it knows of the end: `{ "type": "abort", … }`.
  draft.finish = wordsOf(textOf(isRecord(end) ? end.type : end)) || draft.finish;
  if (meaningOf(textOf(native)) === "error") draft.finish = textOf(native);
}

/** Adds a piece to the draft, and gives what of it is to be shown. */
function addDelta(draft: Draft, value: unknown): { text: string; thought: string } {
  const delta = isRecord(value) ? value : { content: value };
  const details = DETAILS.flatMap((name) => {
    const pieces = listOf(delta[name]).filter(isRecord);
    const kept = draft.details[name] ?? [];
    for (const piece of pieces) addDetail(kept, piece);
    if (pieces.length > 0) draft.details[name] = kept;
    return pieces;
  });
  draft.opaque = textOf(delta.reasoning_opaque) || draft.opaque;
  const names = THOUGHTS.filter((each) => delta[each] !== undefined && delta[each] !== null);
  const name = names.find((each) => textOf(delta[each]) !== "") ?? names[0];
  const told = name === undefined ? "" : textOf(delta[name]);
  if (name !== undefined && (told !== "" || draft.thoughts === undefined)) draft.thoughts = name;
  // One call, in the form before `tool_calls`; some servers send both.
  const called = listOf(delta.tool_calls);
  const before = listOf(delta.function_call).map((each) => ({ function: each }));
  for (const fragment of called.length > 0 ? called : before) addFragment(draft.calls, fragment);
  const refusal = textOf(delta.refusal);
  draft.isRefused ||= refusal !== "";
  // Mistral's models tell their thoughts as parts of the content.
  const parts = listOf(delta.content).map((part) => textOf(recordOf(part).thinking));
  const thought =
    told ||
    details.map(({ text, summary, thinking }) => textOf(text ?? summary ?? thinking)).join("") ||
    parts.join("");
  return { text: textOf(delta.content) + refusal, thought };
}

/** A piece of a thought is joined to the piece before it; its signature comes with the last. */
function addDetail(details: Record<string, unknown>[], piece: WireRecord): void {
  const last = details.at(-1);
  const isSame = last?.type === piece.type && last?.index === piece.index && !("data" in piece);
  if (!last || !isSame) return void details.push({ ...piece });
  for (const [key, value] of Object.entries(piece)) {
    const isText = ["text", "summary", "thinking"].includes(key);
    if (isText || (value !== null && value !== ""))
      last[key] = isText ? `${textOf(last[key])}${textOf(value)}` : value;
  }
}

function complete(draft: Draft, source: ReplySource): CompleteReply {
  const { model, request } = source;
  const { said, finish, usage } = draft;
  // Some servers end with a piece of nothing, under a new id.
  const sent = draft.calls.filter(({ name, arguments: written }) => name !== "" || written !== "");
  draft.calls = onlyOnce(sent, ({ id, name, arguments: written }) => [id, name, written]);
  const idFor = callIdsAfter(request.conversation);
  for (const call of draft.calls) call.id = idFor(call.id);
  const calls = draft.calls.map(callOf);
  const end = draft.isRefused ? "refused" : endOf(finish, source);
  const isKept = calls.length > 0 || draft.opaque !== "" || Object.keys(draft.details).length > 0;
  const native = isKept ? { provider: "openai", model, data: ownForm(draft) } : undefined;
  return judgedReply({ ...said, calls, end, finish, usage, native }, source);
}

/** Some models lose their thread when the thoughts before a call do not come back with it. */
function ownForm({ said, calls, thoughts, details, opaque }: Draft): object {
  return {
    role: "assistant",
    content: said.text || null,
    ...(thoughts && { [thoughts]: said.reasoning }),
    ...details,
    ...(opaque && { reasoning_opaque: opaque }),
    ...(calls.length > 0 && { tool_calls: calls.map(ownCall) }),
  };
}
