/** Earlier turns of a conversation, as they are sent again. */
import type { Message, NativeTurn } from "@eightfold/core";
import type { Learned } from "./learning.ts";

/** What a provider kept of its turn, if provider and model are the same and the service has not refused it. */
export function ownTurn(
  native: NativeTurn | undefined,
  provider: string,
  model: string,
  learned?: Learned,
): unknown {
  const isOwn = native?.provider === provider && native.model === model && !learned?.refusedTurns.has(native);
  return isOwn ? native.data : undefined;
}

/** The conversation without messages that say nothing, and without two of the user in a row, which the templates of some models refuse. */
export function inTurns(conversation: readonly Message[]): Message[] {
  const turns: Message[] = [];
  for (const message of conversation) {
    const last = turns.at(-1);
    const { length } = message.role === "assistant" ? message.toolCalls : [];
    if (message.role !== "tool" && message.text === "" && length === 0) continue;
    if (last?.role !== "user" || message.role !== "user") turns.push(message);
    else turns.splice(-1, 1, { role: "user", text: `${last.text}\n\n${message.text}` });
  }
  return turns;
}

interface Turn<Part> {
  readonly role: "user" | "assistant";
  readonly parts: Part[];
}

/** What makes a turn of the user's where there is none. */
export const GO_ON = "Go on.";

/** The conversation as turns that alternate, the first from the user, none of them empty. Results are the user's. */
export function alternate<Part>(
  conversation: readonly Message[],
  partsOf: (message: Message) => readonly Part[],
): Turn<Part>[] {
  const turns: Turn<Part>[] = [];
  for (const message of conversation) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const parts = partsOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) turns.push({ role, parts: [...parts] });
  }
  const isUsers = turns[0]?.role !== "assistant";
  return isUsers ? turns : [{ role: "user", parts: [...partsOf({ role: "user", text: GO_ON })] }, ...turns];
}
