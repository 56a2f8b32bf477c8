import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { hello, post, readRefusal, refusalOf } from "./ask.ts";

type Item = Record<string, unknown>;

let server: WireServer;
beforeEach(async () => {
  server = await startWire("responses", [
    { calls: [{ name: "read_file", input: { path: "a" }, id: "call_a" }] },
    { text: "fine" },
  ]);
});
afterEach(() => server.close());

const user = { role: "user", content: "hello" };
const call = (call_id: string) => ({ type: "function_call", call_id, name: "read_file", arguments: "{}" });
const result = (call_id: string) => ({ type: "function_call_output", call_id, output: "42" });
const tool = (changes: Item) => ({
  tools: [
    {
      type: "function",
      name: "f",
      parameters: { type: "object", properties: {} },
      strict: false,
      ...changes,
    },
  ],
});

test.each<[symptom: string, changes: Item, message: string]>([
  ["an unknown parameter", { stop: ["x"] }, "Unknown parameter: 'stop'."],
  [
    "Chat's messages",
    { messages: [] },
    expect.stringMatching(
      /^Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'/,
    ),
  ],
  ["Chat's max_tokens", { max_tokens: 100 }, expect.stringContaining("has moved to 'max_output_tokens'")],
  ["an empty input", { input: [] }, expect.stringMatching(/^One of "input" or "previous_response_id"/)],
  [
    "a call without output",
    { input: [user, call("call_x")] },
    "No tool output found for function call call_x.",
  ],
  [
    "an output without call",
    { input: [user, result("call_x")] },
    "No tool call found for function call output with call_id call_x.",
  ],
  [
    "two outputs for one call",
    { input: [user, call("call_x"), result("call_x"), result("call_x")] },
    "No tool call found for function call output with call_id call_x.",
  ],
  [
    "an output that is an object",
    { input: [user, call("call_x"), { ...result("call_x"), output: {} }] },
    "Invalid type for 'input[2].output': expected a string, but got an object instead.",
  ],
  [
    "a call id of 65 characters",
    { input: [user, call("x".repeat(65))] },
    "Invalid 'input[1].call_id': string too long. Expected a string with maximum length 64, but got a string with " +
      "length 65 instead.",
  ],
  [
    "a call's id that is none of the service's",
    { input: [user, { ...call("call_x"), id: "call_x" }, result("call_x")] },
    "Invalid 'input[1].id': 'call_x'. Expected an ID that begins with 'fc'.",
  ],
  [
    "an assistant's text as input",
    { input: [user, { role: "assistant", content: [{ type: "input_text", text: "hi" }] }] },
    "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
  ],
  [
    "a tool as in Chat",
    { tools: [{ type: "function", function: { name: "f" } }] },
    "Missing required parameter: 'tools[0].name'.",
  ],
  ["a tool with an unknown field", tool({ run: "x" }), "Unknown parameter: 'tools[0].run'."],
  [
    "a tool name with a space",
    tool({ name: "read file" }),
    "Invalid 'tools[0].name': string does not match pattern. Expected a string that matches the pattern " +
      "'^[a-zA-Z0-9_-]+$'.",
  ],
  [
    "parameters that are a string schema",
    tool({ parameters: { type: "string" } }),
    "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"string\"'.",
  ],
  [
    "a temperature for a model that reasons",
    { temperature: 0 },
    "Unsupported parameter: 'temperature' is not supported with this model.",
  ],
  [
    "an output limit that is too small",
    { max_output_tokens: 5 },
    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
  ],
])("%s is refused", async (_symptom, changes, message) => {
  expect(await refusalOf(server, "responses", changes)).toEqual({ status: 400, message });
  expect(server.requests.at(-1)?.refusal).toEqual(message);
});

describe("reasoning that the server issued", () => {
  /** The items of a first reply: reasoning, and a call. */
  async function firstOutput(changes: Item = {}): Promise<[Item, Item]> {
    const stream = await (await post(server, "responses", { ...hello.responses, ...changes })).text();
    const last = stream.trim().split("\n").at(-1)?.slice("data: ".length) ?? "";
    return JSON.parse(last).response.output;
  }

  const next = (...input: Item[]) =>
    refusalOf(server, "responses", { input: [user, ...input, result("call_a")] });

  test("comes back unchanged, with what it led to", async () => {
    const [reasoning, made] = await firstOutput();
    expect(await next(reasoning, made)).toEqual({ status: 200, message: "" });
  });

  test("is refused when its content was changed", async () => {
    const [reasoning, made] = await firstOutput();
    const changed = { ...reasoning, encrypted_content: `${reasoning.encrypted_content}x` };
    expect(await next(changed, made)).toEqual({
      status: 400,
      message: expect.stringMatching(
        /^The encrypted content gAAA\.\.\.\w{3}x could not be verified\. Reason: /,
      ),
    });
  });

  test("is refused when only its first, incomplete content comes back", async () => {
    const [reasoning, made] = await firstOutput();
    const early = { ...reasoning, encrypted_content: String(reasoning.encrypted_content).slice(0, 45) };
    expect((await next(early, made)).message).toContain("could not be verified");
  });

  test("is refused without its content, which comes only to those who ask for it", async () => {
    const [reasoning, made] = await firstOutput({ include: undefined });
    expect(reasoning.encrypted_content).toBeUndefined();
    expect(await next(reasoning, made)).toEqual({
      status: 404,
      message:
        `Item with id '${reasoning.id}' not found. Items are not persisted when \`store\` is set to false. Try again ` +
        "with `store` set to true, or remove this item from your input.",
    });
  });

  test("is refused without the call that it led to", async () => {
    const [reasoning] = await firstOutput();
    expect(await next(reasoning, call("call_a"))).toEqual({ status: 200, message: "" });
    expect(await next(reasoning, user, call("call_a"))).toEqual({
      status: 400,
      message: `Item '${reasoning.id}' of type 'reasoning' was provided without its required following item.`,
    });
  });

  test("is missed when the call comes back without it", async () => {
    const [reasoning, made] = await firstOutput();
    expect(await next(made)).toEqual({
      status: 400,
      message:
        `Item '${made.id}' of type 'function_call' was provided without its required 'reasoning' item: ` +
        `'${reasoning.id}'.`,
    });
    const { id: _id, ...foreign } = made;
    expect(await next(foreign)).toEqual({ status: 200, message: "" });
  });
});

test("a key that is not the server's is refused, and shown with stars", async () => {
  const init = { headers: { authorization: "Bearer sk-proj-abcdefghijklmnop" } };
  const { status, message } = await readRefusal(await post(server, "responses", hello.responses, init));
  expect([status, message]).toEqual([401, expect.stringContaining("provided: sk-proj-************mnop.")]);
});
