import type { ToolCall, ToolResult } from "./conversation.ts";

/** After this many rounds without anything new, a turn makes no progress. */
const ROUNDS = 3;

/** A round is one call, or a few that follow each other again and again. Longer ones may be work. */
const LONGEST_ROUND = 3;

/**
 * Watches the calls of a turn, one after the other. True for a call that ends the third round of the same calls with
 * the same results, and for every later one until something differs. A model that waits for a result to change does not
 * repeat itself once it changes.
 */
export function repeatDetector(): (call: ToolCall, result: ToolResult) => boolean {
  const keys: string[] = [];
  return ({ name, input }, { text }) => {
    keys.unshift(JSON.stringify([name, sorted(input), text]));
    keys.length = Math.min(keys.length, ROUNDS * LONGEST_ROUND);
    return Array.from({ length: LONGEST_ROUND }, (_, index) => index + 1).some((round) =>
      isRound(keys, round),
    );
  };
}

/** Whether the newest keys are the same `round` keys, over and over. */
function isRound(keys: readonly string[], round: number): boolean {
  const newest = keys.slice(0, ROUNDS * round);
  return newest.length === ROUNDS * round && newest.every((key, index) => key === newest[index % round]);
}

/** A model may name the same arguments in another order. */
function sorted(input: ToolCall["input"]): [string, unknown][] {
  return Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1));
}
