import { clip, type Message, messageTokens, type ToolResult } from "@eightfold/core";

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
export function shrunk(log: readonly Message[], { resultRoom, comparedTo, clearedTo }: Shrinking): Message[] {
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

/** Shrinks results before `end`: notes those that come again, then clears the oldest, until `tokens` are saved. */
export function shrinkBy<Shrunk extends Shrinking>(
  tokens: number,
  log: readonly Message[],
  before: Shrunk,
  { from, end }: { readonly from: number; readonly end: number },
): Shrunk {
  const compared = { ...before, comparedTo: end };
  const [all, none] = [shrunk(log, compared), shrunk(log, { ...compared, clearedTo: end })];
  let left = tokens - messageTokens(shrunk(log, before).slice(from)) + messageTokens(all.slice(from));
  let at = Math.max(before.clearedTo, from);
  for (; at < end && left > 0; at++) {
    left -= messageTokens(all.slice(at, at + 1)) - messageTokens(none.slice(at, at + 1));
  }
  return { ...compared, clearedTo: at };
}

/**
 * Where the last `tokens` of a log begin: at a request or a reply, so that no call parts from its result, and before
 * the last of them in any case.
 * @param from nothing before this position is looked at
 */
export function tailStart(log: readonly Message[], view: Shrinking, from: number, tokens: number): number {
  const messages = shrunk(log, view);
  let left = tokens;
  let start = log.length;
  for (let at = log.length - 1; at >= from; at--) {
    left -= messageTokens(messages.slice(at, at + 1));
    if (left < 0 && start < log.length) break;
    if (log[at]?.role !== "tool") start = at;
  }
  return start;
}
