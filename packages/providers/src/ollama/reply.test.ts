import { sendJson } from "@eightfold/core/test/scratch-server";
import { expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chats, end, ollamaAt, ollamaServer, say, scripted, sendLines } from "../../test/ollama.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;

test("text and thinking arrive piece by piece; the thinking is kept for the next request", async () => {
  const lines = [
    say({ thinking: "Hm" }),
    say({ thinking: "m." }),
    say({ content: "Hi" }),
    say({ content: "!" }, end),
  ];
  const { ollama } = await scripted(lines);
  const { deltas, reply } = await ask(ollama, hello);
  expect(deltas).toEqual([
    { type: "reasoning_delta", text: "Hm" },
    { type: "reasoning_delta", text: "m." },
    { type: "text_delta", text: "Hi" },
    { type: "text_delta", text: "!" },
  ]);
  expect(reply).toEqual({
    message: {
      role: "assistant",
      text: "Hi!",
      toolCalls: [],
      reasoning: "Hmm.",
      native: { provider: "ollama", model: "qwen3:8b", data: "Hmm." },
    },
    stop: "done",
    usage: { input: 20, output: 5 },
  });
});

test("calls come from every line, the last included, although the reason is stop", async () => {
  const call = (id: string | undefined, path: string) => ({
    ...(id && { id }),
    function: { index: 0, name: "read_file", arguments: { path } },
  });
  const { ollama } = await scripted([
    say({ tool_calls: [call("call_a", "a")] }),
    say({ tool_calls: [call("call_b", "b"), call(undefined, "c")] }, end),
  ]);
  const { reply } = await ask(ollama, hello);
  expect(reply?.stop).toBe("tool_calls");
  expect(reply?.message.toolCalls.map(({ id, input }) => [id, input.path])).toEqual([
    ["call_a", "a"],
    ["call_b", "b"],
    [expect.stringMatching(/^call_[0-9a-f]{12}$/), "c"],
  ]);
});

test("arguments that come as a string are read; broken ones make an invalid call", async () => {
  const call = (args: unknown) => ({ id: `c${args}`, function: { name: "grep", arguments: args } });
  const { ollama } = await scripted([
    say({ tool_calls: [call('{"pattern":"x"}'), call('{"patt'), call(null)] }, end),
  ]);
  const { reply } = await ask(ollama, hello);
  expect(reply?.message.toolCalls.map(({ input, invalid }) => [input, invalid !== undefined])).toEqual([
    [{ pattern: "x" }, false],
    [{}, true],
    [{}, false],
  ]);
});

test("cut by the length limit: text stays, calls are there to be answered and must not run", async () => {
  const length = { ...end, done_reason: "length" };
  const text = await scripted([say({ content: "Once upon" }, length)]);
  expect((await ask(text.ollama, hello)).reply).toMatchObject({
    stop: "length",
    message: { text: "Once upon" },
  });
  const call = { id: "c", function: { name: "write_file", arguments: { path: "a" } } };
  const withCall = await scripted([say({ thinking: "x", tool_calls: [call] }, length)]);
  const { reply } = await ask(withCall.ollama, hello);
  expect(reply).toMatchObject({
    stop: "tool_calls",
    message: { toolCalls: [{ input: {}, invalid: expect.any(String) }] },
  });
  expect(reply?.message.native).toBeUndefined();
});

test("usage: cached tokens where they are told, and nothing where nothing is", async () => {
  const cached = await scripted([say({ content: "a" }, { ...end, prompt_eval_cached_count: 15 })]);
  expect((await ask(cached.ollama, hello)).reply?.usage).toEqual({ input: 20, cached: 15, output: 5 });
  const silent = await scripted([say({ content: "a" }, { done_reason: "stop" })]);
  expect((await ask(silent.ollama, hello)).reply?.usage).toEqual({});
});

test.each([
  ["nothing", [say({}, end)]],
  ["only thinking", [say({ thinking: "Hm." }), say({ content: "\n" }, end)]],
  ["the answer to a preload", [say({}, { done_reason: "load" })]],
])("%s is a bad reply, worth another try", async (_, lines) => {
  const { ollama } = await scripted(lines);
  expect((await ask(ollama, hello)).error).toMatchObject({ kind: "bad_reply", retryable: true });
});

test("thoughts that the server left in the text are told apart, wherever the pieces are cut", async () => {
  const pieces = ["<thi", "nk>\nLet me", " see.</", "think>", "\n\nIt is ", "</think> 4."];
  const { ollama } = await scripted([...pieces.map((content) => say({ content })), say({}, end)]);
  const { reply } = await ask(ollama, hello);
  expect(reply?.message).toMatchObject({ reasoning: "\nLet me see.", text: "It is </think> 4." });
});

