import { clip, type Message, type ToolResult } from "@eightfold/core";

/** How the results in a log are shown. Positions count messages of the log. */
export interface Shrinking {
  /** How many characters the results of one reply may take together. */
  readonly resultRoom: number;
  /** A result before this position is a note where another one, later and before it too, has the same text. */
  readonly comparedTo: number;
  /** A result before this position is cleared. */
  readonly clearedTo: number;
}

/** A shorter result is not worth a note. In characters. */
const SHORT = 200;

/** The log, message by message, with its results shrunk. Replies stay as they are: providers want back what they sent. */
export function shown(log: readonly Message[], { resultRoom, comparedTo, clearedTo }: Shrinking): Message[] {
  const lastAt = new Map(log.slice(0, comparedTo).map(({ text }, at) => [text, at]));
  return log.map((message, at) => {
    const { role, text } = message;
    if (role !== "tool" || text.length <= SHORT) return message;
    if (at < clearedTo) return noted(message, "cleared to save room; call it again if needed");
    if (at < (lastAt.get(text) ?? at)) return noted(message, "the same text comes again further on");
    return { ...message, text: clip(text, Math.max(SHORT, resultRoom / callsBefore(log, at))) };
  });
}

function noted(result: ToolResult, why: string): ToolResult {
  return { ...result, text: `[${result.name}, ${clip(result.summary, 80)}: ${why}.]` };
}

/** How many calls the reply made to which this result belongs: they share the room. */
function callsBefore(log: readonly Message[], at: number): number {
  let asked = at;
  while (log[asked]?.role === "tool") asked--;
  const reply = log[asked];
  return reply?.role === "assistant" ? Math.max(1, reply.toolCalls.length) : 1;
}
