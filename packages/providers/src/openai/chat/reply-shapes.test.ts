import { describe, expect, test } from "vitest";
import { answering, ask, chunk, events, replyTo } from "../../../test/openai.ts";

describe("a delta of another shape is read", () => {
  test.each<[string, object, object]>([
    [
      "text in parts",
      {
        content: [
          { type: "text", text: "Hi" },
          { type: "text", text: "." },
        ],
      },
      { text: "Hi." },
    ],
    ["text in a part", { content: { type: "text", text: "Hi." } }, { text: "Hi." }],
    [
      "thoughts in a part",
      { reasoning_content: { text: "hm" }, content: "Hi." },
      { text: "Hi.", reasoning: "hm" },
    ],
    [
      "thoughts in two fields",
      { reasoning: "hm", reasoning_content: "hm", content: "Hi." },
      { text: "Hi.", reasoning: "hm" },
    ],
    [
      "Mistral's thoughts in parts of the content",
      {
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
          { type: "text", text: "Hi." },
        ],
      },
      { text: "Hi.", reasoning: "hm" },
    ],
    [
      "one call in the form before lists",
      { content: "Let me look.", function_call: { name: "x", arguments: '{"a":1}' } },
      { text: "Let me look.", toolCalls: [{ name: "x", input: { a: 1 } }] },
    ],
    [
      "the same call in both forms",
      {
        function_call: { name: "x", arguments: '{"a":1}' },
        tool_calls: [{ index: 0, id: "c", function: { name: "x", arguments: '{"a":1}' } }],
      },
      { toolCalls: [{ id: "c", name: "x", input: { a: 1 } }] },
    ],
    [
      "a call without the level of its function",
      { content: "Let me look.", tool_calls: [{ index: 0, id: "c", name: "x", arguments: '{"a":1}' }] },
      { toolCalls: [{ id: "c", name: "x", input: { a: 1 } }] },
    ],
    [
      "one call in the place of a list",
      { tool_calls: { index: 0, id: "c", function: { name: "x", arguments: "{}" } } },
      { toolCalls: [{ id: "c", name: "x", input: {} }] },
    ],
    [
      "an empty call beside one",
      { tool_calls: [null, { id: "c", function: { name: "x", arguments: {} } }] },
      { toolCalls: [{ id: "c", name: "x" }] },
    ],
    ["a refusal in parts", { refusal: [{ text: "No." }] }, { text: "No.", toolCalls: [] }],
  ])("%s", async (_, delta, message) => {
    expect((await replyTo("chat", chunk(delta), chunk({}, "stop"), "[DONE]")).message).toMatchObject(message);
  });

  test.each([
    { choices: {} },
    { choices: [null] },
    { choices: "x" },
    chunk({ tool_calls: [null] }),
    chunk({ content: {} }),
    chunk({ content: 3 }),
  ])("%j says nothing, and the reply goes on", async (odd) => {
    expect((await replyTo("chat", odd, chunk({ content: "Hi." }), chunk({}, "stop"))).message.text).toBe(
      "Hi.",
    );
  });

  test("a text and its calls in two choices are one reply", async () => {
    const call = { index: 0, id: "c", function: { name: "x", arguments: "{}" } };
    const both = [{ content: "So:" }, { tool_calls: [call] }].map((delta) => ({ index: 0, delta }));
    const { message } = await replyTo("chat", { choices: both }, chunk({}, "tool_calls"), "[DONE]");
    expect(message).toMatchObject({ text: "So:", toolCalls: [{ id: "c" }] });
  });

  test("counts that cannot be true are unknown", async () => {
    const usage = {
      prompt_tokens: "9",
      completion_tokens: -1,
      prompt_tokens_details: { cached_tokens: 0.5 },
    };
    expect(
      (await replyTo("chat", chunk({ content: "Hi." }, "stop"), { choices: [], usage }, "[DONE]")).usage,
    ).toEqual({});
  });
});

