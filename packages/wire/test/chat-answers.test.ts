import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { type ScriptedReply, startWire, type WireOptions, type WireServer } from "../src/index.ts";

const parameters = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };
const tools = [
  { type: "function" as const, function: { name: "read_file", description: "Reads.", parameters } },
];

let server: WireServer | undefined;
afterEach(() => server?.close());

async function client(reply: ScriptedReply, options?: WireOptions): Promise<OpenAI> {
  server = await startWire("chat", [reply], options);
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = server.env;
  return new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
}

/** Reads a stream the way an agent would: text, calls by index, the last finish reason and usage. */
async function ask(openai: OpenAI) {
  const stream = await openai.chat.completions.create({
    model: "local-model",
    messages: [{ role: "user", content: "hello" }],
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  const seen = { text: "", calls: [] as { id: string; name: string; args: string }[], finish: "", usage: {} };
  for await (const { choices, usage } of stream) {
    const [choice] = choices;
    seen.text += choice?.delta.content ?? "";
    for (const { index, id, function: part } of choice?.delta.tool_calls ?? []) {
      if (id) seen.calls[index] = { id, name: part?.name ?? "", args: "" };
      const call = seen.calls[index];
      if (call) call.args += part?.arguments ?? "";
    }
    seen.finish = choice?.finish_reason ?? seen.finish;
    if (usage) seen.usage = usage;
  }
  return seen;
}

describe.each([undefined, 1, 7, "awkward"] as const)("cut at %s", (chunkBytes) => {
  test("text and parallel calls arrive whole through the real SDK", async () => {
    const text = "Grüße, 世界 👩‍👩‍👧 and data: too\n\ndone";
    const calls = [
      { name: "read_file", input: { path: "a/ä.md" }, id: "call_1" },
      { name: "read_file", input: { path: "b".repeat(40) } },
    ];
    const options = chunkBytes === undefined ? {} : { chunkBytes };
    const seen = await ask(
      await client({ text, calls, usage: { input: 20, cached: 5, output: 7 } }, options),
    );
    expect(seen.text).toBe(text);
    expect(seen.finish).toBe("tool_calls");
    expect(seen.calls[0]).toEqual({ id: "call_1", name: "read_file", args: '{"path":"a/ä.md"}' });
    expect(seen.calls[1]?.id).toMatch(/^call_[0-9a-f]{24}$/);
    expect(seen.calls[1]?.args).toBe(`{"path":"${"b".repeat(40)}"}`);
    expect(seen.usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 });
  });
});
