import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import { describe, expect, test } from "vitest";
import type { Script } from "../src/index.ts";
import { rain, refusals, serve, server, weather } from "./readme-server.ts";

/** What the README and the examples of @anthropic-ai/sdk show, streamed or not. */

const open = async (script?: Script, options: { maxRetries?: number; timeout?: number } = {}) => {
  const { ANTHROPIC_API_KEY: apiKey = "", ANTHROPIC_BASE_URL: baseURL = "" } = await serve(
    "anthropic",
    script,
  );
  return new Anthropic({ apiKey, baseURL, maxRetries: 0, ...options });
};
const model = "claude-opus-5-5";
const hello = { role: "user", content: "Hello, Claude" } as const;
const ask = { model, max_tokens: 1024, messages: [hello] };
const { name, description, parameters } = weather;
const tools = [{ name, description, input_schema: parameters as Anthropic.Tool.InputSchema }];
const inKyiv = { role: "user", content: "Weather in Kyiv?" } as const;

describe("messages", () => {
  test("create answers in one piece, with the id of its request", async () => {
    const client = await open();
    const message = await client.messages.create(ask);
    expect(message.content).toEqual([{ type: "text", text: "Arr, they be optional." }]);
    expect(message._request_id).toMatch(/^req_/);
    const { response, request_id } = await client.messages.create(ask).withResponse();
    expect([response.status, request_id]).toEqual([200, message._request_id]);
  });

  test("create streams to the same client, and a reader may leave", async () => {
    const client = await open();
    let text = "";
    for await (const event of await client.messages.create({ ...ask, stream: true }))
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
    expect(text).toBe("Arr, they be optional.");
    for await (const _ of await client.messages.create({ ...ask, stream: true })) break;
    expect(refusals()).toEqual([undefined, undefined]);
  });

  test("stream tells of texts, of arguments as they come, of blocks and of the message", async () => {
    const client = await open([{ text: "I look.", ...rain }]);
    const told: unknown[] = [];
    const stream = client.messages
      .stream({ ...ask, tools })
      .on("connect", () => told.push("connect"))
      .on("contentBlock", ({ type }) => told.push(type))
      .on("inputJson", (_, input) => told.splice(2, 2, input))
      .on("end", () => told.push("end"));
    expect(await stream.finalText()).toBe("I look.");
    expect(told).toEqual(["connect", "text", { city: "Kyiv" }, "tool_use", "end"]);
    expect(await stream.finalMessage()).toMatchObject({ stop_reason: "tool_use", usage: {} });
  });

  test("a call comes back with its result", async () => {
    const client = await open([rain, { text: "Rain." }]);
    const first = await client.messages.create({ ...ask, tools, messages: [inKyiv] });
    const [call] = first.content;
    expect(call).toMatchObject({ type: "tool_use", name, input: { city: "Kyiv" } });
    const tool_use_id = call?.type === "tool_use" ? call.id : "";
    const content: Anthropic.ToolResultBlockParam[] = [
      { type: "tool_result", tool_use_id, content: [{ type: "text", text: "rain" }] },
    ];
    const said = { role: "assistant", content: first.content } as Anthropic.MessageParam;
    const messages: Anthropic.MessageParam[] = [inKyiv, said, { role: "user", content }];
    expect((await client.messages.create({ ...ask, tools, messages })).content).toMatchObject([
      { text: "Rain." },
    ]);
  });

  test("parse reads an answer that has a schema", async () => {
    const client = await open([{ text: '{"primes":[2,3,5]}' }]);
    const primes = { type: "array", items: { type: "number" } } as const;
    const format = jsonSchemaOutputFormat({ type: "object", properties: { primes }, required: ["primes"] });
    const message = await client.messages.parse({ ...ask, output_config: { format } });
    expect(message.parsed_output).toEqual({ primes: [2, 3, 5] });
  });

  test("an older model is told how much to think, and a newer one is not", async () => {
    const client = await open(() => ({ reasoning: "Hm.", text: "Hi." }));
    const thinking = { type: "enabled", budget_tokens: 1024 } as const;
    const old = { ...ask, model: "claude-haiku-4-5", max_tokens: 2000 };
    expect((await client.messages.create({ ...old, thinking })).content[0]?.type).toBe("thinking");
    await expect(client.messages.create({ ...old, max_tokens: 1024, thinking })).rejects.toThrow(/greater/);
    await expect(client.messages.create({ ...ask, max_tokens: 2000, thinking })).rejects.toThrow(/adaptive/);
  });

  test("a tool that the service runs itself needs no schema", async () => {
    const client = await open();
    await client.messages.create({ ...ask, tools: [{ type: "web_search_20250305", name: "web_search" }] });
    expect(refusals()).toEqual([undefined]);
  });
});

