import type { StopReason, ToolCall } from "../conversation.ts";
import type { ModelEvent } from "../model/model.ts";
import type { Report, ToolEvent } from "./tool.ts";

/** How another agent's turn went. */
export interface Outcome {
  readonly stop: StopReason;
  /** How many replies it took. */
  readonly replies: number;
  /** What went wrong with the last of them. */
  readonly failure?: string;
}

type Events = AsyncGenerator<ModelEvent | ToolEvent | { readonly type: "notice" }, StopReason>;

/** Follows the turn of another agent to its end, and reports what it does as the progress of a call. */
export async function relay(turn: Events, report: Report): Promise<Outcome> {
  let replies = 0;
  let failure: string | undefined;
  let next = await turn.next();
  for (; !next.done; next = await turn.next()) {
    const event = next.value;
    if (event.type === "tool_start") report(inBrief(event.call));
    if (event.type === "tool_progress") report(event.text, event.reply);
    if (event.type !== "reply_end") continue;
    replies++;
    failure = event.error?.message;
    report("thinking", event);
  }
  return { stop: next.value, replies, ...(failure !== undefined && { failure }) };
}

/** "grep parse": the name of a call, and the first of its words. */
function inBrief({ name, input }: ToolCall): string {
  const word = Object.values(input).find((value) => typeof value === "string") ?? "";
  return `${name} ${word}`.trim();
}
