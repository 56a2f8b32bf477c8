import type { Message } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chats, end, messagesSent, ollamaAt, ollamaServer, qwen, say, sendLines } from "../../test/ollama.ts";
import { hello, replying, shown, tools, withoutTools, withReply } from "../../test/text-form.ts";
import { withTextForm } from "./index.ts";

const call = '```tool\n{"name": "read_file", "arguments": {"path": "a"}}\n```';

describe("a model without tools", () => {
  test("is told of them in the system prompt, and its call is a call", async () => {
    const { server, provider } = await replying([`Let me look.\n\n${call}`]);
    const asked = await ask(provider, { system: "Be brief.", conversation: [hello], tools });
    expect(asked.reply).toMatchObject({
      stop: "tool_calls",
      message: {
        text: "Let me look.",
        toolCalls: [{ id: expect.any(String), name: "read_file", input: { path: "a" } }],
      },
    });
    expect(shown(asked)).toBe("Let me look.\n\n");
    const [body] = chats(server);
    expect(body).not.toHaveProperty("tools");
    const system = messagesSent(server, 0)[0]?.content;
    expect(system).toMatch(/^Be brief\.\n\n# Tools\n/);
    expect(system).toContain("Reads a text file.");
    expect(system).toContain('```tool\n{"name":"read_file","arguments":{"path":"…"}}\n```');
    expect(system).toContain('<tool name="read_file">\n<path>…</path>\n</tool>');
  });

  test("reads its own words and the results in the next request", async () => {
    const { server, provider } = await replying([`Let me look.\n\n${call}`, "It says hello."]);
    const { reply } = await ask(provider, { conversation: [hello], tools });
    const conversation = withReply([hello], reply);
    const next = await ask(provider, { conversation, tools });
    expect(next.reply).toMatchObject({ stop: "done", message: { text: "It says hello.", toolCalls: [] } });
    expect(messagesSent(server, 1).slice(1)).toEqual([
      { role: "user", content: "What is in a?" },
      { role: "assistant", content: `Let me look.\n\n${call}` },
      { role: "user", content: '<result of="read_file">\nhello\n</result>' },
    ]);
  });

  test("reads calls that another model made, and writes no tools even when none are on offer", async () => {
    const { server, provider } = await replying(["ok", "Sum."]);
    const conversation: Message[] = [
      hello,
      {
        role: "assistant",
        text: "",
        toolCalls: [
          { id: "1", name: "read_file", input: { path: "a" } },
          { id: "2", name: "write_file", input: { path: "b", content: "1\n2", mode: 7 } },
        ],
      },
      { role: "tool", callId: "1", name: "read_file", text: "A", isError: false, summary: "" },
      { role: "tool", callId: "2", name: "write_file", text: "no", isError: true, summary: "" },
    ];
    await ask(provider, { conversation, tools });
    await ask(provider, { conversation });
    const expected = [
      { role: "user", content: "What is in a?" },
      {
        role: "assistant",
        content:
          '```tool\n{"name":"read_file","arguments":{"path":"a"}}\n```\n\n' +
          '<tool name="write_file">\n<path>b</path>\n<content>\n1\n2\n</content>\n<mode>7</mode>\n</tool>',
      },
      {
        role: "user",
        content:
          '<result of="read_file">\nA\n</result>\n\n<result of="write_file" error="yes">\nno\n</result>',
      },
    ];
    expect(messagesSent(server, 0).slice(1)).toEqual(expected);
    expect(messagesSent(server, 1)).toEqual(expected);
  });

  test("is corrected three times for a call that cannot be read, and then given up", async () => {
    const broken = 'So:\n```tool\n{"name": "read_file", path: a}\n```';
    const { server, provider } = await replying([broken, broken, broken, broken]);
    let conversation: Message[] = [hello];
    for (const _ of [1, 2, 3]) {
      const { reply } = await ask(provider, { conversation, tools });
      expect(reply).toMatchObject({
        stop: "tool_calls",
        message: {
          text: "So:",
          toolCalls: [{ name: "read_file", input: {}, invalid: expect.stringContaining("not valid JSON") }],
        },
      });
      conversation = withReply(conversation, reply);
    }
    const last = messagesSent(server, 2).slice(-2);
    expect(last[0]?.content).toBe(broken);
    expect(last[1]?.content).toMatch(
      /^<result of="read_file" error="yes">\nThe call could not be read\. .*```tool\n/s,
    );
    const { error } = await ask(provider, { conversation, tools });
    expect(error).toMatchObject({ kind: "bad_reply", retryable: false });
  });

  test("gets a new chance after a call that could be read", async () => {
    const broken = "```tool\n{}\n```";
    const { provider } = await replying([broken, broken, broken, call, broken]);
    let conversation: Message[] = [hello];
    for (const _ of [1, 2, 3, 4, 5]) {
      const { reply } = await ask(provider, { conversation, tools });
      expect(reply?.stop).toBe("tool_calls");
      conversation = withReply(conversation, reply);
    }
  });

  test("cut off inside a call: the call is there to be answered, and does not run", async () => {
    const server = await ollamaServer({
      show: withoutTools,
      chat: (response) =>
        sendLines(response, [say({ content: call }), say({}, { ...end, done_reason: "length" })]),
    });
    const { reply } = await ask(withTextForm(await ollamaAt(server)), { conversation: [hello], tools });
    expect(reply).toMatchObject({
      stop: "tool_calls",
      message: { toolCalls: [{ input: {}, invalid: expect.stringContaining("cut off") }] },
    });
  });
});

test("a refusal of tools is remembered: the same request goes on in text form, and so do all that follow", async () => {
  const refusal = { error: "registry.ollama.ai/library/qwen3:8b does not support tools" };
  const { server, provider } = await replying([refusal, call, "Done."], qwen);
  const asked = await ask(provider, { conversation: [hello], tools });
  expect(asked.reply?.stop).toBe("tool_calls");
  await ask(provider, { conversation: withReply([hello], asked.reply), tools });
  expect(chats(server).map((body) => "tools" in body)).toEqual([true, false, false]);
});
