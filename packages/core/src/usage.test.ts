import { expect, test } from "vitest";
import { addReply, noUsage } from "./usage.ts";

const reply = (usage: object, costUsd?: number) =>
  ({
    type: "reply_end",
    provider: "p",
    model: "m",
    stop: "done",
    usage,
    ...(costUsd && { costUsd }),
  }) as const;
const call = { id: "1", name: "delegate", input: {} };

test("the replies of the model and of its helpers are added up, and nothing else", () => {
  const total = noUsage();
  addReply(total, { type: "text_delta", text: "hello" });
  addReply(total, reply({ input: 1000, output: 100, cached: 500 }, 0.1));
  addReply(total, { type: "tool_progress", call, text: "reads" });
  addReply(total, {
    type: "tool_progress",
    call,
    text: "reads",
    reply: reply({ input: 1000, output: 100, estimated: true }, 0.2),
  });
  expect(total.usage).toEqual({ input: 2000, output: 200, cached: 500, estimated: true });
  expect(total.costUsd).toBe(0.3);
});

test("one reply whose price is not known leaves the sum unknown", () => {
  const total = noUsage();
  addReply(total, reply({ input: 1, output: 1 }));
  addReply(total, reply({ input: 1, output: 1 }, 0.1));
  expect(total).toEqual({ usage: { input: 2, output: 2 }, costUsd: undefined });
});
