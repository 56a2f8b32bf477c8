import { expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chunk, scripted } from "../../test/gemini.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;
const call = { functionCall: { name: "grep", args: { pattern_text: "x" } } };

test("the other spelling of a protobuf's JSON is read, and arguments stay as they are", async () => {
  const part = { function_call: call.functionCall, thought_signature: "sig" };
  const { gemini } = await scripted([
    [
      {
        candidates: [{ content: { parts: [part] }, finish_reason: 1 }],
        usage_metadata: { prompt_token_count: 9 },
      },
    ],
  ]);
  const { reply } = await ask(gemini, hello);
  expect(reply).toMatchObject({
    stop: "tool_calls",
    usage: { input: 9 },
    message: { toolCalls: [{ name: "grep", input: { pattern_text: "x" } }] },
  });
  expect(reply?.message.native?.data).toEqual([{ ...call, thoughtSignature: "sig" }]);
});

test.each(["stop", "FUNCTION_CALL", "tool_calls", "END_TURN"])(
  "%s ends a reply as STOP does",
  async (reason) => {
    const { gemini } = await scripted([[chunk([call], reason)]]);
    expect((await ask(gemini, hello)).reply?.stop).toBe("tool_calls");
  },
);

test("a space around a name is no part of it", async () => {
  const { gemini } = await scripted([[chunk([{ functionCall: { name: " grep\n", args: {} } }], "STOP")]]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.message.toolCalls[0]?.name).toBe("grep");
  expect(reply?.message.native?.data).toEqual([{ functionCall: { name: "grep", args: {} } }]);
});
