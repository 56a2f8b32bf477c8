import { type Message, Ollama, type ToolCall } from "ollama";
import { afterEach, describe, expect, test } from "vitest";
import { type Script, startWire, type WireOptions, type WireServer } from "../src/index.ts";

const parameters = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };
const tools = [{ type: "function", function: { name: "read_file", description: "Reads.", parameters } }];

let server: WireServer | undefined;
afterEach(() => server?.close());

async function client(script: Script, options?: WireOptions): Promise<Ollama> {
  server = await startWire("ollama", script, options);
  return new Ollama({ host: server.url });
}

/** A reply put together from its lines, and on which of them calls came. */
async function ask(ollama: Ollama, messages: Message[], num_ctx = 8192) {
  const request = { model: "qwen3.5", messages, tools, options: { num_ctx } };
  const message = { role: "assistant", content: "", thinking: "", tool_calls: [] as ToolCall[] };
  const callsOn: boolean[] = [];
  let prompt = 0;
  for await (const line of await ollama.chat({ ...request, stream: true })) {
    message.content += line.message.content;
    message.thinking += line.message.thinking ?? "";
    message.tool_calls.push(...(line.message.tool_calls ?? []));
    if (line.message.tool_calls) callsOn.push(line.done);
    if (line.done) prompt = line.prompt_eval_count;
  }
  return { message, callsOn, prompt };
}

/** The messages to go on with: the reply, and a result for each of its calls. */
function answered(message: Message): Message[] {
  const results = (message.tool_calls ?? []).map((call) => ({
    role: "tool",
    content: "42",
    tool_name: call.function.name,
    ...("id" in call && { tool_call_id: call.id }),
  }));
  return [message, ...results];
}

const hello: Message[] = [{ role: "user", content: "hello" }];

describe.each([undefined, 1, 7, "awkward"] as const)("cut at %s", (chunkBytes) => {
  test("thinking, text and calls arrive whole through the real SDK, and may be sent back", async () => {
    const text = "Grüße, 世界 👩‍👩‍👧\n";
    const calls = [
      { name: "read_file", input: { path: "ä.md" } },
      { name: "read_file", input: { path: "b" }, id: "call_2" },
    ];
    const options = chunkBytes === undefined ? {} : { chunkBytes };
    const script = [{ reasoning: "Two files.", text, calls }, { calls }, { text: "fine" }];
    const ollama = await client(script, options);
    const first = await ask(ollama, hello);
    expect(first.message).toMatchObject({ content: text, thinking: "Two files." });
    expect(first.message.tool_calls).toMatchObject([
      {
        id: expect.stringMatching(/^call_[0-9a-f]{8}$/),
        function: { index: 0, arguments: { path: "ä.md" } },
      },
      { id: "call_2", function: { index: 1, name: "read_file", arguments: { path: "b" } } },
    ]);
    const history = [...hello, ...answered(first.message)];
    const second = await ask(ollama, history);
    const third = await ask(ollama, [...history, ...answered(second.message)]);
    expect(third.message.content).toBe("fine");
    expect([first.callsOn, second.callsOn]).toEqual([[true], [false, false]]);
    expect(server?.requests.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined]);
  });
});

test("what the model can do, how long its context is and what is loaded can be asked", async () => {
  const ollama = await client([{ text: "hi" }], { capabilities: ["completion"], contextLength: 4096 });
  const { capabilities, model_info } = await ollama.show({ model: "qwen3.5" });
  expect(capabilities).toEqual(["completion"]);
  expect(model_info).toMatchObject({ "general.architecture": "qwen35", "qwen35.context_length": 4096 });
  expect((await ollama.list()).models.map(({ name }) => name)).toEqual(["qwen3.5:latest"]);
  expect((await ollama.ps()).models).toEqual([]);
  for await (const _ of await ollama.chat({
    model: "qwen3.5",
    messages: hello,
    stream: true,
    options: { num_ctx: 2048 },
  })) {
  }
  expect((await ollama.ps()).models).toMatchObject([{ name: "qwen3.5:latest", context_length: 2048 }]);
  expect((await ollama.version()).version).toMatch(/^0\./);
  await using only = await startWire("ollama", [], { model: "qwen3.5" });
  const strict = new Ollama({ host: only.url });
  await expect(strict.show({ model: "other" })).rejects.toThrow("model 'other' not found");
});

test("a prompt that is too long for num_ctx is cut in silence, and only the count tells", async () => {
  const ollama = await client([{ text: "a" }, { text: "b" }]);
  const long = { role: "user", content: "word ".repeat(800) };
  const { prompt: whole } = await ask(ollama, [long], 2048);
  const { prompt: cut } = await ask(ollama, [long, { role: "assistant", content: "a" }, long, long], 2048);
  expect(whole).toBeGreaterThan(1000);
  expect(cut).toBeLessThan(2048);
});

test("with truncate: false a prompt that is too long is refused", async () => {
  const ollama = await client([{ text: "a" }]);
  const messages = [{ role: "user", content: "word ".repeat(2000) }];
  const request = { model: "qwen3.5", messages, options: { num_ctx: 2048 }, truncate: false };
  const stream = ollama.chat({ ...request, stream: true });
  await expect(stream).rejects.toMatchObject({
    status_code: 400,
    message: expect.stringContaining("exceeds the available context size (2048 tokens)"),
  });
});
