import type { Usage } from "./conversation.ts";
import type { ToolEvent } from "./index.ts";
import type { ModelEvent } from "./model.ts";

/** What replies used, added up. */
export interface Spent {
  /** The sum of what they reported. */
  usage: Usage;
  /** US dollars; absent when the price of a reply is not known. */
  costUsd?: number | undefined;
}

/** Of a turn: a notice costs nothing. */
type AnyEvent = ModelEvent | ToolEvent | { readonly type: "notice" };

export const nothingSpent = (): Spent => ({ usage: {}, costUsd: 0 });

/** Adds the reply that an event ends. */
export function spend(spent: Spent, event: AnyEvent): void {
  const reply = replyIn(event);
  if (!reply) return;
  spent.usage = addUsage(spent.usage, reply.usage);
  spent.costUsd = reply.costUsd === undefined ? undefined : plus(spent.costUsd, reply.costUsd);
}

/** The reply that an event ends: one of the model, or of a helper that a call has. */
export function replyIn(event: AnyEvent) {
  if (event.type === "tool_progress") return event.reply;
  return event.type === "reply_end" ? event : undefined;
}

/** Once unknown, a sum of prices stays so. Billionths of a dollar are noise. */
function plus(total: number | undefined, cost: number): number | undefined {
  return total === undefined ? undefined : Number((total + cost).toFixed(9));
}

export function addUsage(total: Usage, usage: Usage): Usage {
  const counts: Record<string, number> = {};
  for (const [name, count] of [...Object.entries(total), ...Object.entries(usage)]) {
    if (typeof count === "number") counts[name] = (counts[name] ?? 0) + count;
  }
  return total.estimated || usage.estimated ? { ...counts, estimated: true } : counts;
}
