import { afterAll, beforeAll, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { hello, post, readRefusal, refusalOf } from "./ask.ts";

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
const asks = (...ids: string[]) => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map((id) => call(id)),
});
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "42" });
const tool = (declaration: object) => ({ tools: [{ type: "function", function: declaration }] });
const schema = { type: "object", properties: { path: { type: "string" } } };
const longId = `call_${"x".repeat(40)}`;
const mustFollow =
  "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The " +
  "following tool_call_ids did not have response messages: ";
const orphan =
  "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";

test.each<[symptom: string, changes: Record<string, unknown>, message: string]>([
  ["an unknown parameter", { num_ctx: 4096 }, "Unrecognized request argument supplied: num_ctx"],
  ["no model", { model: undefined }, "Missing required parameter: 'model'."],
  ["no messages", { messages: undefined }, "Missing required parameter: 'messages'."],
  [
    "empty messages",
    { messages: [] },
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
  ],
  [
    "stream_options without stream",
    { stream: undefined, stream_options: { include_usage: true } },
    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
  ],
  [
    "a call without an answer",
    { messages: [user, asks("call_a", "call_b"), result("call_a")] },
    `${mustFollow}call_b`,
  ],
  [
    "a message between call and answer",
    { messages: [user, asks("call_a"), user, result("call_a")] },
    `${mustFollow}call_a`,
  ],
  ["an answer without a call", { messages: [user, result("call_a")] }, orphan],
  [
    "two answers to one call",
    { messages: [user, asks("call_a"), result("call_a"), result("call_a")] },
    orphan,
  ],
  [
    "an id of 45 characters",
    { messages: [user, asks(longId), result(longId)] },
    "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a " +
      "string with length 45 instead.",
  ],
  [
    "arguments that are an object",
    {
      messages: [
        user,
        { role: "assistant", tool_calls: [{ ...call("call_a"), function: { name: "f", arguments: {} } }] },
      ],
    },
    "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string, but got an object instead.",
  ],
  [
    "an assistant message that says nothing",
    { messages: [user, { role: "assistant", content: null }, user] },
    "Invalid value for 'content': expected a string, got null.",
  ],
  [
    "an empty list of calls",
    { messages: [user, { role: "assistant", content: "hi", tool_calls: [] }] },
    "Invalid 'messages[1].tool_calls': empty array. Expected an array with minimum length 1, but got an empty array " +
      "instead.",
  ],
  [
    "an unknown role",
    { messages: [{ role: "model", content: "hi" }] },
    "Invalid value: 'model'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
  ],
  [
    "a field that messages do not have",
    { messages: [{ ...user, summary: "s" }] },
    "Unknown parameter: 'messages[0].summary'.",
  ],
  [
    "a flat tool",
    { tools: [{ type: "function", name: "f", parameters: schema }] },
    "Missing required parameter: 'tools[0].function'.",
  ],
  [
    "a tool name with a dot",
    tool({ name: "fs.read", parameters: schema }),
    "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern " +
      "'^[a-zA-Z0-9_-]+$'.",
  ],
  [
    "parameters that are no object schema",
    tool({ name: "f", parameters: {} }),
    "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
  ],
  [
    "a strict schema with an optional property",
    tool({ name: "f", strict: true, parameters: { ...schema, additionalProperties: false, required: [] } }),
    "Invalid schema for function 'f': In context=(), 'required' is required to be supplied and to be an array " +
      "including every key in properties. Missing 'path'.",
  ],
  [
    "tools for a model that has them on Responses only",
    { model: "gpt-6.1-sol" },
    "Function tools with reasoning_effort are not supported for gpt-6.1-sol in /v1/chat/completions. To use function " +
      "tools, use /v1/responses or set reasoning_effort to 'none'.",
  ],
  [
    "half of a surrogate pair",
    { messages: [{ role: "user", content: "\ud83d" }] },
    expect.stringMatching(/^We could not parse the JSON body of your request/),
  ],
])("%s is refused", async (_symptom, changes, message) => {
  expect(await refusalOf(server, "chat", changes)).toEqual({ status: 400, message });
  expect(server.requests.at(-1)?.refusal).toEqual(message);
});

test("calls that are answered in any order, and text beside them, are accepted", async () => {
  const messages = [
    user,
    { ...asks("call_a", "call_b"), content: "Both." },
    result("call_b"),
    result("call_a"),
  ];
  expect(await refusalOf(server, "chat", { messages })).toEqual({ status: 200, message: "" });
});

test("a wrong key and a missing one are refused", async () => {
  const withKey = async (authorization: string) =>
    readRefusal(await post(server, "chat", hello.chat, { headers: { authorization } }));
  expect(await withKey("Bearer sk-bad")).toEqual({
    status: 401,
    message:
      "Incorrect API key provided: sk-bad. You can find your API key at https://platform.openai.com/account/api-keys.",
  });
  expect(await withKey("")).toEqual({
    status: 401,
    message: expect.stringMatching(/^You didn't provide an API key/),
  });
});

test("a model that the server was not told of is not found", async () => {
  await using only = await startWire("chat", [], { model: "qwen" });
  const { status, message } = await refusalOf(only, "chat", { model: "other" });
  expect([status, message]).toEqual([
    404,
    "The model `other` does not exist or you do not have access to it.",
  ]);
  const headers = { authorization: `Bearer ${only.env.OPENAI_API_KEY}` };
  const models = await fetch(`${only.env.OPENAI_BASE_URL}/models`, { headers });
  expect(await models.json()).toMatchObject({ data: [{ id: "qwen" }] });
});
