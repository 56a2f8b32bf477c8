import { expect, test } from "vitest";
import { nothingSpent, spend } from "../../src/model/spent.ts";

const reply = (model: string, usage: object) =>
  ({ type: "reply_end", provider: "openai", model, stop: "done", usage }) as const;
const call = { id: "1", name: "delegate", input: {} };

test("the replies of the model and of its helpers are added up, and nothing else", async () => {
  const spent = nothingSpent();
  await spend(spent, { type: "text_delta", text: "hello" });
  await spend(spent, reply("gpt-6.1-sol", { input: 1000, output: 100, cached: 500 }));
  await spend(spent, { type: "tool_progress", call, text: "reads" });
  await spend(spent, {
    type: "tool_progress",
    call,
    text: "reads",
    reply: reply("gpt-6.1-sol", { input: 1000, output: 100, estimated: true }),
  });
  expect(spent.usage).toEqual({ input: 2000, output: 200, cached: 500, estimated: true });
  expect(spent.costUsd).toBeGreaterThan(0);
});

test("one reply whose price is not known leaves the sum unknown", async () => {
  const spent = nothingSpent();
  await spend(spent, reply("a-model-of-tomorrow", { input: 1, output: 1 }));
  await spend(spent, reply("gpt-6.1-sol", { input: 1, output: 1 }));
  expect(spent).toEqual({ usage: { input: 2, output: 2 }, costUsd: undefined });
});
