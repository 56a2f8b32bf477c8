import type { StopReason, ToolCall } from "../conversation.ts";
import type { ModelEvent } from "../model/model.ts";
import type { Report, ToolEvent } from "./tool.ts";

/** How a helper's turn went. */
export interface Outcome {
  /** How many replies it took. */
  readonly replies: number;
  /** Why it ended, when it did not end well. */
  readonly trouble?: string;
}

const TROUBLES: Readonly<Partial<Record<StopReason, string>>> = {
  step_limit: "The helper had no replies left before it was done.",
  loop: "The helper was stopped: it repeated itself.",
  length: "The helper's report was cut off at the length limit.",
  refused: "The model refused the task.",
  aborted: "The helper was stopped by the user.",
};

type Events = AsyncGenerator<ModelEvent | ToolEvent | { readonly type: "notice" }, StopReason>;

/** Follows the turn of a helper to its end, and reports what it does as the progress of the call that sent it. */
export async function relay(turn: Events, report: Report): Promise<Outcome> {
  let replies = 0;
  let failure = "";
  let next = await turn.next();
  for (; !next.done; next = await turn.next()) {
    const event = next.value;
    if (event.type === "tool_start") report(inBrief(event.call));
    if (event.type === "tool_progress") report(event.text, event.reply);
    if (event.type !== "reply_end") continue;
    replies++;
    failure = event.error?.message ?? "";
    report("thinking", event);
  }
  const trouble = next.value === "error" ? `The helper failed: ${failure}` : TROUBLES[next.value];
  return { replies, ...(trouble !== undefined && { trouble }) };
}

/** "grep parse": the name of a call, and the first of its words. */
function inBrief({ name, input }: ToolCall): string {
  const word = Object.values(input).find((value) => typeof value === "string") ?? "";
  return `${name} ${word}`.trim();
}
