import { afterEach, beforeEach, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { adviceOf, refusalOf } from "./ask.ts";

type Json = Record<string, unknown>;

let server: WireServer;
beforeEach(async () => {
  server = await startWire("ollama", () => ({ text: "hi" }));
});
afterEach(() => server.close());

const user = { role: "user", content: "hello" };
const call = (id: string, args: unknown = {}) => ({ id, function: { name: "read_file", arguments: args } });
const asks = (...ids: string[]) => ({
  role: "assistant",
  content: "",
  tool_calls: ids.map((id) => call(id)),
});
const result = (id: string) => ({ role: "tool", tool_name: "read_file", tool_call_id: id, content: "42" });
const tool = (declaration: Json) => ({
  tools: [{ type: "function", function: { name: "f", ...declaration } }],
});

test.each<[symptom: string, changes: Json, status: number, message: string]>([
  ["no model", { model: undefined }, 400, "model is required"],
  [
    "a way to think that does not exist",
    { think: "hard" },
    400,
    'invalid think value: "hard" (must be "high", "medium", "low", "max", true, or false)',
  ],
  [
    "arguments that are a text",
    { messages: [user, { ...asks(), tool_calls: [call("a", "{}")] }, result("a")] },
    400,
    "json: cannot unmarshal string into Go struct field ChatRequest.messages.tool_calls.function.arguments of type " +
      "api.ToolCallFunctionArguments",
  ],
  [
    "content in parts",
    { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] },
    400,
    "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
  ],
  [
    "a property that is a boolean schema",
    tool({ parameters: { type: "object", properties: { x: false } } }),
    400,
    "json: cannot unmarshal bool into Go struct field ToolFunctionParameters.tools.function.parameters.properties of " +
      "type api.ToolProperty",
  ],
  [
    "a num_ctx that is a text",
    { options: { num_ctx: "8192" } },
    400,
    'option "num_ctx" must be of type integer',
  ],
  [
    "a text that is a number",
    { messages: [{ role: "user", content: 42 }] },
    400,
    "json: cannot unmarshal number into Go struct field ChatRequest.messages.content of type string",
  ],
  [
    "a format that does not exist",
    { format: "yaml" },
    400,
    'invalid format: "yaml"; expected "json" or a valid JSON Schema object',
  ],
  ["a time that is none", { keep_alive: "soon" }, 400, 'time: invalid duration "soon"'],
  [
    "a stream that is a text",
    { stream: "no" },
    400,
    "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool",
  ],
])("%s is refused", async (_symptom, changes, status, message) => {
  expect(await refusalOf(server, "ollama", changes)).toEqual({ status, message });
  expect(server.requests.at(-1)?.refusal).toEqual(message);
});

test.each<[symptom: string, changes: Json, advice: string]>([
  [
    "no num_ctx",
    { options: {} },
    "options.num_ctx is missing: most machines take 4096, and leave out the rest in silence",
  ],
  [
    "a call without a result",
    { messages: [user, asks("a", "b"), result("a")] },
    "1 calls have no tool message",
  ],
  [
    "a message between call and result",
    { messages: [user, asks("a"), user, result("a")] },
    "messages[2]: 1 calls before it have no tool message",
  ],
  [
    "a result without a call",
    { messages: [user, result("a")] },
    "messages[1]: a tool message without a call",
  ],
  [
    "a result without its tool's name",
    { messages: [user, asks("a"), { ...result("a"), tool_name: undefined }] },
    "messages[2]: tool_name is missing",
  ],
  [
    "the result of another call",
    { messages: [user, asks("a", "b"), result("b"), result("a")] },
    "messages[2]: expected the result of read_file a",
  ],
  [
    "an assistant message that says nothing",
    { messages: [user, { role: "assistant", content: "" }, user] },
    "messages[1]: an assistant message without content and calls",
  ],
  [
    "a role of OpenAI's",
    { messages: [{ ...user, role: "developer" }] },
    'messages[0]: most templates leave out a message of the role "developer"',
  ],
])("%s is taken, and advised against", async (_symptom, changes, advice) => {
  expect(await adviceOf(server, "ollama", changes)).toContain(advice);
});

test("a num_ctx that changes within a session is advised against, for it reloads the model", async () => {
  expect(await adviceOf(server, "ollama", { options: { num_ctx: 4096 } })).toEqual([]);
  const reloads = "options.num_ctx changed from 4096 to 8192, which reloads the model";
  expect(await adviceOf(server, "ollama", { options: { num_ctx: 8192 } })).toEqual([reloads]);
});

test("calls and results in order, with ids or without, are accepted", async () => {
  const withoutIds = asks("a", "b").tool_calls.map(({ function: made }) => ({ function: made }));
  const { tool_call_id: _id, ...bare } = result("a");
  const messages = [user, asks("a"), result("a"), { ...asks(), tool_calls: withoutIds }, bare, bare];
  expect(await adviceOf(server, "ollama", { messages })).toEqual([]);
});

test("tools and thinking are refused by a model that has neither", async () => {
  await using simple = await startWire("ollama", [{ text: "hi" }], {
    model: "gemma2:2b",
    capabilities: ["completion"],
  });
  const model = "gemma2:2b";
  expect(await refusalOf(simple, "ollama", { model })).toEqual({
    status: 400,
    message: "registry.ollama.ai/library/gemma2:2b does not support tools",
  });
  expect(await refusalOf(simple, "ollama", { model, tools: undefined, think: true })).toEqual({
    status: 400,
    message: '"gemma2:2b" does not support thinking',
  });
  const plain = { model, tools: undefined, think: false };
  expect(await refusalOf(simple, "ollama", plain)).toEqual({ status: 200, message: "" });
});

test("a model is found with its tag and without, and no other", async () => {
  await using only = await startWire("ollama", () => ({ text: "hi" }), { model: "qwen3.5" });
  const status = async (model: string) => await refusalOf(only, "ollama", { model });
  expect((await status("qwen3.5:latest")).status).toBe(200);
  expect((await status("qwen3.5")).status).toBe(200);
  expect(await status("other:7b")).toEqual({ status: 404, message: "model 'other:7b' not found" });
});
