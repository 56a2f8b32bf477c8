import type { CompleteReply, Message } from "@eightfold/core";
import { sendJson } from "@eightfold/core/test/scratch-server";
import { describe, expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chats, end, ollamaAt, ollamaServer, qwen, say, sendLines } from "../../test/ollama.ts";
import { withTextForm } from "./index.ts";

const readFile = {
  name: "read_file",
  description: "Reads a text file.",
  parameters: async () => ({
    type: "object",
    properties: { path: { type: "string" }, limit: { type: "integer" } },
    required: ["path"],
  }),
};
const tools = [readFile];
const hello: Message = { role: "user", text: "What is in a?" };
const withoutTools = { capabilities: ["completion"] };

/** A model in Ollama that replies with these texts, one a request, in pieces. */
async function replying(texts: readonly (string | object)[], show: object = withoutTools) {
  let index = 0;
  const server = await ollamaServer({
    show,
    chat(response) {
      const reply = texts[index++] ?? "";
      if (typeof reply !== "string") return sendJson(response, 400, reply);
      const pieces = reply.match(/[\s\S]{1,7}/g) ?? [];
      return sendLines(response, [...pieces.map((content) => say({ content })), say({}, end)]);
    },
  });
  return { server, provider: withTextForm(await ollamaAt(server)) };
}

/** The conversation after one turn: the reply, and a result for each of its calls. */
function withReply(
  conversation: readonly Message[],
  reply: CompleteReply | undefined,
  text = "hello",
): Message[] {
  const calls = reply?.message.toolCalls ?? [];
  const results = calls.map(({ id, name, invalid }): Message => {
    return {
      role: "tool",
      callId: id,
      name,
      text: invalid ?? text,
      isError: invalid !== undefined,
      summary: "",
    };
  });
  return [...conversation, ...(reply ? [reply.message] : []), ...results];
}

const shown = (asked: { deltas: readonly { text: string }[] }) =>
  asked.deltas.map(({ text }) => text).join("");

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
