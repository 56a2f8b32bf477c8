import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, test } from "vitest";
import { type Script, startWire, type WireOptions, type WireServer } from "../src/index.ts";
import { post, readRefusal, refusalOf } from "./ask.ts";

let server: WireServer | undefined;
afterEach(() => server?.close());

async function client(script: Script, options?: WireOptions): Promise<Anthropic> {
  server = await startWire("anthropic", script, options);
  const { ANTHROPIC_API_KEY: apiKey = "", ANTHROPIC_BASE_URL: baseURL = "" } = server.env;
  return new Anthropic({ apiKey, baseURL, maxRetries: 0 });
}

const model = "claude-opus-5-5";
const tools: Anthropic.Tool[] = [{ name: "read_file", input_schema: { type: "object" } }];
const thinking = { type: "adaptive", display: "summarized" } as const;
const hello: Anthropic.MessageParam = { role: "user", content: "Hello, Claude" };

test("the first example of the SDK's README", async () => {
  const anthropic = await client([{ text: "Hi." }]);
  const message = await anthropic.messages.create({ max_tokens: 1024, messages: [hello], model });
  expect(message.content).toEqual([{ type: "text", text: "Hi." }]);
});

test("tools that Anthropic has defined need no schema, and their calls have one", async () => {
  const anthropic = await client([{ text: "Hi." }]);
  const own: Anthropic.ToolUnion[] = [
    { type: "text_editor_20250728", name: "str_replace_based_edit_tool" },
    { type: "bash_20250124", name: "bash" },
  ];
  await anthropic.messages.create({ max_tokens: 99, messages: [hello], model, tools: own });
  const { tools: seen = [] } = server?.requests[0]?.view ?? {};
  expect(seen.map(({ name }) => name)).toEqual(["str_replace_based_edit_tool", "bash"]);
  expect(seen[1]?.parameters).toEqual({ type: "object", properties: { command: { type: "string" } } });
});

describe.each([undefined, 1, "awkward"] as const)("cut at %s", (chunkBytes) => {
  test("thoughts, text and calls arrive whole through the real SDK, and may be sent back", async () => {
    const calls = [
      { name: "read_file", input: { path: "ä.md" } },
      { name: "read_file", input: { path: "b" } },
    ];
    const script = [{ reasoning: "Two files.", text: "Grüße, 世界 👩‍👩‍👧", calls }, { text: "fine" }];
    const anthropic = await client(script, chunkBytes === undefined ? {} : { chunkBytes });
    const ask = (messages: Anthropic.MessageParam[]) =>
      anthropic.messages.stream({ model, max_tokens: 99, thinking, tools, messages }).finalMessage();
    const first = await ask([hello]);
    expect(first.stop_reason).toBe("tool_use");
    expect(first.content).toMatchObject([
      { type: "thinking", thinking: "Two files.", signature: expect.stringMatching(/./) },
      { type: "text", text: "Grüße, 世界 👩‍👩‍👧" },
      { type: "tool_use", input: { path: "ä.md" } },
      { type: "tool_use", input: { path: "b" } },
    ]);
    const results = first.content.flatMap((block) =>
      block.type === "tool_use" ? [{ type: "tool_result" as const, tool_use_id: block.id }] : [],
    );
    const turns = [hello, { role: "assistant", content: first.content }, { role: "user", content: results }];
    expect((await ask(turns as Anthropic.MessageParam[])).content).toMatchObject([{ text: "fine" }]);
    const changed = JSON.parse(JSON.stringify(turns).replace("Two files.", "Three."));
    expect(await refusalOf(server as WireServer, "anthropic", { messages: changed })).toEqual({
      status: 400,
      message: expect.stringContaining("cannot be modified"),
    });
  });
});

