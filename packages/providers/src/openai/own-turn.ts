import type { AssistantMessage, Message, NativeTurn } from "@eightfold/core";
import { parseArguments } from "../arguments.ts";
import { wellFormed } from "../well-formed.ts";

/** Earlier turns as they may be sent again: which go back in their own form, and under which ids. */
export interface History<Form> {
  ownForm(message: AssistantMessage): Form | undefined;
  idOf(callId: string): string;
}

/**
 * A turn of the same provider, model and API keeps its form and its ids, unless the service has refused it. Ids of
 * any other turn are made fit, in the same way for a call and for its result.
 */
export function readHistory<Form>(
  conversation: readonly Message[],
  model: string,
  distrusted: WeakSet<NativeTurn>,
  isForm: (data: unknown) => data is Form,
): History<Form> {
  const ownForm = ({ native }: AssistantMessage): Form | undefined => {
    const isOwn = native?.provider === "openai" && native.model === model && !distrusted.has(native);
    return isOwn && isForm(native.data) ? native.data : undefined;
  };
  const ownIds = new Set<string>();
  for (const message of conversation) {
    if (message.role !== "assistant" || ownForm(message) === undefined) continue;
    for (const { id } of message.toolCalls) ownIds.add(id);
  }
  return { ownForm, idOf: (callId) => (ownIds.has(callId) ? callId : portableId(callId)) };
}

/**
 * OpenAI takes up to 40 characters in Chat and 64 in Responses; Gemini and some servers use dots and colons. Few
 * conversations hold such an id, so cryptography is loaded for one only.
 */
function portableId(id: string): string {
  if (/^[\w-]{1,40}$/.test(id)) return id;
  const { createHash } = process.getBuiltinModule("node:crypto");
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 24)}`;
}

/**
 * A call's arguments as they are sent again: as the model wrote them, so that cached prefixes still match. What no
 * server could parse is replaced; the result of the call tells the model what was wrong.
 */
export function replayArguments(written: string): string {
  const { input } = parseArguments(written);
  const clean = JSON.stringify(wellFormed(input));
  const isFit = written.trimStart().startsWith("{") && clean === JSON.stringify(input);
  return isFit && clean !== "{}" ? written : clean;
}
