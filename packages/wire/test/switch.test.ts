import type { Message, Model, Reply, ToolCall } from "@eightfold/core";
import { chooseModel } from "@eightfold/providers";
import { expect, test } from "vitest";
import { type ScriptedReply, startWire } from "../src/index.ts";
import { tools } from "./conformance/tools.ts";

/** A loop of tools that one model has left open: the user stopped it, and another model goes on. */

const models = [
  "openai:model-a",
  "anthropic:model-a",
  "anthropic:model-b",
  "gemini:model-a",
  "ollama:model-a",
];
const pairs = models.flatMap((from) =>
  models.filter((to) => to !== from && /anthropic/.test(from + to)).map((to) => ({ from, to })),
);

async function hear(model: Model, conversation: Message[]): Promise<Reply> {
  const stream = model.stream({ conversation, tools }, new AbortController().signal);
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value;
  }
}

const resultOf = ({ id, name }: ToolCall): Message => ({
  role: "tool",
  ...{ callId: id, name, text: "X", isError: false, summary: "" },
});

test.each(pairs)("$from has called tools, and $to goes on with their results", async ({ from, to }) => {
  const read = (path: string) => ({ name: "read_file", input: { path } });
  const call: ScriptedReply = { reasoning: "Both.", text: "I look.", calls: [read("a"), read("b")] };
  await using wire = await startWire("any", (_, index) => (index % 2 === 0 ? call : { text: "done" }));
  for (const api of ["responses", "chat"]) {
    const open = async (name: string) => (await chooseModel(name, { ...wire.env, OPENAI_API: api })).model;
    const conversation: Message[] = [{ role: "user", text: "Compare them." }];
    const { message } = await hear(await open(from), conversation);
    conversation.push(message, ...message.toolCalls.map(resultOf));
    if (api === "chat") conversation.push({ role: "user", text: "And?" });
    expect(await hear(await open(to), conversation)).toMatchObject({ stop: "done" });
  }
  expect(wire.requests.map(({ refusal }) => refusal)).toEqual(Array(4).fill(undefined));
});
