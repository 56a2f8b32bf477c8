import { UsageError } from "@eightfold/core";
import { sendJson, serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { openAnthropic } from "./index.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;
const start = (index: number, content_block: object) => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
const end = (stop_reason: string, usage?: object) => ({
  type: "message_delta",
  delta: { stop_reason },
  usage,
});
const fine = [delta(0, { type: "text_delta", text: "ok" }), end("end_turn")];

/** One reply to a server that sends these events. */
async function hear(events: readonly object[], env: Record<string, string> = {}) {
  const server = await serve((_, response) =>
    response
      .writeHead(200, { "content-type": "text/event-stream" })
      .end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")),
  );
  const settings = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url, ...env };
  return { ...(await ask(openAnthropic("m", settings), hello)), server };
}

/** What a server's refusals make of one request: each is answered in turn, and then all is well. */
async function refused(...bodies: [status: number, message: string][]) {
  const server = await serve((_, response, index) => {
    const [status, message] = bodies[index] ?? [];
    if (status)
      return sendJson(response, status, { type: "error", error: { type: "invalid_request_error", message } });
    return response.writeHead(200).end(fine.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
  });
  const env = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url };
  const provider = openAnthropic("m", env);
  return { ...(await ask(provider, hello)), sent: server.received, again: () => ask(provider, hello) };
}

test("the key goes in both of its headers, for servers that know only one, and an address may end in /v1", async () => {
  const base = await serve((_, response) => response.writeHead(404).end());
  const env = { ANTHROPIC_AUTH_TOKEN: "token-1", ANTHROPIC_BASE_URL: `${base.url}/v1/?team=a` };
  const { error } = await ask(openAnthropic(undefined, env), hello);
  expect(error?.hint).toMatch(/ANTHROPIC_BASE_URL/);
  expect(base.received[0]).toMatchObject({
    path: "/v1/messages?team=a",
    headers: { "x-api-key": "token-1", authorization: "Bearer token-1", "anthropic-version": "2026-10-21" },
    body: { model: "claude-sonnet-5-5", max_tokens: 128_000, stream: true },
  });
});

test("without a key Anthropic is not opened, and a key with a line break is never quoted", () => {
  expect(() => openAnthropic(undefined, {})).toThrow(/ANTHROPIC_API_KEY=/);
  expect(() => openAnthropic(undefined, { ANTHROPIC_API_KEY: "sec\nret" })).toThrow(
    /^(?!.*sec).*holds a space/s,
  );
  expect(() => openAnthropic(undefined, { ANTHROPIC_BASE_URL: "host:1" })).toThrow(UsageError);
});

describe("a reply", () => {
  test("is kept block by block: thoughts, split signatures, what nobody can read, text, calls", async () => {
    const { reply, deltas } = await hear([
      start(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm." }),
      delta(0, { type: "signature_delta", signature: "si" }),
      delta(0, { type: "signature_delta", signature: "g" }),
      start(1, { type: "redacted_thinking", data: "xyz" }),
      start(2, { type: "text", text: "", citations: null }),
      delta(2, { type: "text_delta", text: "Both." }),
      start(3, { type: "tool_use", id: "a", name: "read_file", input: {} }),
      delta(3, { type: "input_json_delta", partial_json: '{"path"' }),
      delta(3, { type: "input_json_delta", partial_json: ':"x"}' }),
      start(4, { type: "tool_use", id: "b", name: "read_file", input: { path: "y" } }),
      end("tool_use"),
      { type: "message_stop" },
    ]);
    expect(deltas.map(({ text }) => text)).toEqual(["Hm.", "Both."]);
    expect(reply).toMatchObject({ stop: "tool_calls", message: { text: "Both.", reasoning: "Hm." } });
    expect(reply?.message.native?.data).toEqual([
      { type: "thinking", thinking: "Hm.", signature: "sig" },
      { type: "redacted_thinking", data: "xyz" },
      { type: "text", text: "Both." },
      { type: "tool_use", id: "a", name: "read_file", input: { path: "x" } },
      { type: "tool_use", id: "b", name: "read_file", input: { path: "y" } },
    ]);
  });

  test("from a gateway: all blocks under one number, thoughts in a block of text, two beginnings", async () => {
    const message = { type: "message_start", message: { usage: { input_tokens: 0, output_tokens: 0 } } };
    const { reply } = await hear([
      ...[message, message, start(0, { type: "text", text: "" })],
      delta(0, { type: "thinking_delta", thinking: "Hm." }),
      delta(0, { type: "text_delta", text: "Two." }),
      start(0, { type: "tool_use", id: "a", name: "t" }),
      delta(0, { type: "input_json_delta", partial_json: '{"n":1}' }),
      start(0, { type: "tool_use", id: "a", name: "t" }),
      delta(0, { type: "input_json_delta", partial_json: '{"n":2}' }),
      end("end_turn", { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 7 }),
    ]);
    expect(reply?.message).toMatchObject({ text: "Two.", reasoning: "Hm." });
    expect(reply?.message.toolCalls.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(new Set(reply?.message.toolCalls.map(({ id }) => id)).size).toBe(2);
    expect(reply).toMatchObject({ stop: "tool_calls", usage: { input: 15, cached: 5, output: 7 } });
  });

  test("that comes whole is read, with its calls", async () => {
    const content = [
      { type: "text", text: "Hi." },
      { type: "tool_use", id: "a", name: "t", input: { n: 1 } },
    ];
    const message = { type: "message", role: "assistant", content, stop_reason: "tool_use" };
    const { reply } = await hear([{ ...message, usage: { input_tokens: 3, output_tokens: 1 } }]);
    expect(reply).toMatchObject({
      stop: "tool_calls",
      usage: { input: 3, output: 1 },
      message: { text: "Hi.", toolCalls: [{ id: "a", input: { n: 1 } }] },
    });
  });

  test("names a call twice, and has its arguments once: that is one call", async () => {
    const call = (index: number) => start(index, { type: "tool_use", id: "a", name: "t", input: {} });
    const json = (index: number, partial_json: string) =>
      delta(index, { type: "input_json_delta", partial_json });
    for (const events of [
      [call(0), call(1), json(1, '{"n":1}')],
      [call(0), json(0, '{"n":1}'), call(0)],
      [call(0), json(0, '{"n":1}'), call(1), json(1, '{"n":1}')],
      [call(0), json(0, "{}"), json(0, '{"n":1}'), json(0, '{"n":1}')],
    ]) {
      const { reply } = await hear([...events, end("tool_use")]);
      expect(reply?.message.toolCalls).toEqual([{ id: "a", name: "t", input: { n: 1 } }]);
    }
  });

  test("counts of nothing are unknown", async () => {
    const { reply } = await hear([fine[0] ?? {}, end("end_turn", { input_tokens: 0, output_tokens: 0 })]);
    expect(reply?.usage).toEqual({});
  });

  test.each([
    ["end_turn", "done"],
    ["stop_sequence", "done"],
    ["max_tokens", "length"],
    ["pause_turn", "length"],
    ["refusal", "refused"],
  ])("that ends with %s is %s", async (reason, stop) => {
    expect((await hear([fine[0] ?? {}, end(reason)])).reply?.stop).toBe(stop);
  });

  test("that ends where the context does is an error that says so", async () => {
    const { error } = await hear([fine[0] ?? {}, end("model_context_window_exceeded")]);
    expect(error).toMatchObject({ kind: "context_too_long", retryable: false });
  });

  test("that ends without a reason was cut", async () => {
    expect((await hear([fine[0] ?? {}, { type: "message_stop" }])).error?.kind).toBe("cut_off");
  });
});

describe("the window of a model", () => {
  test("is what another server says, asked for once", async () => {
    const server = await serve((_, response) => sendJson(response, 200, { max_input_tokens: 32_000 }));
    const env = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url };
    const { contextWindow } = openAnthropic("a/b", env);
    const { signal } = new AbortController();
    expect(await contextWindow?.(signal)).toBe(32_000);
    expect(await contextWindow?.(signal)).toBe(32_000);
    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1/models/a%2Fb"]);
  });

  test("is unknown where it is not told, and as published at Anthropic", async () => {
    const server = await serve((_, response) => sendJson(response, 404, {}));
    const env = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url };
    await expect(openAnthropic("m", env).contextWindow?.(new AbortController().signal)).rejects.toThrow();
    const ours = (name?: string) => openAnthropic(name, { ANTHROPIC_API_KEY: "key-1" }).contextWindow;
    expect([ours(), typeof ours("claude-opus-4-6")]).toEqual([undefined, "function"]);
  });
});

