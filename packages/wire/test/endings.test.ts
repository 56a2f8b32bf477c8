import { afterEach, describe, expect, test } from "vitest";
import { type RetryHint, type ScriptedReply, startWire, type WireServer } from "../src/index.ts";
import { dialects, hello, post } from "./ask.ts";

let server: WireServer | undefined;
afterEach(() => server?.close());

async function streamOf(dialect: (typeof dialects)[number], reply: ScriptedReply): Promise<string> {
  server = await startWire(dialect, [reply]);
  const usage = dialect === "chat" ? { stream_options: { include_usage: true } } : {};
  return (await post(server, dialect, { ...hello[dialect], ...usage })).text();
}

const calls = [
  { name: "read_file", input: { path: "first" } },
  { name: "read_file", input: { path: "second" } },
];

test.each([
  ["responses", { text: "hi" }, '"status":"completed"'],
  ["responses", { text: "hi", stop: "length" }, '"incomplete_details":{"reason":"max_output_tokens"}'],
  ["responses", { text: "no", stop: "refused" }, '"content":[{"type":"refusal","refusal":"no"}]'],
  ["responses", { stop: "refused" }, '"incomplete_details":{"reason":"content_filter"}'],
  ["responses", { fault: { type: "finish", reason: "failed" } }, '"type":"response.failed"'],
  ["chat", { text: "hi" }, '"finish_reason":"stop"'],
  ["chat", { calls }, '"finish_reason":"tool_calls"'],
  ["chat", { calls, fault: { type: "finish", reason: "stop" } }, '"finish_reason":"stop"'],
  ["chat", { text: "hi", stop: "length" }, '"finish_reason":"length"'],
  ["chat", { text: "no", stop: "refused" }, '"delta":{"refusal":"n"}'],
  ["chat", { stop: "refused" }, '"finish_reason":"content_filter"'],
  ["anthropic", { text: "hi" }, '"stop_reason":"end_turn"'],
  ["anthropic", { calls }, '"stop_reason":"tool_use"'],
  ["anthropic", { text: "hi", stop: "length" }, '"stop_reason":"max_tokens"'],
  ["anthropic", { stop: "refused" }, '"stop_reason":"refusal"'],
  ["anthropic", { fault: { type: "finish", reason: "pause_turn" } }, '"stop_reason":"pause_turn"'],
  ["gemini", { text: "hi" }, '"finishReason":"STOP"'],
  ["gemini", { text: "hi", stop: "length" }, '"finishReason":"MAX_TOKENS"'],
  ["gemini", { text: "no", stop: "refused" }, '"finishReason":"SAFETY"'],
  ["gemini", { stop: "refused" }, '{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}'],
  [
    "gemini",
    { fault: { type: "finish", reason: "MALFORMED_RESPONSE" } },
    '"finishReason":"MALFORMED_RESPONSE"',
  ],
  ["ollama", { calls }, '"done_reason":"stop"'],
  ["ollama", { text: "hi", stop: "length" }, '"done_reason":"length"'],
  ["ollama", { fault: { type: "finish", reason: "load" } }, '"done_reason":"load"'],
] as const)("%s ends %o with %s", async (dialect, reply, sign) => {
  expect(await streamOf(dialect, reply)).toContain(sign);
});

describe("a reply that reaches its limit inside a call", () => {
  test.each(["responses", "chat"] as const)("%s sends half of the arguments", async (dialect) => {
    const stream = await streamOf(dialect, { calls, stop: "length" });
    expect(stream).toContain('"path\\"');
    expect(stream).not.toContain("second");
    expect(stream).not.toContain("cond");
  });

  test.each(["gemini", "ollama"] as const)("%s sends the calls before it", async (dialect) => {
    const stream = await streamOf(dialect, { calls, stop: "length" });
    expect(stream).toContain('{"path":"first"}');
    expect(stream).not.toContain("second");
  });
});

const usage = { input: 100, cached: 40, output: 30, reasoning: 20 };

test.each([
  ["responses", ['"input_tokens":100', '"cached_tokens":40', '"output_tokens":30', '"reasoning_tokens":20']],
  ["chat", ['"prompt_tokens":100', '"cached_tokens":40', '"completion_tokens":30', '"reasoning_tokens":20']],
  [
    "gemini",
    [
      '"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":10',
      '"thoughtsTokenCount":20,"totalTokenCount":130',
    ],
  ],
  ["anthropic", ['"input_tokens":60', '"cache_read_input_tokens":40', '"output_tokens":30']],
  ["ollama", ['"prompt_eval_count":100', '"eval_count":30']],
] as const)("%s reports usage in its own terms", async (dialect, signs) => {
  const stream = await streamOf(dialect, { text: "hi", usage });
  for (const sign of signs) expect(stream).toContain(sign);
});

test("chat reports usage to those who ask, in a chunk without choices", async () => {
  expect(await streamOf("chat", { text: "hi", usage })).toMatch(
    /"choices":\[\],"usage":\{.*\n\ndata: \[DONE\]\n\n$/,
  );
  await server?.close();
  server = await startWire("chat", [{ text: "hi", usage }]);
  expect(await (await post(server, "chat")).text()).not.toContain("usage");
});

test("chat interleaves parallel calls, but for servers that give all of them index 0", async () => {
  const indexes = (stream: string) =>
    [...stream.matchAll(/"tool_calls":\[\{"index":(\d)/g)].map(([, index]) => index);
  expect(indexes(await streamOf("chat", { calls })).join("")).toMatch(/^01(01)+/);
  await server?.close();
  expect(new Set(indexes(await streamOf("chat", { calls, fault: { type: "calls_share_index" } })))).toEqual(
    new Set(["0"]),
  );
});

const hints: Record<RetryHint, RegExp> = {
  none: /^(?!.*(try again in|retry in|RetryInfo|retry-after))/s,
  retry_after_seconds: /retry-after: 7$/m,
  retry_after_date: /retry-after: \w{3}, \d\d \w{3} \d{4} [\d:]+ GMT$/m,
  retry_after_ms: /retry-after-ms: 7000$/m,
  retry_info: /google\.rpc\.RetryInfo","retryDelay":"7s"/,
  text: /Please (re)?try (again )?in 7s\./,
};

describe.each(dialects)("%s limits the rate", (dialect) => {
  test.each(Object.keys(hints) as RetryHint[])("with a hint: %s", async (hint) => {
    server = await startWire(dialect, [{ fault: { type: "rate_limit", hint, seconds: 7 } }]);
    const response = await post(server, dialect);
    const never: Partial<Record<RetryHint, readonly string[]>> = {
      retry_info: ["responses", "chat", "anthropic", "ollama"],
      retry_after_ms: ["anthropic"],
      text: ["anthropic", "ollama"],
    };
    const isNever = never[hint]?.includes(dialect) ?? false;
    expect(response.status).toBe(isNever ? 500 : 429);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const all = `${headers}\n${await response.text()}`;
    expect(all).toMatch(isNever ? /the script is wrong: this service never hints by/ : hints[hint]);
  });
});
