import type { Message } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chats, end, ollamaAt, ollamaServer, qwen, say, scripted, sendLines } from "../../test/ollama.ts";
import { tokensIn } from "../environment.ts";
import { detailsOf, ollamaSchema } from "./quirks.ts";
import { messagesOf } from "./request.ts";

const user = (text: string): Message => ({ role: "user", text });
const called: Message = {
  role: "assistant",
  text: "Reading.",
  toolCalls: [
    { id: "call_1", name: "read_file", input: { path: "a" } },
    { id: "call_2", name: "read_file", input: { path: "b" } },
  ],
  reasoning: "Both, then.",
  native: { provider: "ollama", model: "m", data: "Both, then." },
};
const result = (callId: string, text: string): Message => ({
  role: "tool",
  callId,
  name: "read_file",
  text,
  isError: false,
  summary: "",
});

describe("messages", () => {
  test("calls with their ids and thinking, results with the name and the id of their call", () => {
    expect(
      messagesOf([user("Compare."), called, result("call_1", "A"), result("call_2", "B")], "Be brief.", "m"),
    ).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Compare." },
      {
        role: "assistant",
        content: "Reading.",
        thinking: "Both, then.",
        tool_calls: [
          { id: "call_1", function: { name: "read_file", arguments: { path: "a" } } },
          { id: "call_2", function: { name: "read_file", arguments: { path: "b" } } },
        ],
      },
      { role: "tool", content: "A", tool_name: "read_file", tool_call_id: "call_1" },
      { role: "tool", content: "B", tool_name: "read_file", tool_call_id: "call_2" },
    ]);
  });

  test("another model's thinking is not passed on", () => {
    const [message] = messagesOf([called], undefined, "other");
    expect(message).not.toHaveProperty("thinking");
  });

  test("what the user says twice in a row is one message; empty messages are left out", () => {
    const nothing: Message = { role: "assistant", text: "", toolCalls: [] };
    expect(messagesOf([user("a"), nothing, user("b"), user("")], undefined, "m")).toEqual([
      { role: "user", content: "a\n\nb" },
    ]);
  });
});

test("schemas keep what the server keeps: no const, oneOf or $ref that it would drop in silence", () => {
  const schema = {
    type: "object",
    properties: {
      mode: { type: "string", const: "fast", default: "fast" },
      when: { oneOf: [{ type: "string", format: "date" }, { type: "null" }] },
      limit: { type: "integer", exclusiveMinimum: 0, description: "How many." },
      tree: { $ref: "#/$defs/tree" },
      pair: { type: "array", items: false },
    },
    required: ["mode"],
    additionalProperties: false,
    $defs: { tree: { type: "object", properties: { next: { $ref: "#/$defs/tree" } } } },
  };
  expect(ollamaSchema(schema)).toEqual({
    type: "object",
    properties: {
      mode: { type: "string", enum: ["fast"] },
      when: { anyOf: [{ type: "string" }, { type: "null" }] },
      limit: { type: "integer", description: "How many." },
      tree: { type: "object", properties: { next: {} } },
      pair: { type: "array" },
    },
    required: ["mode"],
  });
});

describe("the context", () => {
  const info = (limit: number) => ({ "general.architecture": "x", "x.context_length": limit });
  test.each([
    ["32k where nothing is said", {}, undefined, 32_768],
    ["no more than the model was trained for", { model_info: info(8192) }, undefined, 8192],
    [
      "what the Modelfile asks for",
      { parameters: 'stop "x"\nnum_ctx                        65536' },
      undefined,
      65_536,
    ],
    [
      "a limit that is a text",
      { model_info: { "general.architecture": "x", "x.context_length": "8192" } },
      undefined,
      8192,
    ],
    ["a number in quotes", { parameters: 'num_ctx "16384"' }, undefined, 16_384],
    ["32k where the Modelfile asks for none", { parameters: "num_ctx 0" }, undefined, 32_768],
    [
      "what OLLAMA_CONTEXT asks for",
      { parameters: "num_ctx 65536", model_info: info(131_072) },
      16_384,
      16_384,
    ],
    ["OLLAMA_CONTEXT within the model's limit", { model_info: info(8192) }, 100_000, 8192],
    [
      "all there is in the cloud",
      { remote_host: "https://ollama.com", model_info: info(262_144) },
      undefined,
      262_144,
    ],
  ])("%s", (_, shown, wanted, expected) => {
    expect(detailsOf(shown as object, wanted).contextTokens).toBe(expected);
  });

  test.each(["", "-1", "0", "64k", "1e5"])("OLLAMA_CONTEXT=%j is refused", (value) => {
    expect(() => tokensIn({ OLLAMA_CONTEXT: value }, "OLLAMA_CONTEXT")).toThrow(
      "but must be a number of tokens",
    );
  });

  test("is sent with each request and never changes, although the model is described only once", async () => {
    const { server, ollama } = await scripted([say({ content: "ok" }, end)]);
    await ask(ollama, { conversation: [user("a")] });
    await ask(ollama, { conversation: [user("b")] });
    expect(chats(server).map(({ options }) => options)).toEqual([{ num_ctx: 32_768 }, { num_ctx: 32_768 }]);
    expect(server.received.filter(({ path }) => path === "/api/show")).toHaveLength(1);
  });
});

describe("the body", () => {
  test("asks to stream, to think, and to refuse what is too long", async () => {
    const { server, ollama } = await scripted([say({ content: "ok" }, end)]);
    const parameters = { type: "object", properties: {} };
    const tools = [{ name: "t", description: "d", parameters }];
    await ask(ollama, { conversation: [user("a")], tools });
    expect(chats(server)).toEqual([
      {
        model: "qwen3:8b",
        messages: [{ role: "user", content: "a" }],
        tools: [{ type: "function", function: { name: "t", description: "d", parameters } }],
        think: true,
        options: { num_ctx: 32_768 },
        stream: true,
        truncate: false,
      },
    ]);
  });

  test.each([
    ["no think for a model that does not", { ...qwen, capabilities: ["completion", "tools"] }, undefined],
    ["a level for gpt-oss", { ...qwen, details: { family: "gptoss" } }, "medium"],
    ["no think for a server that does not tell", {}, undefined],
  ])("%s", async (_, show, think) => {
    const { server, ollama } = await scripted([say({ content: "ok" }, end)], show);
    await ask(ollama, { conversation: [user("a")], tools: [] });
    expect(chats(server)[0]?.think).toBe(think);
  });

  test("the key goes to ollama.com alone", async () => {
    const server = await ollamaServer({
      chat: (response) => sendLines(response, [say({ content: "ok" }, end)]),
    });
    await ask(await ollamaAt(server, { OLLAMA_API_KEY: "secret" }), { conversation: [user("a")] });
    expect(JSON.stringify(server.received)).not.toContain("secret");
  });
});
