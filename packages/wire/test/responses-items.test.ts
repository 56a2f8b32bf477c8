import { afterAll, beforeAll, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { adviceOf, hello, post, readRefusal, refusalOf } from "./ask.ts";

/** Input and tools beyond the plain ones: what Responses takes, and where it draws the line. */

type Json = Record<string, unknown>;

let server: WireServer;
beforeAll(async () => {
  server = await startWire("responses", () => ({ text: "hi" }));
});
afterAll(() => server.close());

const user = { role: "user", content: "hello" };
const fn = (name: string) => ({ type: "function", name, strict: false });
const added = (...tools: Json[]) => ({ type: "additional_tools", id: "at_1", role: "developer", tools });

test.each<[what: string, changes: Json]>([
  [
    "a call as openai-python dumps it",
    {
      input: [
        user,
        {
          type: "function_call",
          id: null,
          call_id: "a",
          name: "f",
          arguments: "{}",
          namespace: null,
          status: null,
        },
        { type: "function_call_output", call_id: "a", output: [{ type: "input_text", text: "42" }] },
      ],
    },
  ],
  [
    "an id that the model gave twice",
    {
      input: [
        user,
        ...[1, 2].map(() => ({ type: "function_call", call_id: "a", name: "f", arguments: "{}" })),
        { type: "function_call_output", call_id: "a", output: "42" },
      ],
    },
  ],
  [
    "arguments that are no JSON",
    {
      input: [
        user,
        { type: "function_call", call_id: "a", name: "f", arguments: '{"path":' },
        { type: "function_call_output", call_id: "a", output: "42" },
      ],
    },
  ],
  [
    "a custom tool, its call and its output",
    {
      tools: [
        {
          type: "custom",
          name: "apply_patch",
          format: { type: "grammar", syntax: "lark", definition: "start: /a/" },
        },
      ],
      input: [
        user,
        { type: "custom_tool_call", call_id: "a", name: "apply_patch", input: "*** Begin" },
        { type: "custom_tool_call_output", call_id: "a", output: "done" },
      ],
    },
  ],
  [
    "tools that came later",
    {
      input: [added({ type: "namespace", name: "files", description: "", tools: [fn("read")] }), user],
      tools: undefined,
      tool_choice: "auto",
    },
  ],
  [
    "tools that the service runs",
    {
      tools: [
        { type: "web_search" },
        { type: "image_generation" },
        { type: "local_shell" },
        { type: "tool_search" },
      ],
    },
  ],
  [
    "items of tools that the service ran",
    { input: [user, { type: "web_search_call", id: "ws_1", status: "completed", action: {} }] },
  ],
  [
    "settings of codex",
    {
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "xhigh", summary: "auto" },
      text: { verbosity: "low" },
      parallel_tool_calls: true,
      prompt_cache_key: "0199",
      client_metadata: { thread: "1" },
      truncation: "auto",
    },
  ],
  ["an older model, with a temperature", { model: "gpt-4.1", temperature: 0, reasoning: undefined }],
  ["a choice of hosted tools", { tools: [{ type: "web_search" }], tool_choice: { type: "web_search" } }],
])("%s is taken", async (_what, changes) => {
  expect(await adviceOf(server, "responses", changes)).toEqual([]);
});

test.each<[what: string, changes: Json, advice: string]>([
  [
    "a response that is kept",
    { store: true },
    "store is not false: the service keeps the conversation for 30 days",
  ],
  [
    "no word about keeping",
    { store: undefined },
    "store is not false: the service keeps the conversation for 30 days",
  ],
  [
    "a tool without strict",
    { tools: [{ type: "function", name: "f" }] },
    "tools[0].strict is left out: the service then rewrites the schema, so that every argument is required",
  ],
])("%s is taken, and advised against", async (_what, changes, advice) => {
  expect(await adviceOf(server, "responses", changes)).toEqual([advice]);
});

test.each<[symptom: string, changes: Json, message: unknown]>([
  [
    "an item that does not exist",
    { input: [{ type: "thought" }] },
    expect.stringMatching(/^Invalid value: 'thought'\. Supported values are: .*'function_call', /),
  ],
  [
    "a tool that does not exist",
    { tools: [{ type: "browser" }] },
    expect.stringMatching(/^Invalid value: 'browser'\. Supported values are: 'apply_patch', /),
  ],
  [
    "a name that comes twice, once among the items",
    { input: [added(fn("f")), user], tools: [fn("f")] },
    "Tool names must be unique.",
  ],
  [
    "a custom call without its output",
    { input: [user, { type: "custom_tool_call", call_id: "a", name: "f", input: "" }] },
    "No tool output found for custom tool call a.",
  ],
  [
    "an item that is kept nowhere",
    { input: [{ type: "item_reference", id: "msg_1" }] },
    expect.stringContaining("Item with id 'msg_1' not found."),
  ],
  [
    "a response that is kept nowhere",
    { previous_response_id: "resp_1" },
    "Previous response with id 'resp_1' not found.",
  ],
  ["what cannot be included", { include: ["thoughts"] }, expect.stringMatching(/^Invalid value: 'thoughts'/)],
  [
    "a part without its text",
    { input: [{ role: "user", content: [{ type: "input_text" }] }] },
    "Missing required parameter: 'input[0].content[0].text'.",
  ],
])("%s is refused", async (_symptom, changes, message) => {
  expect((await refusalOf(server, "responses", changes)).message).toEqual(message);
});

test("a response of which nothing is kept cannot be gone on from", async () => {
  const answer = await post(server, "responses", { ...hello.responses, stream: false, store: false });
  const { id } = (await answer.json()) as { id: string };
  expect(id).toMatch(/^resp_/);
  expect((await refusalOf(server, "responses", { previous_response_id: id })).message).toBe(
    `Previous response with id '${id}' not found.`,
  );
  const headers = { authorization: `Bearer ${server.env.OPENAI_API_KEY}` };
  const found = await readRefusal(await fetch(`${server.url}/v1/responses/${id}`, { headers }));
  expect(found).toEqual({ status: 404, message: `Response with id '${id}' not found.` });
});
