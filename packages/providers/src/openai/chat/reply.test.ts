import { describe, expect, test } from "vitest";
import { answering, ask, chunk, events, fragment, replyTo } from "../../../test/openai.ts";

test("text and thoughts stream as they come", async () => {
  const { message, stop, usage, heard } = await replyTo(
    "chat",
    chunk({ role: "assistant", content: "", refusal: null }),
    chunk({ reasoning_content: "Let me " }),
    chunk({ reasoning_content: "think." }),
    chunk({ content: "He" }),
    chunk({ content: "llo." }),
    chunk({}, "stop"),
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } },
    "[DONE]",
  );
  expect(heard).toEqual([
    { type: "reasoning_delta", text: "Let me " },
    { type: "reasoning_delta", text: "think." },
    { type: "text_delta", text: "He" },
    { type: "text_delta", text: "llo." },
    { type: "reply_end", provider: "openai", model: "a-model", stop: "done", usage: { input: 9, output: 4 } },
  ]);
  expect(message).toEqual({ role: "assistant", text: "Hello.", toolCalls: [], reasoning: "Let me think." });
  expect([stop, usage]).toEqual(["done", { input: 9, output: 4 }]);
});

test.each(["reasoning_content", "reasoning", "reasoning_text"])(
  "thoughts told as %s go back with the call they led to",
  async (name) => {
    const { message } = await replyTo(
      "chat",
      chunk({ [name]: "hm" }),
      fragment(0, "call_1", "read_file", '{"path":"a"}'),
      chunk({}, "tool_calls"),
      "[DONE]",
    );
    expect(message.reasoning).toBe("hm");
    expect(message.native).toEqual({
      provider: "openai",
      model: "a-model",
      data: {
        role: "assistant",
        content: null,
        [name]: "hm",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "read_file", arguments: '{"path":"a"}' } },
        ],
      },
    });
  },
);

test("usage is read in the vendor's sense, and what is not told stays unknown", async () => {
  const usageOf = async (usage: object) =>
    (await replyTo("chat", chunk({ content: "Hi." }, "stop"), { choices: [], usage }, "[DONE]")).usage;
  expect(
    await usageOf({
      prompt_tokens: 100,
      prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 20 },
      completion_tokens: 30,
      completion_tokens_details: { reasoning_tokens: 10 },
    }),
  ).toEqual({ input: 100, cached: 64, cacheWrite: 20, output: 30, reasoning: 10 });
  expect(await usageOf({ prompt_tokens: 5, completion_tokens: null, prompt_tokens_details: null })).toEqual({
    input: 5,
  });
  // Gateways to Anthropic leave out what was cached.
  const inCache = { prompt_tokens: 15, cache_read_input_tokens: 28, cache_creation_input_tokens: 5 };
  expect(await usageOf(inCache)).toEqual({ input: 48, cached: 28, cacheWrite: 5 });
  expect(await usageOf({ prompt_tokens: 15, prompt_tokens_details: { cached_tokens: 28 } })).toEqual({
    input: 43,
    cached: 28,
  });
  expect((await replyTo("chat", chunk({ content: "Hi." }, "stop"), "[DONE]")).usage).toEqual({});
});

test.each([{}, { prompt_tokens: 0, completion_tokens: 0 }])(
  "%j behind the counts takes none away",
  async (usage) => {
    const counts = { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 4 };
    const chunks = [
      chunk({ content: "Hi." }, "stop"),
      { choices: [], usage: counts },
      { choices: [], usage },
    ];
    expect((await replyTo("chat", ...chunks)).usage).toEqual({ input: 9, output: 1, cached: 4 });
  },
);

