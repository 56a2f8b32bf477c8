import type { Message } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chats, qwen } from "../../test/ollama.ts";
import { hello, replying, shown, tools, withReply } from "../../test/text-form.ts";

describe("a model with tools", () => {
  const native = '{"name": "read_file", "arguments": {"path": "a"}}';

  test.each([
    native,
    `<tool_call>\n${native}\n</tool_call>`,
    `I will read it.\n\`\`\`json\n${native}\n\`\`\``,
  ])(
    "that writes its call as text is understood, and its history is that of a native call: %j",
    async (reply) => {
      const { server, provider } = await replying([reply, "Done."], qwen);
      const asked = await ask(provider, { conversation: [hello], tools });
      expect(asked.reply?.message.toolCalls).toMatchObject([{ name: "read_file", input: { path: "a" } }]);
      expect(shown(asked)).not.toContain("arguments");
      await ask(provider, { conversation: withReply([hello], asked.reply), tools });
      const [first, second] = chats(server);
      expect(first?.tools).toHaveLength(1);
      expect(second?.messages).toMatchObject([
        {},
        { tool_calls: [{ function: { name: "read_file" } }] },
        { role: "tool" },
      ]);
    },
  );

  test.each([
    `For example:\n\`\`\`json\n${native}\n\`\`\`\nreads the file a.`,
    '<tool_call>{"name": "read_file", "argum</tool_call>\nis not valid.',
    '{"name": "my-app", "version": "1.0.0"}',
  ])("that writes anything else is left alone, and all of it is shown: %j", async (reply) => {
    const { provider } = await replying([reply], qwen);
    const asked = await ask(provider, { conversation: [hello], tools });
    expect(asked.reply).toMatchObject({ stop: "done", message: { text: reply, toolCalls: [] } });
    expect(shown(asked)).toBe(reply);
  });

  const thinking = "I should emit a <tool_call>.";
  test.each([
    [`<think>\n${thinking}\n</think>\n\n<tool_call>\n${native}\n</tool_call>`, ""],
    [`\n${thinking}\n</think>\n\n<tool_call>\n${native}\n</tool_call>`, `\n${thinking}\n</think>`],
    [`${thinking}\n</think>\n${native}`, `${thinking}\n</think>`],
    [`<think>${thinking}</think>${native}`, ""],
    [`hm\n<tool_call>${native}</tool_call>\n</think>`, "hm"],
    [`hm\n<seed:tool_call>${native}</seed:tool_call>\n</seed:think>`, "hm"],
    [`<tool_call>${native}</tool_call>\n<think>That is it.</think>\n`, ""],
    [`<tool_call>${native}</tool_call>\n<reasoning>That is it.</reasoning>\n`, ""],
    [
      `<think>a</think>\nb <think>${thinking}</think>\n<tool_call>${native}</tool_call><|im_end|>`,
      `b <think>${thinking}</think>`,
    ],
  ])("that thinks of a call and then writes one is understood: %j", async (reply, text) => {
    const { provider } = await replying([reply], qwen);
    const asked = await ask(provider, { conversation: [hello], tools });
    expect(asked.reply?.message).toMatchObject({
      text,
      toolCalls: [{ name: "read_file", input: { path: "a" } }],
    });
    const said = asked.deltas.filter(({ type }) => type === "text_delta");
    expect(
      said
        .map((delta) => delta.text)
        .join("")
        .trim(),
    ).toBe(text.trim());
  });

  test.each([
    '<|tool_calls_section_begin|> <|tool_call_begin|> functions.read_file:0 <|tool_call_argument_begin|> {"path": "a"} <|tool_call_end|> <|tool_calls_section_end|>',
    `<tool_call>\n${native}\n</tool_call>`,
    `<TOOLCALL>[${native}]</TOOLCALL>`,
    `<tool_use>${native}</tool_use>`,
    "<tool_call>\n<function=read_file>\n<parameter=path>\na\n</parameter>\n</function>\n</tool_call>",
    '<invoke name="read_file">\n<parameter name="path">a</parameter>\n</invoke>',
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="read_file">\n<｜DSML｜parameter name="path">a</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
  ])("that calls in a thought, and says nothing behind it, is understood: %j", async (call) => {
    for (const reply of [`<think>\nI read it. ${call}`, `<think>\nI read it. ${call}</think>`]) {
      const { provider } = await replying([reply], qwen);
      const asked = await ask(provider, { conversation: [hello], tools });
      expect(asked.reply?.message).toMatchObject({
        text: "",
        reasoning: expect.stringMatching(/I read it\.$/),
      });
      expect(asked.reply?.message.toolCalls).toMatchObject([{ name: "read_file", input: { path: "a" } }]);
    }
  });

  test("that only thinks of a call has said nothing", async () => {
    const { provider } = await replying([`<think>I should emit a <tool_call>.</think>`], qwen);
    expect((await ask(provider, { conversation: [hello], tools })).error).toMatchObject({
      message: expect.stringMatching(/answered with nothing/),
    });
  });

  test("that explains the tag is left alone", async () => {
    const reply = "A thought ends with </think> or `</think>`, and `<tool_call>` begins a call.";
    const { provider } = await replying([reply], qwen);
    expect((await ask(provider, { conversation: [hello], tools })).reply?.message).toMatchObject({
      text: reply,
      toolCalls: [],
    });
  });

  test.each([
    '<tool_call>\n{"name": "read_file", "arguments": {"path": "a"}\n</tool_call>',
    '<tool_call>{"name": "unknown", "arguments": {}}</tool_call>',
    "[TOOL_CALLS]read_file{",
  ])("that ends in a call that cannot be run is told so, and is not done: %j", async (reply) => {
    const { provider } = await replying([reply, "Done."], qwen);
    const asked = await ask(provider, { conversation: [hello], tools });
    expect(asked.reply).toMatchObject({ stop: "tool_calls", message: { text: "" } });
    const [broken] = asked.reply?.message.toolCalls ?? [];
    expect(broken?.invalid ?? "There is no tool").toMatch(/could not be read|no tool/);
    expect(JSON.stringify(asked.reply)).not.toMatch(/Unexpected token|undefined/);
  });

  test("that cannot write a call four times in a row is given up", async () => {
    const { provider } = await replying(
      ["<tool_call>{", "<tool_call>{", "<tool_call>{", "<tool_call>{"],
      qwen,
    );
    let conversation: Message[] = [hello];
    for (const _ of [1, 2, 3])
      conversation = withReply(conversation, (await ask(provider, { conversation, tools })).reply);
    expect((await ask(provider, { conversation, tools })).error).toMatchObject({
      kind: "bad_reply",
      retryable: false,
    });
  });

  test("without tools on offer, nothing is read into its text", async () => {
    const { provider } = await replying([native], qwen);
    const asked = await ask(provider, { conversation: [hello] });
    expect(asked.reply).toMatchObject({ stop: "done", message: { text: native } });
    expect(shown(asked)).toBe(native);
  });
});

test("a refusal of unknown words is told with the length of a request that is long, and only then", async () => {
  const refusal = { error: "value out of bounds" };
  const { provider } = await replying([refusal, refusal], qwen);
  const long = { role: "user", text: "word ".repeat(8000) } as const;
  expect((await ask(provider, { conversation: [long], tools })).error).toMatchObject({
    kind: "bad_request",
    hint: expect.stringMatching(/some 10k tokens.*\/compact/),
  });
  expect((await ask(provider, { conversation: [hello], tools })).error).not.toHaveProperty("hint");
});