describe("the tool runner", () => {
  const tool = betaTool({ name, description, inputSchema: parameters as never, run: () => "rain" });
  const whole = [
    { role: "user", text: "Weather in Kyiv?" },
    { role: "assistant", calls: [{ name, input: { city: "Kyiv" } }] },
    { role: "tool", text: "rain" },
  ];

  test.each([undefined, false] as const)("runs its tools (thread: %s)", async (thread) => {
    const client = await open([rain, { text: "Rain." }]);
    const run = { ...ask, messages: [inKyiv], tools: [tool], system: "Be brief." };
    const message = await client.beta.messages.toolRunner({ ...run, ...(thread === false && { thread }) });
    expect(message.content).toMatchObject([{ text: "Rain." }]);
    expect(refusals()).toEqual([undefined, undefined]);
    const { body, view } = server.requests[1] ?? {};
    expect(body).toMatchObject({ messages: { length: thread === false ? 3 : 1 } });
    expect(view).toMatchObject({ system: "Be brief.", messages: whole, tools: [{ name }] });
  });

  test("streams each of its replies", async () => {
    const client = await open([{ reasoning: "Hm.", ...rain }, { text: "Rain." }]);
    const run = { ...ask, messages: [inKyiv], tools: [tool] };
    const said: unknown[] = [];
    for await (const stream of client.beta.messages.toolRunner({ ...run, stream: true }))
      said.push((await stream.finalMessage()).stop_reason);
    expect(said).toEqual(["tool_use", "end_turn"]);
    expect(refusals()).toEqual([undefined, undefined]);
  });

  test("a thread that the service does not hold is not gone on with", async () => {
    const client = await open();
    const thread = { type: "continue", previous_message_id: "msg_none" } as const;
    const betas = ["message-threads-2026-08-12"];
    const lost = client.beta.messages.create({ ...ask, thread, betas });
    await expect(lost).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    const without = client.beta.messages.create({ ...ask, thread });
    await expect(without).rejects.toThrow(/thread: Extra inputs/);
  });
});

test("tokens are counted, and models are listed and shown", async () => {
  const client = await open();
  expect((await client.messages.countTokens({ model, messages: [hello] })).input_tokens).toBeGreaterThan(1);
  const names: string[] = [];
  for await (const { id } of client.models.list()) names.push(id);
  expect(names).toEqual([model]);
  expect((await client.models.retrieve(model)).max_input_tokens).toBe(1_000_000);
  expect(server.requests).toEqual([]);
});

describe("errors", () => {
  const refusing = (name: "overloaded" | "server_error" | "no_access" | "context_too_long") =>
    open([{ fault: { type: "refusal", name } }, { text: "Hi." }]);

  test.each([
    ["overloaded", 529, Anthropic.InternalServerError],
    ["server_error", 500, Anthropic.InternalServerError],
    ["no_access", 403, Anthropic.PermissionDeniedError],
    ["context_too_long", 400, Anthropic.BadRequestError],
  ] as const)("%s is %i, and has the id of its request", async (name, status, kind) => {
    const client = await refusing(name);
    const error = await client.messages.create(ask).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status, requestID: expect.stringMatching(/^req_/) });
  });

  test("a wrong key is an error of authentication", async () => {
    const { ANTHROPIC_BASE_URL: baseURL = "" } = await serve("anthropic");
    const asked = new Anthropic({ apiKey: "wrong", baseURL, maxRetries: 0 }).messages.create(ask);
    await expect(asked).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });

  test("a rate limit is waited for, and a busy service is asked again", async () => {
    const limit = { type: "rate_limit", hint: "retry_after_seconds", seconds: 0 } as const;
    const client = await open([{ fault: limit }, { fault: { type: "refusal", name: "overloaded" } }, {}], {
      maxRetries: 2,
    });
    await client.messages.create(ask);
    expect(server.requests.length).toBe(3);
  });

  test("a service that is silent is given up", async () => {
    const client = await open([{ fault: { type: "stall", at: "headers" } }], { timeout: 200 });
    await expect(client.messages.create(ask)).rejects.toBeInstanceOf(Anthropic.APIConnectionTimeoutError);
  });

  test("what is not served is not found", async () => {
    const client = await open();
    const none = { type: "error", error: { type: "not_found_error", message: "Not Found" } };
    for (const asked of [
      client.messages.batches.list(),
      client.beta.files.list(),
      client.models.retrieve("x"),
    ])
      await expect(asked).rejects.toMatchObject({ status: 404, type: "not_found_error" });
    await expect(client.messages.batches.list()).rejects.toMatchObject({ error: none });
  });
});
