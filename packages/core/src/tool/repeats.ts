import type { ToolCall, ToolResult } from "../conversation.ts";

/** Counts how many times in a row the same call had the same result: 1 for one that differs from the last. */
export function repeatCounter(): (call: ToolCall, result: ToolResult) => number {
  let last = "";
  let times = 0;
  return ({ name, input }, { text }) => {
    const key = JSON.stringify([name, input, text]);
    times = key === last ? times + 1 : 1;
    last = key;
    return times;
  };
}
