import { describe, expect, test } from "vitest";
import { chunk, ended, fragment, replyTo } from "../../../test/openai.ts";

describe("what must go back", () => {
  const call = fragment(0, "call_1", "read_file", '{"path":"a"}');
  const sent = { id: "call_1", type: "function", function: { name: "read_file", arguments: '{"path":"a"}' } };

  test("OpenRouter's details of thoughts, each whole and with its signature", async () => {
    const piece = (more: object) =>
      chunk({ reasoning: "x", reasoning_details: [{ type: "reasoning.text", index: 0, ...more }] });
    const secret = { type: "reasoning.encrypted", data: "gAAA", id: "rs_1", index: 1 };
    const { message } = await replyTo(
      "chat",
      piece({ text: "Let ", signature: null }),
      piece({ text: "me.", format: "f" }),
      piece({ text: "", signature: "sig" }),
      chunk({ reasoning_details: [secret] }),
      call,
      chunk({}, "tool_calls"),
    );
    expect(message.native?.data).toEqual({
      role: "assistant",
      content: null,
      reasoning: "xxx",
      reasoning_details: [
        { type: "reasoning.text", index: 0, text: "Let me.", signature: "sig", format: "f" },
        secret,
      ],
      tool_calls: [sent],
    });
  });

  test("such details of an answer too; and they are shown where there is no other text", async () => {
    const details = [{ type: "reasoning.summary", summary: "hm", index: 0 }];
    const { message } = await replyTo(
      "chat",
      chunk({ reasoning_details: details }),
      chunk({ content: "Hi." }, "stop"),
    );
    expect(message).toMatchObject({ text: "Hi.", reasoning: "hm" });
    expect(message.native?.data).toEqual({ role: "assistant", content: "Hi.", reasoning_details: details });
  });

  test("LiteLLM's blocks, and what Copilot seals", async () => {
    const block = (more: object) => chunk({ thinking_blocks: [{ type: "thinking", ...more }] });
    const { message } = await replyTo(
      ...([
        "chat",
        block({ thinking: "h", signature: "" }),
        block({ thinking: "m", signature: "" }),
      ] as const),
      ...[block({ thinking: "", signature: "sig" }), chunk({ reasoning_opaque: "gA" }), call],
      chunk({}, "tool_calls"),
    );
    expect(message.reasoning).toBe("hm");
    expect(message.native?.data).toEqual({
      ...{ role: "assistant", content: null, reasoning_opaque: "gA", tool_calls: [sent] },
      thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "sig" }],
    });
  });

  test("the field for thoughts, although it is empty", async () => {
    const { message } = await replyTo(
      "chat",
      chunk({ reasoning_content: "" }),
      call,
      chunk({}, "tool_calls"),
    );
    expect(message.native?.data).toEqual({
      role: "assistant",
      content: null,
      reasoning_content: "",
      tool_calls: [sent],
    });
    expect(
      (await replyTo("chat", chunk({ reasoning_content: null }), call, chunk({}, "tool_calls"))).message
        .native?.data,
    ).not.toHaveProperty("reasoning_content");
  });
});

describe("thoughts in the text are told from the answer", () => {
  const tags = [
    ["<think>", "</think>"],
    ["<reasoning>", "</reasoning>"],
    ["[THINK]", "[/THINK]"],
    ["◁think▷", "◁/think▷"],
    ["<|channel|>analysis<|message|>", "<|end|>"],
    ["<|START_THINKING|>", "<|END_THINKING|>"],
    ["<|channel>thought", "<channel|>"],
    ["<|inner_prefix|>", "<|inner_suffix|>"],
  ] as const;
  test.each(tags)("%s … %s", async (open, close) => {
    const pieces = `${open}hm${close}\n\nHi.`.match(/[\s\S]{1,3}/g) ?? [];
    const sent = pieces.map((content) => chunk({ content }));
    const { message } = await replyTo("chat", ...sent, chunk({}, "stop"));
    expect(message).toMatchObject({ text: "Hi.", reasoning: "hm" });
    const text = { type: "response.output_text.delta", output_index: 0 };
    const same = pieces.map((delta) => ({ ...text, delta }));
    expect((await replyTo("responses", ...same, ended([]))).message).toMatchObject({
      text: "Hi.",
      reasoning: "hm",
    });
  });

  test.each(tags)("%s … %s, of which only the end is in the text", async (_, close) => {
    const sent = [chunk({ reasoning_content: "hm" }), chunk({ content: `${close}\n\nHi.` })];
    const { message } = await replyTo("chat", ...sent, chunk({}, "stop"));
    expect(message).toMatchObject({ text: "Hi.", reasoning: "hm" });
  });
});