describe("refused:", () => {
  const ephemeral = { type: "ephemeral" };
  const text = { type: "text", text: "a" };
  const call = { type: "tool_use", id: "a", name: "read_file", input: {} };
  const schema = (rest: object) => ({ tools: [{ name: "t", input_schema: { type: "object", ...rest } }] });
  const turns = (...contents: unknown[]) => ({
    messages: contents.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content })),
  });
  test.each<[string, Record<string, unknown>]>([
    ["max_tokens: Field required", { max_tokens: undefined }],
    ["temperature: Extra inputs are not permitted", { temperature: 1 }],
    ["text content blocks must be non-empty", turns([{ type: "text", text: "" }])],
    ["Found 5", turns(Array(5).fill({ ...text, cache_control: ephemeral }))],
    ["without `tool_result` blocks immediately after: a", turns("go", [call], "on")],
    ["unexpected `tool_use_id`", turns([{ type: "tool_result", tool_use_id: "b" }])],
    ["Invalid `signature`", turns("go", [{ type: "thinking", thinking: "", signature: "x" }, text], "on")],
    ["does not support assistant message prefill", turns("go", "So")],
    ["Tool names must be unique", { tools: [tools[0], tools[0]] }],
    ['"thinking.type.enabled" is not supported', { thinking: { type: "enabled", budget_tokens: 1024 } }],
    ["tool_choice: Input should be a valid dictionary", { tool_choice: "auto" }],
    ["tool_choice: Input tag 'required' found", { tool_choice: { type: "required" } }],
    ["tool_choice.tool.name: Field required", { tool_choice: { type: "tool" } }],
    ["Tool 'x' not found in provided tools", { tool_choice: { type: "tool", name: "x" } }],
    ["are not supported for this model", { tool_choice: { type: "any" } }],
    [
      "are not supported for this model",
      { tool_choice: { type: "tool", name: "read_file" }, thinking: undefined },
    ],
    ["must match JSON Schema draft 2020-12", schema({ properties: { a: { type: "text" } } })],
    ["must match JSON Schema draft 2020-12", schema({ required: ["a", "a"] })],
    ["must match JSON Schema draft 2020-12", schema({ properties: { a: { exclusiveMinimum: true } } })],
    ["must match JSON Schema draft 2020-12", schema({ properties: { a: { enum: "b" } } })],
    ["must match JSON Schema draft 2020-12", schema({ properties: { a: { items: [] } } })],
    ["must match JSON Schema draft 2020-12", schema({ properties: [] })],
  ])("%s", async (message, changes) => {
    await client([]);
    expect((await refusalOf(server as WireServer, "anthropic", changes)).message).toContain(message);
  });
});

test("an older version takes a temperature, from 0 to 1; an older model may be made to call", async () => {
  await client(() => ({ text: "Hi." }));
  const ask = (more: object) => ({
    model: "claude-haiku-4-5",
    max_tokens: 99,
    messages: [hello],
    tools,
    ...more,
  });
  const key = server?.env.ANTHROPIC_API_KEY ?? "";
  const headers = { "x-api-key": key, "anthropic-version": "2023-06-01" };
  const refused = async (more: object) =>
    (await readRefusal(await post(server as WireServer, "anthropic", ask(more), { headers }))).message;
  expect(await refused({ temperature: 9 })).toBe("temperature: range: 0..1");
  expect(await refused({ temperature: "hot" })).toBe("temperature: Input should be a valid number");
  expect(await refused({ temperature: 1, tool_choice: { type: "any" } })).toBe("");
});

test("what a model refuses says so, and a call says who made it", async () => {
  const calls = [{ name: "read_file", input: {} }];
  const anthropic = await client([{ stop: "refused" }, { stop: "refused" }, { calls }]);
  const ask = { model, max_tokens: 99, messages: [hello], tools };
  const details = { type: "refusal", category: null, explanation: null };
  expect(await anthropic.messages.create(ask)).toMatchObject({
    stop_reason: "refusal",
    stop_details: details,
  });
  const streamed = await anthropic.messages.stream(ask).finalMessage();
  expect(streamed).toMatchObject({ stop_reason: "refusal", stop_details: details });
  const called = await anthropic.messages.create(ask);
  expect(called).toMatchObject({ stop_details: null, content: [{ caller: { type: "direct" } }] });
});

test("results may hold what was searched for, and tools that were found", async () => {
  await client(() => ({ text: "Hi." }));
  const found = { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "a" }] };
  const content = [found, { type: "tool_reference", tool_name: "read_file" }];
  const messages = [
    hello,
    { role: "assistant", content: [{ type: "tool_use", id: "a", name: "read_file", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content }] },
  ];
  const answer = await post(server as WireServer, "anthropic", { model, max_tokens: 99, messages, tools });
  expect((await readRefusal(answer)).message).toBe("");
});

test("a prompt is read from the cache up to the last mark that it shares with one before", async () => {
  await client([{ text: "a" }, { text: "b" }]);
  const marked = (text: string) => ({ type: "text", text, cache_control: { type: "ephemeral" } });
  const ask = async (...texts: string[]) => {
    const messages = [{ role: "user", content: texts.map(marked) }];
    const body = { model, max_tokens: 99, messages };
    const answer = await post(server as WireServer, "anthropic", body);
    return JSON.parse(await answer.text()).usage;
  };
  const first = await ask("one");
  const second = await ask("one", "two");
  expect(first).toMatchObject({ cache_read_input_tokens: 0 });
  expect(first.cache_creation_input_tokens).toBeGreaterThan(0);
  expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens);
});