describe("what a server does not take is left out of the same request", () => {
  test.each([
    ["thinking", "adaptive thinking is not supported on this model"],
    ["cache_control", "messages.0.content.0.text.cache_control: Extra inputs are not permitted"],
  ])("%s", async (field, message) => {
    const { reply, sent } = await refused([400, message]);
    expect(reply?.message.text).toBe("ok");
    expect(sent.map(({ body }) => JSON.stringify(body).includes(field))).toEqual([true, false]);
  });

  test("the newest version of the API", async () => {
    const { sent } = await refused([400, 'anthropic-version: "2026-10-21" is not a valid version']);
    expect(sent.at(-1)?.headers["anthropic-version"]).toBe("2023-06-01");
  });

  test("a reply longer than the model's, and, for one request, than its context has room for", async () => {
    const { sent, again } = await refused(
      [400, "max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for m"],
      [400, "input length and `max_tokens` exceed context limit: 150000 + 64000 > 200000, decrease it"],
    );
    await again();
    expect(sent.map(({ body }) => body?.max_tokens)).toEqual([128_000, 64_000, 50_000, 64_000]);
  });

  test("but not when there is no room for any: then the conversation is too long", async () => {
    const { error } = await refused([
      400,
      "input length and `max_tokens` exceed context limit: 199900 + 64000 > 200000",
    ]);
    expect(error?.kind).toBe("context_too_long");
  });
});

test.each([
  [400, "prompt is too long: 208000 tokens > 200000 maximum", "context_too_long"],
  [413, "Request exceeds the maximum size", "context_too_long"],
  [400, "Your credit balance is too low to access the Anthropic API.", "quota"],
  [402, "Billing", "quota"],
  [401, "invalid x-api-key", "bad_key"],
  [403, "Your organization does not have access.", "no_access"],
  [404, "model: m", "unknown_model"],
  [529, "Overloaded", "overloaded"],
] as const)("%i %s is %s", async (status, message, kind) => {
  const { error } = await refused([status, message]);
  expect(error).toMatchObject({ kind, hint: expect.any(String), retryable: status > 500 });
});

test("a refusal that says that it timed out is the service's, and not the SDK's", async () => {
  const { error } = await refused([504, "Request timed out"]);
  expect(error).toMatchObject({ kind: "timeout", status: 504, retryable: true });
});

test.each([
  ["overloaded_error", "overloaded", true],
  ["rate_limit_error", "rate_limit", true],
  ["invalid_request_error", "bad_request", false],
  ["authentication_error", "bad_key", false],
])("%s inside the stream is %s", async (type, kind, retryable) => {
  const { error } = await hear([{ type: "error", error: { type, message: "No." } }]);
  expect(error).toMatchObject({ kind, retryable });
});
