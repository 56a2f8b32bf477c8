import type { Message } from "@eightfold/core";

/** The ids of all calls of a conversation. */
export function callIds(conversation: readonly Message[]): Set<string> {
  return new Set(
    conversation
      .flatMap((message) => (message.role === "assistant" ? message.toolCalls : []))
      .map(({ id }) => id),
  );
}

/** The id that a provider gave to a call; one of our own where it gave none, or one that is `taken`. */
export function callId(given: string | undefined, taken: ReadonlySet<string>): string {
  return given && !taken.has(given) ? given : `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}
