import type { ToolCall } from "@eightfold/core";

export interface ParsedArguments {
  readonly input: Record<string, unknown>;
  /** Why the call must not run. `input` is then empty. */
  readonly invalid?: string;
}

/**
 * Reads the arguments of a tool call, as the model wrote them. Empty text means no arguments. Some models send
 * their object as JSON inside a JSON string: it is unwrapped once. Nothing is guessed or repaired: an object
 * that was cut and then "completed" would run with half of its arguments.
 */
export function parseArguments(text: string): ParsedArguments {
  if (text.trim() === "") return { input: {} };
  try {
    const value: unknown = JSON.parse(text);
    const input: unknown = typeof value === "string" ? JSON.parse(value) : value;
    if (isObject(input)) return { input };
  } catch (error) {
    return {
      input: {},
      invalid: `The arguments must be one JSON object. They are not valid JSON: ${reason(error)}.`,
    };
  }
  return { input: {}, invalid: "The arguments must be one JSON object." };
}

/** The same call, marked as one that must not run: the length limit cut the reply, and maybe its arguments. */
export function cutOffCall(call: ToolCall): ToolCall {
  const invalid =
    "The reply was cut off by its length limit, so this call may be incomplete. " +
    "Make it again, in smaller pieces.";
  return { ...call, input: {}, invalid };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
