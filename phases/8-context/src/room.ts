import { type Message, messageTokens } from "@eightfold/core";
import { type Shrinking, shown } from "./shown.ts";

/**
 * Where the last `tokens` of a log begin: at a request or a reply, so that no call parts from its result, and before
 * the last of them in any case.
 * @param from nothing before this position is looked at
 */
export function tailStart(
  log: readonly Message[],
  shrinking: Shrinking,
  from: number,
  tokens: number,
): number {
  const messages = shown(log, shrinking);
  let left = tokens;
  let start = log.length;
  for (let at = log.length - 1; at >= from; at--) {
    left -= messageTokens(messages.slice(at, at + 1));
    if (left < 0 && start < log.length) break;
    if (log[at]?.role !== "tool") start = at;
  }
  return start;
}

/** Shrinks results before `end`: notes those that come again, then clears the oldest, until `tokens` are saved. */
export function shrink<Shrunk extends Shrinking>(
  log: readonly Message[],
  shrunk: Shrunk,
  { from, end, tokens }: { readonly from: number; readonly end: number; readonly tokens: number },
): Shrunk {
  const before = shown(log, shrunk);
  const compared = { ...shrunk, comparedTo: end };
  const [all, none] = [shown(log, compared), shown(log, { ...compared, clearedTo: end })];
  let left = tokens - messageTokens(before.slice(from)) + messageTokens(all.slice(from));
  let at = Math.max(shrunk.clearedTo, from);
  for (; at < end && left > 0; at++) {
    left -= messageTokens(all.slice(at, at + 1)) - messageTokens(none.slice(at, at + 1));
  }
  return { ...compared, clearedTo: at };
}
