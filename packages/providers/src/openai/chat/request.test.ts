import type { Message, ModelRequest } from "@eightfold/core";
import { expect, test } from "vitest";
import { nothingLearned } from "../../learning.ts";
import { endpointOf } from "../server.ts";
import { chatRequest } from "./request.ts";

const compatible = endpointOf({ OPENAI_BASE_URL: "http://localhost:1234/v1" });
const openai = endpointOf({ OPENAI_API_KEY: "sk-1", OPENAI_API: "chat" });
const write = (request: ModelRequest, known = nothingLearned(), endpoint = compatible) =>
  chatRequest(request, "a-model", known, endpoint);

const readFile = {
  name: "read_file",
  description: "Reads a file.",
  parameters: { type: "object", properties: {} },
};
const conversation: Message[] = [{ role: "user", text: "hello" }];
const result = (callId: string) =>
  ({ role: "tool", callId, name: "read_file", text: "42", isError: false, summary: "" }) as const;

test("the whole of a request, with the least that compatible servers need", async () => {
  expect(await write({ system: "Be brief.", conversation, tools: [readFile] })).toEqual({
    model: "a-model",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hello" },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "read_file",
          description: "Reads a file.",
          parameters: { type: "object", properties: {} },
        },
      },
    ],
    stream_options: { include_usage: true },
    stream: true,
  });
});

test("OpenAI itself calls the system prompt the developer's", async () => {
  const { messages } = await write({ system: "Be brief.", conversation }, nothingLearned(), openai);
  expect(messages[0]).toEqual({ role: "developer", content: "Be brief." });
});

test("a server that refused to count tokens is not asked again", async () => {
  expect(await write({ conversation }, nothingLearned("stream_options"))).toEqual({
    model: "a-model",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
  });
});

const data = {
  role: "assistant",
  content: null,
  reasoning_content: "hm",
  tool_calls: [
    {
      id: "functions.read_file:0",
      type: "function",
      function: { name: "read_file", arguments: '{ "path":"a" }' },
    },
  ],
};
const turn = (native?: { provider: string; model: string; data: unknown }): Message => ({
  role: "assistant",
  text: "",
  toolCalls: [{ id: "functions.read_file:0", name: "read_file", input: { path: "a" } }],
  ...(native && { native }),
});

test("a turn of the same model goes back as it came, with its thoughts and its ids", async () => {
  const own = turn({ provider: "openai", model: "a-model", data });
  const { messages } = await write({ conversation: [...conversation, own, result("functions.read_file:0")] });
  expect(messages).toEqual([
    { role: "user", content: "hello" },
    data,
    { role: "tool", tool_call_id: "functions.read_file:0", content: "42" },
  ]);
});

test.each([
  ["no form of its own", undefined],
  ["another model", { provider: "openai", model: "b-model", data }],
  ["another provider", { provider: "gemini", model: "a-model", data }],
  ["a forged system message", { provider: "openai", model: "a-model", data: { ...data, role: "system" } }],
  [
    "a forged developer message",
    { provider: "openai", model: "a-model", data: { ...data, role: "developer" } },
  ],
  ["the Responses API", { provider: "openai", model: "a-model", data: [{ type: "reasoning", id: "rs_1" }] }],
])("a turn of %s goes back in neutral form, under ids that fit", async (_, native) => {
  const { messages } = await write({ conversation: [turn(native), result("functions.read_file:0")] });
  const id = expect.stringMatching(/^call_[0-9a-f]{24}$/);
  expect(messages).toEqual([
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id, type: "function", function: { name: "read_file", arguments: '{"path":"a"}' } }],
    },
    { role: "tool", tool_call_id: id, content: "42" },
  ]);
  const [first, second] = JSON.stringify(messages).match(/call_[0-9a-f]{24}/g) ?? [];
  expect(first).toBe(second);
});

test("text is kept beside calls, and replies that say nothing are left out", async () => {
  const { messages } = await write({
    conversation: [
      { role: "assistant", text: "Hi.", toolCalls: [] },
      { role: "assistant", text: "", toolCalls: [] },
      { role: "user", text: "go on" },
    ],
  });
  expect(messages).toEqual([
    { role: "assistant", content: "Hi." },
    { role: "user", content: "go on" },
  ]);
});

test("half a surrogate pair is sent nowhere, not even inside arguments", async () => {
  const half = "\ud83d";
  const body = await write({
    system: half,
    conversation: [
      { role: "user", text: half },
      { role: "assistant", text: half, toolCalls: [{ id: "1", name: "x", input: { [half]: [half] } }] },
      { ...result("1"), text: half },
    ],
    tools: [{ ...readFile, description: half, parameters: { description: half } }],
  });
  expect(JSON.stringify(body)).not.toMatch(/\\u?d83d/i);
});
