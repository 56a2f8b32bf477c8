import { describe, expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chunk, scripted } from "../../test/gemini.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;

test("text arrives piece by piece, and the pieces become one part", async () => {
  const { gemini } = await scripted([[chunk([{ text: "Hel" }]), chunk([{ text: "lo" }]), chunk([], "STOP")]]);
  const { deltas, reply } = await ask(gemini, hello);
  expect(deltas).toEqual([
    { type: "text_delta", text: "Hel" },
    { type: "text_delta", text: "lo" },
  ]);
  expect(reply).toEqual({
    message: {
      role: "assistant",
      text: "Hello",
      toolCalls: [],
      native: { provider: "gemini", model: "gemini-3.8-flash", data: [{ text: "Hello" }] },
    },
    stop: "done",
    usage: {},
  });
});

test("thoughts are shown and not sent back; signatures stay in their place, on an empty part too", async () => {
  const { gemini } = await scripted([
    [
      chunk([{ text: "Hmm.", thought: true }]),
      chunk([{ text: "I " }, { text: "see." }]),
      chunk([{ text: "", thoughtSignature: "sig-9" }], "STOP"),
    ],
  ]);
  const { deltas, reply } = await ask(gemini, hello);
  expect(deltas[0]).toEqual({ type: "reasoning_delta", text: "Hmm." });
  expect(reply?.message).toMatchObject({ text: "I see.", reasoning: "Hmm." });
  expect(reply?.message.native?.data).toEqual([{ text: "I see." }, { text: "", thoughtSignature: "sig-9" }]);
});

test("text after a signed part is not joined to it", async () => {
  const { gemini } = await scripted([
    [chunk([{ text: "a", thoughtSignature: "s" }]), chunk([{ text: "b" }, { text: "c" }], "STOP")],
  ]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.message.native?.data).toEqual([{ text: "a", thoughtSignature: "s" }, { text: "bc" }]);
});

test("calls spread over chunks are all there, although the reason is STOP", async () => {
  const first = { functionCall: { id: "f1", name: "grep", args: { pattern: "x" } }, thoughtSignature: "sig" };
  const second = { functionCall: { id: "f2", name: "list_files" } };
  const { gemini } = await scripted([[chunk([first]), chunk([second]), chunk([], "STOP")]]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.stop).toBe("tool_calls");
  expect(reply?.message.toolCalls).toEqual([
    { id: "f1", name: "grep", input: { pattern: "x" } },
    { id: "f2", name: "list_files", input: {} },
  ]);
  expect(reply?.message.native?.data).toEqual([first, second]);
});

test("a call without an id, or with one that was used before, gets one of its own", async () => {
  let n = 0;
  const call = (id?: string) => ({ functionCall: { ...(id && { id }), name: "grep", args: { n: n++ } } });
  const { gemini } = await scripted([[chunk([call(), call("old"), call("new"), call("new")], "STOP")]]);
  const old = { role: "assistant", text: "", toolCalls: [{ id: "old", name: "grep", input: {} }] } as const;
  const { reply } = await ask(gemini, { conversation: [...hello.conversation, old] });
  const ids = reply?.message.toolCalls.map(({ id }) => id) ?? [];
  expect(new Set(["old", ...ids]).size).toBe(5);
  expect(ids[2]).toBe("new");
  expect(ids[0]).toMatch(/^call_[0-9a-f]{12}$/);
});

test("usage: the last count rules, cached is a part of the input, thoughts are a part of the output", async () => {
  const counts = {
    promptTokenCount: 100,
    cachedContentTokenCount: 60,
    candidatesTokenCount: 7,
    thoughtsTokenCount: 30,
  };
  const { gemini } = await scripted([
    [
      {
        ...(chunk([{ text: "a" }]) as object),
        usageMetadata: { promptTokenCount: 100, thoughtsTokenCount: 30 },
      },
      chunk([], "STOP"),
      { usageMetadata: counts },
    ],
  ]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.usage).toEqual({ input: 100, cached: 60, output: 37, reasoning: 30 });
});

test.each(["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"])(
  "%s: refused, and its calls are dropped",
  async (reason) => {
    const { gemini } = await scripted([
      [chunk([{ text: "Well" }, { functionCall: { name: "grep", args: {} } }], reason)],
    ]);
    const { reply } = await ask(gemini, hello);
    expect(reply).toEqual({
      message: { role: "assistant", text: "Well", toolCalls: [] },
      stop: "refused",
      usage: {},
    });
  },
);

test.each(["MAX_TOKENS", "CONTINUATION"])("%s without a call: cut by the length limit", async (reason) => {
  const { gemini } = await scripted([[chunk([{ text: "Once upon" }], reason)]]);
  const { reply } = await ask(gemini, hello);
  expect(reply).toEqual({
    message: { role: "assistant", text: "Once upon", toolCalls: [] },
    stop: "length",
    usage: {},
  });
});

test("MAX_TOKENS with a call: the call is there to be answered, and must not run", async () => {
  const { gemini } = await scripted([
    [
      chunk(
        [{ functionCall: { id: "f1", name: "write_file", args: { path: "a", content: "half" } } }],
        "MAX_TOKENS",
      ),
    ],
  ]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.stop).toBe("tool_calls");
  expect(reply?.message.toolCalls).toEqual([
    { id: "f1", name: "write_file", input: {}, invalid: expect.stringContaining("cut off") },
  ]);
  expect(reply?.message.native).toBeUndefined();
});

