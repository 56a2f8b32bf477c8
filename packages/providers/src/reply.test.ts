import { expect, test } from "vitest";
import { callIdsAfter, cutOffCall, meaningOf } from "./reply.ts";

test("a cut-off call keeps its id and name, and loses its input", () => {
  const call = cutOffCall({ id: "call_1", name: "write_file", input: { path: "a", content: "half" } });
  expect(call).toMatchObject({ id: "call_1", name: "write_file", input: {} });
  expect(call.invalid).toMatch(/cut off by its length limit/);
});

test("ids are made where they are missing, taken, or given twice", () => {
  const earlier = { role: "assistant", text: "", toolCalls: [{ id: "old", name: "a", input: {} }] } as const;
  const idFor = callIdsAfter([earlier]);
  const ids = [idFor(""), idFor("old"), idFor("new"), idFor("new"), idFor(undefined), idFor(null)];
  expect(new Set(ids).size).toBe(6);
  expect(ids[2]).toBe("new");
  expect(ids).not.toContain("old");
  for (const id of ids) expect(id).toMatch(/^[\w-]{1,40}$/);
});

test.each([
  "length",
  "MAX_TOKENS",
  "max_length",
  "max_new_tokens",
  "token_limit",
  "time_limit",
  "max_output_reached",
  "repetition_truncation",
  "incomplete",
])("a reply that ends with %s was cut", (reason) => expect(meaningOf(reason)).toBe("length"));

test.each([
  ["function_call_filter: MALFORMED_FUNCTION_CALL", "error"],
  ["content_filter_error", "error"],
  ["TOO_MANY_TOOL_CALLS", "error"],
  ["unexpected_tool_call", "error"],
  ["rate_limit", "error"],
  ["guardrail_intervened", "refused"],
  ["blocked", "refused"],
  ["SPII", "refused"],
  ["end_turn", "done"],
])("a reply that ends with %s is called %s", (reason, end) => expect(meaningOf(reason)).toBe(end));