test.each(["<", "<thin", "<think", "a <think>b</think>", " <b>bold</b>"])(
  "%j is ordinary text",
  async (content) => {
    const { ollama } = await scripted(
      [...content].map((letter) => say({ content: letter })).concat(say({}, end)),
    );
    expect((await ask(ollama, hello)).reply?.message.text).toBe(content);
  },
);

test("a thought that never ends is no answer", async () => {
  const { ollama } = await scripted([say({ content: "<think>on and on </thin" }, end)]);
  const { deltas, error } = await ask(ollama, hello);
  expect(deltas.map(({ text }) => text).join("")).toBe("on and on </thin");
  expect(error?.kind).toBe("bad_reply");
});

test("what the server left out of a long conversation is noticed by its own count", async () => {
  const long = "word ".repeat(40_000);
  const answer = (count: number) => [say({ content: "What?" }, { ...end, prompt_eval_count: count })];
  const ask40k = async (lines: object[]) => {
    const { ollama } = await scripted(lines);
    return ask(ollama, { conversation: [{ role: "user", text: long }] });
  };
  const { error } = await ask40k(answer(16_400));
  expect(error).toMatchObject({ kind: "context_too_long", retryable: false });
  expect(error?.hint).toContain("OLLAMA_CONTEXT");
  expect((await ask40k(answer(40_100))).reply?.stop).toBe("done");
});

test("a small count alone is no sign: old servers leave out what was cached, or the count itself", async () => {
  const text = "word ".repeat(10_000);
  for (const counts of [{ prompt_eval_count: 30 }, {}]) {
    const { ollama } = await scripted([say({ content: "ok" }, { done_reason: "stop", ...counts })]);
    expect((await ask(ollama, { conversation: [{ role: "user", text }] })).reply?.stop).toBe("done");
  }
});

test("a model without tools is not asked with them, and is asked without", async () => {
  const show = { capabilities: ["completion"] };
  const server = await ollamaServer({
    show,
    chat: (response) => sendLines(response, [say({ content: "ok" }, end)]),
  });
  const ollama = await ollamaAt(server);
  const tools = [{ name: "t", description: "d", parameters: { type: "object" } }];
  expect((await ask(ollama, { ...hello, tools })).error).toMatchObject({
    kind: "no_tools",
    retryable: false,
  });
  expect(chats(server)).toEqual([]);
  expect((await ask(ollama, hello)).reply?.stop).toBe("done");
});

test.each(['"m" does not support thinking', 'think value "true" is not supported for this model'])(
  "a model that refuses to think is asked again without, and from then on: %s",
  async (error) => {
    const server = await ollamaServer({
      chat: (response, { body }) =>
        "think" in body
          ? sendJson(response, 400, { error })
          : sendLines(response, [say({ content: "ok" }, end)]),
    });
    const ollama = await ollamaAt(server);
    for (const _ of [1, 2]) expect((await ask(ollama, hello)).reply?.stop).toBe("done");
    expect(chats(server).map((body) => "think" in body)).toEqual([true, false, false]);
  },
);

test.each<[string, object, object]>([
  ["text in parts", { content: [{ type: "text", text: "Hi." }] }, { text: "Hi." }],
  ["thoughts in a part", { content: "Hi.", thinking: { text: "hm" } }, { text: "Hi.", reasoning: "hm" }],
  [
    "one call in the place of a list",
    { tool_calls: { function: { name: "x", arguments: "{}" } } },
    { toolCalls: [{ name: "x" }] },
  ],
  [
    "a call without the level of its function",
    { tool_calls: [null, { name: " x ", arguments: { a: 1 } }] },
    { toolCalls: [{ name: "x", input: { a: 1 } }] },
  ],
])("%s can be read", async (_, message, read) => {
  const { ollama } = await scripted([say(message), say({}, end)]);
  expect((await ask(ollama, hello)).reply?.message).toMatchObject(read);
});

test.each([
  ["names nothing", say({ tool_calls: [{ type: "function" }] }), end],
  ["is missing where it ends the reply", say({ content: "I will." }), { ...end, done_reason: "tool_calls" }],
])("a call that %s makes a reply of no use", async (_, line, last) => {
  const { ollama } = await scripted([line, say({}, last)]);
  expect((await ask(ollama, hello)).error).toMatchObject({ kind: "bad_reply", retryable: true });
});

test("a call that the last line repeats is one call; two that are alike in one line and have no id are two", async () => {
  const call = { id: "c", function: { name: "x", arguments: {} } };
  const { ollama } = await scripted([say({ tool_calls: [call] }), say({ tool_calls: [call] }, end)]);
  expect((await ask(ollama, hello)).reply?.message.toolCalls).toHaveLength(1);
  const bare = { function: { name: "x", arguments: {} } };
  const { ollama: other } = await scripted([say({ tool_calls: [bare, bare] }), say({}, end)]);
  expect((await ask(other, hello)).reply?.message.toolCalls).toHaveLength(2);
});
