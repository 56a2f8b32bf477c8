/** The dialect that most compatible servers speak: Chat Completions. */
import type {
  CompleteReply,
  Delta,
  Message,
  ModelRequest,
  ToolCall,
  ToolDeclaration,
  Usage,
} from "@eightfold/core";
import { badReply } from "@eightfold/core";
import type * as api from "openai/resources/chat/completions";
import type { Learned } from "../learning.ts";
import { argumentsText, parseArguments, replyOf, wellFormed } from "../wire-values.ts";
import { endedEarly } from "./errors.ts";
import { type History, type ReplySource, readHistory, replayArguments, usageOf } from "./quirks.ts";
import type { Endpoint } from "./server.ts";

/**
 * A request of Chat Completions, with the least that compatible servers need: many refuse a field they do not know.
 * What grows comes last, so that each request begins with the bytes of the one before.
 */
export async function chatRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
  { isOpenAI }: Endpoint,
): Promise<api.ChatCompletionCreateParamsStreaming> {
  const history = readHistory(conversation, model, learned, isMessage);
  const systemRole = isOpenAI ? "developer" : "system";
  return wellFormed({
    model,
    stream: true as const,
    ...(!learned.refused.has("stream_options") && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: await Promise.all(tools.map(describeTool)) }),
    messages: [
      ...(system ? [{ role: systemRole, content: system } as const] : []),
      ...conversation.flatMap((message) => messagesOf(message, history)),
    ],
  });
}

/** A turn of Chat Completions is kept as one message, of an object's shape. */
function isMessage(data: unknown): data is api.ChatCompletionMessageParam {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function messagesOf(
  message: Message,
  history: History<api.ChatCompletionMessageParam>,
): api.ChatCompletionMessageParam[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    return [{ role: "tool", tool_call_id: history.idOf(message.callId), content: message.text }];
  }
  const own = history.ownForm(message);
  if (own) return [own];
  const { text, toolCalls } = message;
  if (text === "" && toolCalls.length === 0) return [];
  const calls = toolCalls.map(({ id, name, input }) => ({
    id: history.idOf(id),
    type: "function" as const,
    function: { name, arguments: JSON.stringify(wellFormed(input)) },
  }));
  return [{ role: "assistant", content: text || null, ...(calls.length > 0 && { tool_calls: calls }) }];
}

async function describeTool({
  name,
  description,
  parameters,
}: ToolDeclaration): Promise<api.ChatCompletionTool> {
  return { type: "function", function: { name, description, parameters: { ...(await parameters()) } } };
}

/** What compatible servers send as a chunk: any of it may be missing or null. */
interface ChatChunk {
  readonly choices?:
    | readonly { readonly delta?: ChatDelta | null; readonly finish_reason?: string | null }[]
    | null;
  readonly usage?: object | null;
}

/** OpenAI tells nothing of its thoughts here; other servers do, each under a name of its own. */
const THOUGHTS = ["reasoning_content", "reasoning", "reasoning_text"] as const;

type ThoughtsName = (typeof THOUGHTS)[number];

interface ChatDelta extends Readonly<Partial<Record<"content" | "refusal" | ThoughtsName, string | null>>> {
  readonly tool_calls?: readonly CallFragment[] | null;
}

/** A reply as far as it has come. */
interface Draft {
  text: string;
  reasoning: string;
  /** The name under which this server tells its thoughts. */
  thoughts?: ThoughtsName;
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

function complete(draft: Draft, { endpoint, model, idFor }: ReplySource): CompleteReply {
  const { text, reasoning, finish, usage } = draft;
  for (const call of draft.calls) call.id = idFor(call.id);
  const calls = draft.calls.map(callOf);
  const isCut = finish === "length" || finish === "max_tokens";
  const isRefused = draft.isRefused || finish === "content_filter";
  const end = isRefused ? "refused" : isCut ? "length" : "done";
  if (finish === "error" && !isRefused) throw badReply(`${endpoint.label} ended its reply with an error.`);
  if (end === "done" && calls.length === 0 && text === "") {
    throw badReply(`${endpoint.label} answered with nothing.`);
  }
  const native = calls.length > 0 ? { provider: "openai", model, data: ownForm(draft) } : undefined;
  return replyOf({ text, reasoning, calls, end, usage, native });
}

/** Some models lose their thread when the thoughts before a call do not come back with it. */
function ownForm({ text, calls, reasoning, thoughts }: Draft): object {
  return {
    role: "assistant",
    content: text || null,
    ...(thoughts && { [thoughts]: reasoning }),
    tool_calls: calls.map(ownCall),
  };
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
