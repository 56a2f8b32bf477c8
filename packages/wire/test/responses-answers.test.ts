import OpenAI from "openai";
import { toResponseInputItems } from "openai/lib/responses/ResponseInputItems";
import type { Response, ResponseInput, ResponseStreamEvent } from "openai/resources/responses/responses";
import { afterEach, describe, expect, test } from "vitest";
import { type Script, startWire, type WireOptions, type WireServer } from "../src/index.ts";

const tools = [
  {
    type: "function" as const,
    name: "read_file",
    description: "Reads.",
    parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
    strict: false,
  },
];

let server: WireServer | undefined;
afterEach(() => server?.close());

async function client(script: Script, options?: WireOptions): Promise<OpenAI> {
  server = await startWire("responses", script, options);
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = server.env;
  return new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
}

async function ask(openai: OpenAI, input: ResponseInput): Promise<ResponseStreamEvent[]> {
  const stream = await openai.responses.create({
    ...{
      model: "gpt-6.1-sol",
      instructions: "Be brief.",
      input,
      tools,
      stream: true,
      store: false,
      reasoning: { summary: "auto" },
    },
    include: ["reasoning.encrypted_content"],
  });
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function responseOf(events: ResponseStreamEvent[]): Response {
  const last = events.at(-1);
  if (last?.type !== "response.completed" && last?.type !== "response.incomplete")
    throw new Error(last?.type);
  return last.response;
}

const hello: ResponseInput = [{ role: "user", content: "hello" }];

describe.each([undefined, 1, 7, "awkward"] as const)("cut at %s", (chunkBytes) => {
  test("reasoning, text and calls arrive whole through the real SDK, and may be sent back", async () => {
    const text = "Grüße, 世界 👩‍👩‍👧";
    const calls = [
      { name: "read_file", input: { path: "ä.md" } },
      { name: "read_file", input: { path: "b" }, id: "call_2" },
    ];
    const options = chunkBytes === undefined ? {} : { chunkBytes };
    const openai = await client([{ reasoning: "Two files.", text, calls }, { text: "fine" }], options);
    const events = await ask(openai, hello);
    const deltas = events.flatMap((event) =>
      event.type === "response.output_text.delta" ? [event.delta] : [],
    );
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join("")).toBe(text);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    const { output } = responseOf(events);
    expect(output.map(({ type }) => type)).toEqual([
      "reasoning",
      "message",
      "function_call",
      "function_call",
    ]);
    expect(output[2]).toMatchObject({ arguments: '{"path":"ä.md"}', name: "read_file", status: "completed" });
    const outputs = output.flatMap((item) =>
      item.type === "function_call"
        ? [{ type: "function_call_output" as const, call_id: item.call_id, output: "42" }]
        : [],
    );
    const again = await ask(openai, [...hello, ...toResponseInputItems(output), ...outputs]);
    expect(responseOf(again).status).toBe("completed");
    expect(server?.requests.map(({ refusal }) => refusal)).toEqual([undefined, undefined]);
  });
});
