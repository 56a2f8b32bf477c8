import { serve } from "@eightfold/core/test/scratch-server";
import { expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chunk, scripted, sendChunks } from "../../test/gemini.ts";
import { openGemini } from "./index.ts";

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

test.each([" grep\n", "default_api.grep", "default_api:grep"])(
  "what a model puts around a name is no part of it: %j",
  async (name) => {
    const { gemini } = await scripted([[chunk([{ functionCall: { name, args: {} } }], "STOP")]]);
    const { reply } = await ask(gemini, hello);
    expect(reply?.message.toolCalls[0]?.name).toBe("grep");
    expect(reply?.message.native?.data).toEqual([{ functionCall: { name: "grep", args: {} } }]);
  },
);

test.each(["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR"])(
  "%s is a refusal like those of texts",
  async (reason) => {
    const { gemini } = await scripted([[chunk([{ text: "Hm" }], reason)]]);
    expect((await ask(gemini, hello)).reply).toMatchObject({ stop: "refused", message: { text: "Hm" } });
  },
);

test("a refusal with a message says why, and a key in it is not told", async () => {
  const finishMessage = "The reply would have held key-1-of-mine.";
  const { server } = await scripted([
    [{ candidates: [{ finishReason: "SAFETY", finishMessage }] }],
    [chunk([{ text: "Hm" }]), { candidates: [{ finishReason: "RECITATION", finishMessage }] }],
  ]);
  const env = { GEMINI_API_KEY: "key-1-of-mine", GOOGLE_GEMINI_BASE_URL: server.url };
  const gemini = openGemini("m", env);
  const words = "The reply would have held [key].";
  const { reply, deltas } = await ask(gemini, hello);
  expect(reply).toMatchObject({ stop: "refused", message: { text: `SAFETY: ${words}` } });
  expect(deltas).toEqual([{ type: "text_delta", text: `SAFETY: ${words}` }]);
  expect((await ask(gemini, hello)).reply?.message.text).toBe(`Hm\n\nRECITATION: ${words}`);
});

test("a call in pieces that the output limit cuts is not asked for again", async () => {
  const begun = { functionCall: { name: "grep", willContinue: true } };
  const { gemini } = await scripted([[chunk([{ text: "So:" }, begun], "MAX_TOKENS")]]);
  expect((await ask(gemini, hello)).reply).toMatchObject({
    stop: "length",
    message: { text: "So:", toolCalls: [] },
  });
});

// https://github.com/earendil-works/pi/pull/303
test("thoughts that a model leaves in its text are shown as thoughts, and go back as they came", async () => {
  const texts = ["<think", "ing>Hm.</thinking>\n", "\nHi."];
  const { gemini } = await scripted([
    texts.map((text, at) => chunk([{ text }], at === 2 ? "STOP" : undefined)),
  ]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.message).toMatchObject({ text: "Hi.", reasoning: "Hm." });
  expect(reply?.message.native?.data).toEqual([{ text: texts.join("") }]);
});

test("a reason for blocking that quotes the key is told without it", async () => {
  const blockReasonMessage = "The key of-a-user-0123456789 is blocked.";
  const promptFeedback = { blockReason: "OTHER", blockReasonMessage };
  const server = await serve((_, response) => sendChunks(response, [{ promptFeedback }]));
  const env = { GEMINI_API_KEY: "of-a-user-0123456789", GOOGLE_GEMINI_BASE_URL: server.url };
  const { error } = await ask(openGemini("m", env), hello);
  expect(error?.message).toBe("Gemini refused the request (The key [key] is blocked.).");
});

test("a reply of nothing but counts is asked for again", async () => {
  const { gemini } = await scripted([[{ usageMetadata: { promptTokenCount: 5 }, modelVersion: "m" }]]);
  expect((await ask(gemini, hello)).error).toMatchObject({ kind: "cut_off", retryable: true });
});
