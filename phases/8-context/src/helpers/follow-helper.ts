import { clip, type Report, type StopReason, type ToolCall, type ToolOutput } from "@eightfold/core";
import type { Turn } from "../agent.ts";

/** A report is read in passing. In characters. */
const MAX_REPORT = 4_000;

const TROUBLES: Readonly<Partial<Record<StopReason, string>>> = {
  step_limit: "The helper had no replies left before it was done.",
  loop: "The helper was stopped: it repeated itself.",
  length: "The helper's report was cut off at the length limit.",
  refused: "The model refused the task.",
  aborted: "The helper was stopped by the user.",
};

/**
 * Follows the turn of a helper to its end, and reports what it does as the progress of the call that sent it. Whatever
 * becomes of the turn is an output.
 * @param answer what the helper said last; asked for at the end
 */
export async function followHelper(turn: Turn, report: Report, answer: () => string): Promise<ToolOutput> {
  let replies = 0;
  let failure = "";
  let next = await turn.next();
  for (; !next.done; next = await turn.next()) {
    const event = next.value;
    if (event.type === "tool_start") report(inBrief(event.call));
    if (event.type === "tool_progress") report(event.text, { reply: event.reply });
    if (event.type !== "reply_end") continue;
    replies++;
    failure = event.error?.message ?? "";
    report("thinking", { reply: event });
  }
  const trouble = next.value === "error" ? `The helper failed: ${failure}` : TROUBLES[next.value];
  const text =
    [trouble, clip(answer(), MAX_REPORT)].filter(Boolean).join("\n\n") || "The helper said nothing.";
  const summary = trouble ?? `${replies} ${replies === 1 ? "reply" : "replies"}`;
  return { text, summary, isError: trouble !== undefined };
}

/** "grep parse": the name of a call, and the first of its words. */
function inBrief({ name, input }: ToolCall): string {
  const word = Object.values(input).find((value) => typeof value === "string") ?? "";
  return `${name} ${word}`.trim();
}
