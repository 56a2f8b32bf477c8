import type { Message, Usage } from "./conversation.ts";
import type { ModelEvent, ModelRequest, ToolDeclaration } from "./model.ts";
import type { ToolEvent } from "./tool.ts";

/** What replies used, added up. */
export interface UsageTotal {
  /** The sum of what they reported. */
  usage: Usage;
  /** US dollars; absent when the price of a reply is not known. */
  costUsd?: number | undefined;
}

/** Of a turn: a notice costs nothing. */
type AnyEvent = ModelEvent | ToolEvent | { readonly type: "notice" };

export const noUsage = (): UsageTotal => ({ usage: {}, costUsd: 0 });

/** Adds the reply that an event ends. */
export function addReply(total: UsageTotal, event: AnyEvent): void {
  const reply = replyIn(event);
  if (!reply) return;
  total.usage = addUsage(total.usage, reply.usage);
  total.costUsd = reply.costUsd === undefined ? undefined : plus(total.costUsd, reply.costUsd);
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

function addUsage(total: Usage, usage: Usage): Usage {
  const counts: Record<string, number> = {};
  for (const [name, count] of [...Object.entries(total), ...Object.entries(usage)]) {
    if (typeof count === "number") counts[name] = (counts[name] ?? 0) + count;
  }
  return total.estimated || usage.estimated ? { ...counts, estimated: true } : counts;
}

/** What a request is made of, in tokens, before a provider has counted them. `history` is what was asked, answered and called. */
export function requestTokens({ system = "", conversation, tools = [] }: ModelRequest) {
  const results = conversation.filter(({ role }) => role === "tool");
  return {
    system: estimate(system),
    tools: estimate(tools.map(declaration).join("\n")),
    history: messageTokens(conversation) - messageTokens(results),
    results: messageTokens(results),
  };
}

/** How long messages are, as a request carries them. */
export function messageTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + FRAME + estimate(sentText(message)), 0);
}

/** For the role, the id and the brackets of a message. */
const FRAME = 10;

/** A reply goes back to its provider in that provider's own form, which can hold more than its text. */
function sentText(message: Message): string {
  if (message.role !== "assistant") return message.text;
  return JSON.stringify(message.native?.data ?? [message.text, message.toolCalls]);
}

function declaration({ name, description, parameters }: ToolDeclaration): string {
  return JSON.stringify({ type: "function", name, description, parameters });
}

/** Four bytes a token: the rule of thumb for English and code. */
function estimate(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