describe("thoughts that a server left in the text", () => {
  test.each(["<think>", "<thinking>", "[THINK]"])(
    "are told apart behind %s, wherever the pieces are cut",
    async (open) => {
      const close = `${open[0]}/${open.slice(1)}`;
      const pieces = [...`\n${open}Hm. <tool_call>?${close}\n\nHi.`].map((content) => chunk({ content }));
      const { message } = await replyTo("chat", ...pieces, chunk({}, "stop"), "[DONE]");
      expect(message).toMatchObject({ text: "Hi.", reasoning: "Hm. <tool_call>?" });
    },
  );
});

describe("a reply that contradicts its own end is not done", () => {
  test.each([
    ["error", "bad_reply"],
    ["network_error", "bad_reply"],
    ["insufficient_system_resource", "bad_reply"],
    ["abort", "bad_reply"],
    ["tool_calls", "bad_reply"],
  ])("%s", async (finish, kind) => {
    const { kinds } = await replyTo(
      "chat",
      chunk({ content: "I will read it." }),
      chunk({}, finish),
      "[DONE]",
    );
    expect(kinds).toContain(`retry: ${kind}`);
  });

  test("by the reason of OpenRouter's provider", async () => {
    const choice = { index: 0, delta: {}, finish_reason: "stop", native_finish_reason: "network_error" };
    const { kinds } = await replyTo("chat", chunk({ content: "I" }), { choices: [choice] }, "[DONE]");
    expect(kinds).toContain("retry: bad_reply");
  });

  test("and null, written as a text, is no end", async () => {
    expect((await replyTo("chat", chunk({ content: "I" }, "null"))).kinds).toContain("retry: cut_off");
  });

  test("and its words cannot redraw the terminal", async () => {
    const { heard } = await replyTo("chat", chunk({ content: "I" }), chunk({}, "error\x1b[2J"), "[DONE]");
    expect(JSON.stringify(heard)).toContain("(error [2J)");
  });

  test("because there was no room for it", async () => {
    const { error } = await replyTo(
      "chat",
      chunk({ content: "I" }),
      chunk({}, "model_context_window_exceeded"),
    );
    expect(error).toMatchObject({ kind: "context_too_long", retryable: false });
  });
});

describe("a prompt that the server cut", () => {
  const conversation = [{ role: "user", text: "word ".repeat(20_000) }] as const;
  const counting = (prompt_tokens: number) =>
    events(chunk({ content: "What?" }, "stop"), { choices: [], usage: { prompt_tokens } }, "[DONE]");

  test("is noticed by the server's own count", async () => {
    const { reply } = await ask(await answering(counting(2051)), { conversation });
    expect(reply.error).toMatchObject({ kind: "context_too_long", retryable: false });
    expect(reply.error?.message).toMatch(
      /left out a part of the conversation: it counted only 2051 tokens\.$/,
    );
  });

  test.each([20_500, 12_000, 900, 0])("is not suspected where %i tokens are counted", async (count) => {
    expect((await ask(await answering(counting(count)), { conversation })).reply.stop).toBe("done");
  });

  test("is not suspected where the rest was cached, and counted apart", async () => {
    const usage = { prompt_tokens: 1500, prompt_tokens_details: { cached_tokens: 18_600 } };
    const answer = events(chunk({ content: "Hi." }, "stop"), { choices: [], usage }, "[DONE]");
    expect((await ask(await answering(answer), { conversation })).reply.stop).toBe("done");
  });

  test("may be why there is no reply at all", async () => {
    const nothing = events(chunk({}, "stop"), "[DONE]");
    const { reply } = await ask(await answering(...Array.from({ length: 5 }, () => nothing)), {
      conversation,
    });
    expect(reply.error?.message).toMatch(/answered with nothing\.$/);
    expect(reply.error?.hint).toMatch(/some 25k tokens, and may be more than the model's context/);
    const short = await ask(await answering(...Array.from({ length: 5 }, () => nothing)));
    expect(short.reply.error?.hint).toBe("Tried 5 times.");
  });
});
