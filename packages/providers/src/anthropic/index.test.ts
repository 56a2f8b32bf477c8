import { type AssistantMessage, UsageError } from "@eightfold/core";
import { sendJson, serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, test } from "vitest";
import { end, hear, hello, ok, written } from "../../test/anthropic.ts";
import { ask } from "../../test/ask.ts";
import { listOf, recordOf } from "../wire-values.ts";
import { openAnthropic } from "./index.ts";

/** What a server's refusals make of one request: each is answered in turn, and then all is well. */
async function refused(...bodies: [status: number, message: string][]) {
  const server = await serve((_, response, index) => {
    const [status, message] = bodies[index] ?? [];
    if (status)
      return sendJson(response, status, { type: "error", error: { type: "invalid_request_error", message } });
    return response.writeHead(200).end(written([ok, end("end_turn")]));
  });
  const env = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url };
  const provider = openAnthropic("m", env);
  return { ...(await ask(provider, hello)), sent: server.received, again: () => ask(provider, hello) };
}

test.each(["/v1/", "/v1/messages"])(
  "the key goes in both of its headers, for servers that know only one, and an address may end in %s",
  async (end) => {
    const base = await serve((_, response) => response.writeHead(404).end());
    const env = { ANTHROPIC_AUTH_TOKEN: "token-1", ANTHROPIC_BASE_URL: `${base.url}${end}?team=a` };
    const { error } = await ask(openAnthropic(undefined, env), hello);
    expect(error?.hint).toMatch(/ANTHROPIC_BASE_URL/);
    expect(base.received[0]).toMatchObject({
      path: "/v1/messages?team=a",
      headers: { "x-api-key": "token-1", authorization: "Bearer token-1", "anthropic-version": "2026-10-21" },
      body: { model: "claude-sonnet-5-5", max_tokens: 128_000, stream: true },
    });
  },
);

test("without a key Anthropic is not opened, and a key with a line break is never quoted", () => {
  expect(() => openAnthropic(undefined, {})).toThrow(/ANTHROPIC_API_KEY=/);
  expect(() => openAnthropic(undefined, { ANTHROPIC_API_KEY: "sec\nret" })).toThrow(
    /^(?!.*sec).*holds a space/s,
  );
  expect(() => openAnthropic(undefined, { ANTHROPIC_BASE_URL: "host:1" })).toThrow(UsageError);
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

  test.each([
    "Invalid max_tokens value, the valid range of max_tokens is [1, 64000]",
    "max_tokens (128000) must be at most 64000",
    "max_tokens should be between 1 and 64000",
    "`max_tokens` must be <= 64000",
    "max_tokens 参数非法。取值范围是 [1, 64000]",
  ])("and imitators say in other words how long a reply may be: %s", async (message) => {
    const { reply, sent } = await refused([400, message]);
    expect(reply?.message.text).toBe("ok");
    expect(sent.map(({ body }) => body?.max_tokens)).toEqual([128_000, 64_000]);
  });

  test("but a limit below nothing is a prompt that is too long", async () => {
    const { error } = await refused([400, "max_tokens must be at least 1, got -500"]);
    expect(error?.kind).toBe("context_too_long");
  });
});

describe("what a server wants of earlier turns is learned from its refusal", () => {
  const call = { id: "a", name: "t", input: {} };
  const thought = { type: "thinking", thinking: "Hm.", signature: "s" };
  const data = [thought, { type: "tool_use", ...call }];
  const result = { role: "tool", callId: "a", name: "t", text: "x", isError: false, summary: "" } as const;
  const native = { provider: "anthropic", model: "m", data };
  const said = { role: "assistant", text: "", toolCalls: [call] } as const;

  /** The types of the blocks of the first reply, in each of the requests. */
  async function replies(body: object, turn: AssistantMessage, status = 400) {
    const server = await serve((_, response, index) =>
      index === 0 ? sendJson(response, status, body) : response.end(written([ok, end("end_turn")])),
    );
    const provider = openAnthropic("m", { ANTHROPIC_BASE_URL: server.url });
    const { reply } = await ask(provider, { conversation: [hello.conversation[0], turn, result] });
    expect(reply?.message.text).toBe("ok");
    const turns = server.received.map(({ body }) => listOf(body.messages).map(recordOf)[1]);
    expect(server.received.map(({ body }) => "thinking" in body)).toEqual([true, true]);
    return turns.map((each) =>
      listOf(each?.content)
        .map((block) => recordOf(block).type)
        .join(),
    );
  }

  // https://github.com/leookun/cursor-byok/issues/268, https://github.com/farion1231/cc-switch/pull/3377
  test.each([
    "The `content[].thinking` in the thinking mode must be passed back to the API.",
    "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
  ])("a thought in each: %s", async (message) => {
    const body = { error: { type: "invalid_request_error", message } };
    expect(await replies(body, said)).toEqual(["tool_use", "thinking,tool_use"]);
  });

  // https://github.com/modelscope/modelscope/issues/1616
  test.each([
    [
      400,
      { error: { message: "messages.1.content.0: Input tag 'thinking' found using 'type' does not match" } },
    ],
    [
      422,
      { detail: [{ loc: ["body", "messages", 1, "content", "str"], msg: "Input should be a valid string" }] },
    ],
  ])("and no thoughts, although it sent them (%i)", async (status, body) => {
    expect(await replies(body, { ...said, native }, status)).toEqual(["thinking,tool_use", "tool_use"]);
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

test.each([
  ["exceeded_current_quota_error", "Your account is suspended, please check your plan and billing details"],
  ["1113", "余额不足或无可用资源包,请充值。"],
])("an account without credit is not asked again, although a server says 429: %s", async (type, message) => {
  const server = await serve((_, response) => sendJson(response, 429, { error: { type, message } }));
  const env = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url };
  const { error } = await ask(openAnthropic("m", env), hello);
  expect(error).toMatchObject({ kind: "quota", retryable: false });
});

// https://github.com/earendil-works/pi/issues/6586
test.each([
  ["false", 529, false],
  ["true", 529, true],
  ["true", 403, false],
])(
  "a gateway that says x-should-retry: %s to %i is heeded, except for what asking again cannot cure",
  async (...row) => {
    const [advice, status, retryable] = row;
    const server = await serve((_, response) =>
      sendJson(response.setHeader("x-should-retry", advice), status, { error: { message: "No." } }),
    );
    const { error } = await ask(openAnthropic("m", { ANTHROPIC_BASE_URL: server.url }), hello);
    expect(error).toMatchObject({ status, retryable });
  },
);

test("another server than Anthropic's is not looked for at Anthropic", async () => {
  for (const [status, message] of [
    [401, "No."],
    [402, "No."],
    [404, "model: m"],
  ] as const) {
    const { error } = await refused([status, message]);
    expect(error?.hint).not.toMatch(/claude\.com|--model anthropic takes/);
  }
});

test("a refused key is looked for in the variable that it came from", async () => {
  const server = await serve((_, response) => sendJson(response, 401, { error: { message: "No." } }));
  for (const name of ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"]) {
    const { error } = await ask(
      openAnthropic("m", { [name]: "key-1", ANTHROPIC_BASE_URL: server.url }),
      hello,
    );
    expect(error?.hint).toMatch(new RegExp(`^Check ${name}\\.`));
  }
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
