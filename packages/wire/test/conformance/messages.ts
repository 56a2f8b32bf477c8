import type { Message, ToolCall } from "@eightfold/core";

/** Messages, written down. */

export const said = (text: string): Message => ({ role: "user", text });
export const replied = (text: string, ...toolCalls: ToolCall[]): Message => ({
  role: "assistant",
  text,
  toolCalls,
});
export const reads = (id: string, path = "README.md"): ToolCall => ({
  id,
  name: "read_file",
  input: { path },
});
export const result = (callId: string, text: string, isError = false): Message => ({
  role: "tool",
  callId,
  name: "read_file",
  text,
  isError,
  summary: "",
});