describe("calls", () => {
  const call = fragment(0, "call_1", "read_file", '{"path":"a"}');

  test.each(["tool_calls", "stop", "function_call", "end_turn"])("end a reply by %s", async (finish) => {
    const { message, stop } = await replyTo("chat", call, chunk({}, finish), "[DONE]");
    expect(stop).toBe("tool_calls");
    expect(message.toolCalls).toEqual([{ id: "call_1", name: "read_file", input: { path: "a" } }]);
  });

  test("of a reply that was cut by its length limit must not run", async () => {
    const { message, stop } = await replyTo(
      "chat",
      chunk({ content: "So:" }),
      call,
      chunk({}, "length"),
      "[DONE]",
    );
    expect(stop).toBe("tool_calls");
    expect(message).toMatchObject({ text: "So:", toolCalls: [{ id: "call_1", input: {} }] });
    expect(message.toolCalls[0]?.invalid).toMatch(/length limit/);
    expect(message.native).toBeUndefined();
  });

  test("with arguments that are no object are kept, for the model to hear of it", async () => {
    const { message, stop } = await replyTo(
      "chat",
      fragment(0, "call_1", "x", '{"path":'),
      chunk({}, "tool_calls"),
      "[DONE]",
    );
    expect(stop).toBe("tool_calls");
    expect(message.toolCalls[0]).toMatchObject({ input: {}, invalid: expect.stringContaining("JSON") });
    expect(JSON.stringify(message.native?.data)).toContain('"arguments":"{}"');
  });

  test("get new ids where an earlier turn had the same", async () => {
    const server = await answering(events(call, chunk({}, "tool_calls"), "[DONE]"));
    const { reply } = await ask(server, {
      conversation: [
        { role: "user", text: "hi" },
        { role: "assistant", text: "", toolCalls: [{ id: "call_1", name: "read_file", input: {} }] },
        { role: "tool", callId: "call_1", name: "read_file", text: "1", isError: false, summary: "" },
      ],
    });
    const [made] = reply.message.toolCalls;
    expect(made?.id).not.toBe("call_1");
    expect(JSON.stringify(reply.message.native)).toContain(`"id":"${made?.id}"`);
  });
});

describe("the end", () => {
  test("may be a finish reason without [DONE], or [DONE] without a finish reason", async () => {
    expect((await replyTo("chat", chunk({ content: "Hi." }, "stop"))).kinds).toEqual([
      "text_delta",
      "reply_end",
    ]);
    expect((await replyTo("chat", chunk({ content: "Hi." }), "[DONE]")).kinds).toEqual([
      "text_delta",
      "reply_end",
    ]);
    expect((await replyTo("chat", fragment(0, "a", "x", "{}"), "[DONE]")).stop).toBe("tool_calls");
  });

  test("without either is a cut, and the reply is asked for again", async () => {
    const { message, kinds } = await replyTo("chat", chunk({ content: "Hi" }));
    expect(kinds).toEqual(["text_delta", "retry: cut_off", "text_delta", "reply_end"]);
    expect(message.text).toBe("Fine.");
  });

  test("is not believed when the model only writes it", async () => {
    const { kinds } = await replyTo("chat", chunk({ content: "x\ndata: [DONE]\n\n" }));
    expect(kinds).toContain("retry: cut_off");
  });

  test("by the length limit, with text, is said", async () => {
    const { message, stop } = await replyTo(
      "chat",
      chunk({ content: "Once upon" }),
      chunk({}, "length"),
      "[DONE]",
    );
    expect([stop, message.text]).toEqual(["length", "Once upon"]);
  });

  test("with nothing said is a bad reply", async () => {
    expect((await replyTo("chat", chunk({ content: "" }), chunk({}, "stop"), "[DONE]")).kinds).toContain(
      "retry: bad_reply",
    );
    expect((await replyTo("chat", chunk({ reasoning: "hm" }, "stop"), "[DONE]")).kinds).toContain(
      "retry: bad_reply",
    );
  });

  test.each([
    [
      "a refusal",
      [chunk({ refusal: "I will " }), chunk({ refusal: "not." }), chunk({}, "stop")],
      "I will not.",
    ],
    ["a filter", [chunk({ content: "Half" }), chunk({}, "content_filter")], "Half"],
    ["a filter over a call", [fragment(0, "a", "x", "{}"), chunk({}, "content_filter")], ""],
  ])("by %s is no success", async (_, data, text) => {
    const { message, stop } = await replyTo("chat", ...data, "[DONE]");
    expect(stop).toBe("refused");
    expect(message).toEqual({ role: "assistant", text, toolCalls: [] });
  });
});

test("chunks as compatible servers send them", async () => {
  const { message, stop } = await replyTo(
    "chat",
    { choices: null },
    { object: "ping" },
    { choices: [{ index: 0, delta: null }] },
    { choices: [{ index: 0, delta: { content: null, tool_calls: null, reasoning: null } }] },
    chunk({ content: "Hi." }),
    { choices: [{ index: 0, finish_reason: "eos" }] },
    "[DONE]",
  );
  expect([stop, message.text]).toEqual(["done", "Hi."]);
});

test.each([
  [{ type: "abort", message: "Abort before prefill" }, ["retry: bad_reply"], "done"],
  [{ type: "length", length: 16 }, [], "length"],
])("an end that is an object ends the reply by its type: %j", async (end, retries, stop) => {
  const { kinds, stop: stopped } = await replyTo(
    "chat",
    { choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: end }] },
    "[DONE]",
  );
  expect(kinds.filter((kind) => kind.startsWith("retry"))).toEqual(retries);
  expect(stopped).toBe(stop);
});
