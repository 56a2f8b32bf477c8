import type { ModelEvent, StopReason, ToolEvent } from "@eightfold/core";
import { expect, test } from "vitest";
import { followHelper } from "../src/helpers/follow-helper.ts";

const reply: ModelEvent = {
  type: "reply_end",
  provider: "demo",
  model: "script",
  stop: "done",
  usage: { input: 3 },
};

async function* turn(stop: StopReason, ...events: (ModelEvent | ToolEvent)[]) {
  yield* events;
  return stop;
}

test("what a helper does is reported, with each reply that it was given", async () => {
  const reports: unknown[][] = [];
  const call = { id: "1", name: "grep", input: { pattern: "parse", path: "src" } };
  const events = [reply, { type: "tool_start", call } as const, reply];
  const output = await followHelper(
    turn("done", ...events),
    (...report) => reports.push(report),
    () => "Found it.",
  );
  expect(output).toEqual({ text: "Found it.", summary: "2 replies", isError: false });
  expect(reports).toEqual([["thinking", { reply }], ["grep parse"], ["thinking", { reply }]]);
});

test.each<[StopReason, RegExp]>([
  ["step_limit", /no replies left/],
  ["loop", /repeated itself/],
  ["length", /cut off/],
  ["refused", /refused/],
  ["aborted", /stopped by the user/],
])("a helper that ends with %s has a reason to tell", async (stop, words) => {
  const output = await followHelper(
    turn(stop),
    () => {},
    () => "What I have so far.",
  );
  expect(output).toMatchObject({ isError: true, summary: expect.stringMatching(words) });
  expect(output.text).toBe(`${output.summary}\n\nWhat I have so far.`);
});

test("a helper that fails tells what its provider said", async () => {
  const error = { kind: "bad_key", message: "The key is wrong.", retryable: false } as const;
  const output = await followHelper(
    turn("error", { ...reply, stop: "error", error }),
    () => {},
    () => "",
  );
  expect(output).toMatchObject({ text: "The helper failed: The key is wrong.", isError: true });
});

test("a report that is long keeps its head and its tail", async () => {
  const { text } = await followHelper(
    turn("done"),
    () => {},
    () => `begin ${"x".repeat(10_000)} end`,
  );
  expect(text).toMatch(/^begin x+\n\[.*\]\nx+ end$/);
  expect(text.length).toBeLessThan(4_200);
});
