import { createHash } from "node:crypto";
import type { AssistantMessage, Message, NativeTurn } from "../../conversation.ts";
import { parseArguments } from "../arguments.ts";
import { wellFormed } from "./well-formed.ts";

/** Earlier turns as they may be sent again: which go back in their own form, and under which ids. */
export interface History {
  /** What an own turn holds: output items for Responses, one message for Chat; undefined for any other turn. */
  ownForm(message: AssistantMessage): unknown;
  idOf(callId: string): string;
}

/**
 * A turn of the same provider and model keeps its form and its ids, unless the service has refused it. Ids of any
 * other turn are made fit, in the same way for a call and for its result.
 */
export function readHistory(
  conversation: readonly Message[],
  model: string,
  distrusted: WeakSet<NativeTurn>,
): History {
  const ownIds = new Set<string>();
  const ownForm = ({ native }: AssistantMessage): unknown => {
    const isOwn = native?.provider === "openai" && native.model === model && !distrusted.has(native);
    return isOwn ? native.data : undefined;
  };
  for (const message of conversation) {
    if (message.role !== "assistant" || ownForm(message) === undefined) continue;
    for (const { id } of message.toolCalls) ownIds.add(id);
  }
  return { ownForm, idOf: (callId) => (ownIds.has(callId) ? callId : portableId(callId)) };
}

/** OpenAI takes up to 40 characters in Chat and 64 in Responses; Gemini and some servers use dots and colons. */
function portableId(id: string): string {
  if (/^[\w-]{1,40}$/.test(id)) return id;
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
