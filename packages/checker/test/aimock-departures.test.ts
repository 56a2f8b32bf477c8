import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Where aimock departs from the real services. When one of these fails, aimock.long.test.ts can bend it less. */
const mock = new LLMock({ port: 0, strict: true });
const toolCalls = [{ name: "list_files", arguments: "{}" }];

beforeAll(async () => {
  await mock.on({}, { toolCalls }).start();
});
afterAll(() => mock.stop());

async function post(path: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(mock.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

const contents = [{ role: "user", parts: [{ text: "hello" }] }];
const messages = [{ role: "user", content: "hello" }];

test("Responses: the ids of items begin with fc-, and events have no sequence_number", async () => {
  const { text } = await post("/v1/responses", { model: "gpt-6.1-sol", input: messages, stream: true });
  expect(text).toContain('"id":"fc-');
  expect(text).not.toContain("sequence_number");
});

test("Gemini: the SDK's default, v1, is not there", async () => {
  const { status } = await post("/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse", { contents });
  expect(status).toBe(404);
});

test("Gemini: calls end with FUNCTION_CALL, and are not signed", async () => {
  const { text } = await post("/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse", { contents });
  expect(text).toContain('"finishReason":"FUNCTION_CALL"');
  expect(text).not.toContain("thoughtSignature");
});

test("Ollama: a model cannot be asked for what it can do", async () => {
  expect((await post("/api/show", { model: "qwen3" })).status).toBe(404);
});

test("Ollama: calls have no id and come before the last line, and all counts are 0", async () => {
  const { text } = await post("/api/chat", { model: "qwen3", messages });
  const [call, last] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(call).toMatchObject({
    done: false,
    message: { tool_calls: [{ function: { name: "list_files" } }] },
  });
  expect(call.message.tool_calls[0]).not.toHaveProperty("id");
  expect(last).toMatchObject({ done: true, prompt_eval_count: 0, eval_count: 0 });
});
