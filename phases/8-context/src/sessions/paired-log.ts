import type { Message, ToolCall, ToolResult } from "@eightfold/core";
import { sameShape } from "@eightfold/journal";

export type PairedLog = ReturnType<typeof pairedLog>;

/**
 * A conversation in which every call has one result, and every result its call: models refuse anything else. Whatever was
 * lost of the messages that are added, they make a whole one.
 */
export function pairedLog() {
  const messages: Message[] = [];
  const pending = new Map<string, ToolCall>();
  /** Results for the calls that have none. */
  const unfinished = () => [...pending.values()].map(notFinished);
  return {
    messages,
    unfinished,
    /** Throws, and adds nothing, when it is not a message: it may come from a damaged file. */
    add(message: Message): void {
      requireMessage(message);
      if (message.role === "tool") {
        if (!pending.delete(message.callId)) return;
      } else {
        messages.push(...unfinished());
        pending.clear();
      }
      messages.push(message);
      if (message.role === "assistant") for (const call of message.toolCalls) pending.set(call.id, call);
    },
  };
}

function notFinished({ id, name }: ToolCall): ToolResult {
  const text = "Not finished: the session was interrupted.";
  return { role: "tool", callId: id, name, text, isError: true, summary: "not finished" };
}

const SHAPES = new Map<unknown, object>([
  ["user", { text: "" }],
  ["assistant", { text: "", toolCalls: [{ id: "", name: "", input: {} }] }],
  ["tool", { callId: "", name: "", text: "", summary: "" }],
]);

function requireMessage(message: Message): void {
  sameShape<object | undefined>(SHAPES.get(message.role), message);
  const ids = message.role === "assistant" ? message.toolCalls.map(({ id }) => id) : [];
  if (new Set(ids).size < ids.length) throw new TypeError("Two calls have the same id.");
}