test.each([
  ["nothing at all", [chunk([], "STOP")]],
  ["a candidate without content", [{ candidates: [{ finishReason: "STOP" }] }]],
  ["only thoughts", [chunk([{ text: "Hmm.", thought: true }]), chunk([{ text: "" }], "STOP")]],
  ["a malformed call", [{ candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL" }] }]],
  ["an unexpected call", [chunk([{ text: "Let me" }], "UNEXPECTED_TOOL_CALL")]],
])("%s: a bad reply, worth another try", async (_, chunks) => {
  const { gemini } = await scripted([chunks]);
  const { error } = await ask(gemini, hello);
  expect(error).toMatchObject({ kind: "bad_reply", retryable: true });
});

test("a reason that nobody knows is an error, never a success", async () => {
  const { gemini } = await scripted([[chunk([{ text: "Fine." }], "MISSING_THOUGHT_SIGNATURE")]]);
  const { error } = await ask(gemini, hello);
  expect(error).toMatchObject({ kind: "bad_reply", retryable: false });
  expect(error?.message).toContain("MISSING_THOUGHT_SIGNATURE");
});

test("asked again after a bad reply, the model is told so, until it does better", async () => {
  const { gemini, server } = await scripted([[chunk([], "STOP")], [chunk([{ text: "ok" }], "STOP")]]);
  await ask(gemini, hello);
  await ask(gemini, hello);
  await ask(gemini, { ...hello });
  const said = server.received.map(({ body }) => JSON.stringify(body.contents));
  expect(said[0]).toBe('[{"parts":[{"text":"Hello"}],"role":"user"}]');
  expect(said[1]).toContain("empty or malformed");
  expect(said[2]).toBe(said[0]);
});

test("a blocked prompt has no reply: an error that names the reason", async () => {
  const { gemini } = await scripted([[{ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }]]);
  const { error } = await ask(gemini, hello);
  expect(error).toMatchObject({ kind: "blocked", retryable: false });
  expect(error?.message).toContain("PROHIBITED_CONTENT");
});

test("a stream that ends without a reason is no reply", async () => {
  const { gemini } = await scripted([[chunk([{ text: "And then" }])]]);
  const { deltas, error } = await ask(gemini, hello);
  expect(deltas).toEqual([{ type: "text_delta", text: "And then" }]);
  expect(error).toMatchObject({ kind: "cut_off", retryable: true });
});

describe("a call whose arguments come in pieces", () => {
  const call = (more: object) => chunk([{ functionCall: more }]);
  const put = (jsonPath: string, value: object) =>
    call({ partialArgs: [{ jsonPath, ...value }], willContinue: true });
  const begun = call({ name: "grep", id: "c", willContinue: true });

  test("is put together, with the places that they name", async () => {
    const { gemini } = await scripted([
      [
        begun,
        put("$.pattern", { stringValue: "a", willContinue: true }),
        put("$.pattern", { stringValue: "b" }),
        put("$['in'].list[0].n", { numberValue: 0 }),
        put("$.in.list[1]", { boolValue: false }),
        put("$.__proto__.x", { nullValue: "NULL_VALUE" }),
        put("$.pattern.inner[99999]", { stringValue: "c" }),
        call({}),
        chunk([], "STOP"),
      ],
    ]);
    const { reply } = await ask(gemini, hello);
    const input = reply?.message.toolCalls[0]?.input;
    expect(input).toMatchObject({ in: { list: [{ n: 0 }, false] } });
    expect(Object.keys(input ?? {})).toEqual(["pattern", "in", "__proto__"]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(reply?.message.native?.data).toEqual([{ functionCall: { id: "c", name: "grep", args: input } }]);
  });

  test("in one chunk as in several", async () => {
    const partialArgs = [
      { jsonPath: "$.pattern", stringValue: "a" },
      { jsonPath: "$.path", stringValue: "b" },
    ];
    const { gemini } = await scripted([[call({ name: "grep", partialArgs }), chunk([], "STOP")]]);
    const [made] = (await ask(gemini, hello)).reply?.message.toolCalls ?? [];
    expect(made?.input).toEqual({ pattern: "a", path: "b" });
  });

  test("in values of other types is as empty as they are", async () => {
    const partialArgs = [
      { jsonPath: "$.a", stringValue: { toString: 1 } },
      { jsonPath: "$.a", stringValue: "b" },
      { jsonPath: "$.a.b", numberValue: 1 },
      { jsonPath: 7, stringValue: "c" },
    ];
    const { gemini } = await scripted([[call({ name: "grep", partialArgs }), chunk([], "STOP")]]);
    const [made] = (await ask(gemini, hello)).reply?.message.toolCalls ?? [];
    expect(made?.input).toEqual({ a: { b: 1 } });
  });

  test("and lacks its end is no call", async () => {
    const { gemini } = await scripted([[begun, put("$.pattern", { stringValue: "a" }), chunk([], "STOP")]]);
    expect((await ask(gemini, hello)).error).toMatchObject({ kind: "bad_reply", retryable: true });
  });
});

test("a call that comes once more is one call; two alike in one chunk are two", async () => {
  const call = { functionCall: { name: "grep", args: { pattern: "x" } } };
  const { gemini } = await scripted([[chunk([call]), chunk([call], "STOP")], [chunk([call, call], "STOP")]]);
  expect((await ask(gemini, hello)).reply?.message.toolCalls).toHaveLength(1);
  expect((await ask(gemini, hello)).reply?.message.toolCalls).toHaveLength(2);
});
