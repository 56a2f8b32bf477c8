import { afterAll, beforeAll, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { adviceOf, refusalOf } from "./ask.ts";

/** Messages as clients send them back. */

type Json = Record<string, unknown>;

let server: WireServer;
beforeAll(async () => {
  server = await startWire("chat", () => ({ text: "hi" }));
});
afterAll(() => server.close());

const user = { role: "user", content: "hello" };
const call = (id: string, args = "{}") => ({
  id,
  type: "function",
  function: { name: "read_file", arguments: args },
});
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "42" });

/** What `message.model_dump()` of openai-python's ChatCompletionMessage gives: every field, most of them None. */
const dumped = (message: Json) => ({
  content: null,
  refusal: null,
  role: "assistant",
  annotations: null,
  audio: null,
  function_call: null,
  tool_calls: null,
  ...message,
});

test.each<[what: string, messages: Json[]]>([
  ["openai-python's message, dumped", [user, dumped({ content: "hi", annotations: [] }), user]],
  ["openai-python's message with calls, dumped", [user, dumped({ tool_calls: [call("a")] }), result("a")]],
  [
    "openai-python's message that was parsed, dumped",
    [user, dumped({ content: '{"x":1}', parsed: { x: 1 }, tool_calls: null }), user],
  ],
  [
    "openai-python's calls that were parsed",
    [
      user,
      dumped({
        parsed: null,
        tool_calls: [
          { id: "a", type: "function", function: { name: "f", arguments: "{}", parsed_arguments: {} } },
        ],
      }),
      result("a"),
    ],
  ],
  [
    "openai-python's message, with only what was set",
    [user, { role: "assistant", content: "hi", refusal: null, annotations: [] }, user],
  ],
  ["a refusal", [user, { role: "assistant", content: null, refusal: "I will not." }, user]],
  ["a refusal in parts", [user, { role: "assistant", content: [{ type: "refusal", refusal: "No." }] }, user]],
  ["spoken words, by their id", [user, { role: "assistant", audio: { id: "audio_1" } }, user]],
  ["reasoning of DeepSeek's", [user, { role: "assistant", content: "hi", reasoning_content: "Hm." }, user]],
  [
    "a call of a function, and its result",
    [
      user,
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "42" },
    ],
  ],
  [
    "a call of a custom tool",
    [
      user,
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "a", type: "custom", custom: { name: "sh", input: "ls" } }],
      },
      result("a"),
    ],
  ],
  [
    "an image, a sound and a file",
    [
      {
        role: "user",
        name: "ada",
        content: [
          { type: "text", text: "Look." },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "low" } },
          { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
          { type: "file", file: { file_id: "file-1" } },
        ],
      },
    ],
  ],
  [
    "a developer's words in parts",
    [{ role: "developer", content: [{ type: "text", text: "Be brief." }] }, user],
  ],
  [
    "an id that the model gave twice",
    [user, { role: "assistant", tool_calls: [call("a"), call("a")] }, result("a"), result("a")],
  ],
  [
    "an id that the model gave twice, answered once",
    [user, { role: "assistant", tool_calls: [call("a"), call("a")] }, result("a")],
  ],
  [
    "the same id in two replies",
    [
      user,
      { role: "assistant", tool_calls: [call("a")] },
      result("a"),
      { role: "assistant", tool_calls: [call("a")] },
      result("a"),
    ],
  ],
])("%s is taken", async (_what, messages) => {
  expect(await adviceOf(server, "chat", { messages })).toEqual([]);
});

test.each<[symptom: string, messages: Json[], message: string]>([
  [
    "three answers to an id that came twice",
    [user, { role: "assistant", tool_calls: [call("a"), call("a")] }, result("a"), result("a"), result("a")],
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
  ],
  [
    "an image from a tool",
    [
      user,
      { role: "assistant", tool_calls: [call("a")] },
      { ...result("a"), content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] },
    ],
    "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user', but this message with role " +
      "'tool' contains an image URL.",
  ],
  [
    "an image that is a text",
    [{ role: "user", content: [{ type: "image_url", image_url: "https://example.com/a.png" }] }],
    "Invalid type for 'messages[0].content[0].image_url': expected an object, but got a string instead.",
  ],
  [
    "a part of Responses",
    [{ role: "user", content: [{ type: "input_text", text: "hi" }] }],
    "Invalid value: 'input_text'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and " +
      "'file'.",
  ],
  [
    "a part without its text",
    [{ role: "user", content: [{ type: "text" }] }],
    "Missing required parameter: 'messages[0].content[0].text'.",
  ],
  [
    "a function's result without its name",
    [user, { role: "function", content: "42" }],
    "Missing required parameter: 'messages[1].name'.",
  ],
  [
    "a null from the user",
    [{ role: "user", content: null }],
    "Invalid value for 'content': expected a string, got null.",
  ],
])("%s is refused", async (_symptom, messages, message) => {
  expect(await refusalOf(server, "chat", { messages })).toEqual({ status: 400, message });
});

test("arguments that are no JSON are taken, as OpenAI takes them, and advised against", async () => {
  const messages = [user, { role: "assistant", tool_calls: [call("a", '{"path":')] }, result("a")];
  expect(await adviceOf(server, "chat", { messages })).toEqual([
    "messages[1].tool_calls[0].function.arguments is not JSON, which the templates of compatible servers cannot read",
  ]);
});

test("custom tools are taken, and the choice of one", async () => {
  const tools = [{ type: "custom", custom: { name: "sh", description: "Runs.", format: { type: "text" } } }];
  const choice = { type: "custom", custom: { name: "sh" } };
  expect(await adviceOf(server, "chat", { tools, tool_choice: choice, parallel_tool_calls: false })).toEqual(
    [],
  );
});

test("a model that thinks takes neither max_tokens nor a temperature", async () => {
  const ask = (changes: Json) =>
    refusalOf(server, "chat", { model: "gpt-5.5", tools: undefined, ...changes });
  expect((await ask({ max_tokens: 100 })).message).toBe(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  );
  expect((await ask({ temperature: 0.2 })).message).toBe(
    "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
  );
  expect((await ask({ temperature: 1, max_completion_tokens: 100, verbosity: "low" })).status).toBe(200);
  expect((await refusalOf(server, "chat", { max_tokens: 100, temperature: 0.2 })).status).toBe(200);
});
