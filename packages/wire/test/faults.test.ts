import { afterEach, describe, expect, test } from "vitest";
import { type Fault, refusalNames, type ScriptedReply, startWire, type WireServer } from "../src/index.ts";
import { dialects, post, readRefusal } from "./ask.ts";

let server: WireServer | undefined;
afterEach(() => server?.close());

const reply: ScriptedReply = {
  reasoning: "Some thoughts.",
  text: "Hello, Grüße to you.",
  calls: [{ name: "read_file", input: { path: "README.md" } }],
};

describe.each(dialects)("%s", (dialect) => {
  async function askWith(fault: Fault): Promise<Response> {
    server = await startWire(dialect, [{ ...reply, fault }]);
    return post(server, dialect);
  }

  /** What the client has read of the body, and whether it ended without an error. */
  async function readWith(fault: Fault): Promise<{ text: string; complete: boolean }> {
    const response = await askWith(fault);
    const seen = { text: "", complete: false };
    try {
      for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk).toString("latin1");
      seen.complete = true;
    } catch {}
    return seen;
  }

  /** Each event of a stream as its JSON; an event that is torn throws. */
  const eventsOf = (text: string) =>
    text
      .split(dialect === "ollama" ? "\n" : "\n\n")
      .filter((event) => event !== "" && !event.endsWith("[DONE]"))
      .map((event) => JSON.parse(event.replace(/^(event: .*\n)?data: /, "")));

  test("a cut leaves whole events, and looks like an end", async () => {
    const whole = await readWith({ type: "delay", at: "start", ms: 0 });
    await server?.close();
    const cut = await readWith({ type: "cut", at: "text" });
    expect(cut.complete).toBe(true);
    expect(whole.text.startsWith(cut.text)).toBe(true);
    const events = eventsOf(cut.text);
    expect(JSON.stringify(events.at(-1))).toContain("Hello, ");
    expect(events.length).toBeLessThan(eventsOf(whole.text).length);
  });

  test("a cut at the end leaves out what ends the reply, and nothing else", async () => {
    const whole = await readWith({ type: "delay", at: "start", ms: 0 });
    await server?.close();
    const cut = await readWith({ type: "cut", at: "end" });
    const left = eventsOf(whole.text).slice(eventsOf(cut.text).length);
    const endings =
      /"response.completed"|"finish_reason":"tool_calls"|"finishReason":"STOP"|"done":true|"stop_reason":"tool_use"/;
    expect(left).toHaveLength(dialect === "anthropic" ? 2 : 1);
    expect(JSON.stringify(left)).toMatch(endings);
    expect(cut.text).not.toMatch(endings);
  });

  test("a cut inside leaves a torn event", async () => {
    const { text, complete } = await readWith({ type: "cut_inside", at: "reasoning" });
    expect(complete).toBe(true);
    expect(() => eventsOf(text)).toThrow(SyntaxError);
  });

  test("a reset breaks the body off, and is not taken for a client that left", async () => {
    const { complete } = await readWith({ type: "reset", at: "call" });
    expect(complete).toBe(false);
    await server?.requests[0]?.closed;
    expect(server?.requests[0]?.closedEarly).toBe(false);
  });

  test("a reset before the headers is no answer", async () => {
    await expect(askWith({ type: "reset", at: "headers" })).rejects.toThrow("fetch failed");
  });

  test("an error event is the last, in the words of the service", async () => {
    const { text, complete } = await readWith({ type: "error_event", at: "text" });
    expect(complete).toBe(true);
    expect(JSON.stringify(eventsOf(text).at(-1))).toMatch(/overloaded|server busy/);
  });

  test("an empty body is a success without a byte", async () => {
    const response = await askWith({ type: "empty_body" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("a missing terminal leaves the rest", async () => {
    const { text } = await readWith({ type: "no_terminal" });
    expect(text).not.toMatch(/response.completed|"finish_reason":"|"finishReason":"|"done":true/);
    expect(text).toContain("E.md");
    expect(text.includes("[DONE]")).toBe(dialect === "chat");
  });

  test("decoration changes no event", async () => {
    const { text } = await readWith({ type: "decorated" });
    expect(text).toContain(dialect === "ollama" ? "}\r\n" : ": keep-alive\r\n\r\n");
    const plain = text.replaceAll(": keep-alive\r\n\r\n", "").replaceAll("\r\n", "\n");
    expect(JSON.stringify(eventsOf(plain))).toContain("E.md");
  });

  test("any HTTP answer can be given, and HTML from a proxy", async () => {
    const headers = { "retry-after": "7" };
    const response = await askWith({ type: "http", status: 418, body: { error: "teapot" }, headers });
    expect([response.status, response.headers.get("retry-after")]).toEqual([418, "7"]);
    expect(await response.json()).toEqual({ error: "teapot" });
    await server?.close();
    const html = await askWith({ type: "html" });
    expect([html.status, html.headers.get("content-type")]).toEqual([502, "text/html"]);
  });

  test("every refusal that the service is known for has a status and words", async () => {
    const names = refusalNames(dialect);
    server = await startWire(
      dialect,
      names.map((name) => ({ fault: { type: "refusal", name } })),
    );
    for (const name of names) {
      const { status, message } = await readRefusal(await post(server, dialect));
      expect([name, message]).not.toEqual([name, expect.stringContaining("script")]);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(message.length).toBeGreaterThan(9);
    }
    expect(server.requests.every(({ refusal }) => refusal === undefined)).toBe(true);
  });

  test("a fault that the dialect cannot show says so", async () => {
    server = await startWire(dialect, [{ text: "hi", fault: { type: "cut", at: "call" } }]);
    const { status, message } = await readRefusal(await post(server, dialect));
    expect([status, message]).toEqual([500, 'the script is wrong: the reply has no moment "call"']);
  });
});

test.each(
  dialects.flatMap(
    (dialect) =>
      [
        [dialect, { type: "malformed_arguments" }],
        [dialect, { type: "calls_without_ids" }],
      ] as const,
  ),
)("%s shows %o in its own way", async (dialect, fault) => {
  server = await startWire(dialect, [{ calls: [{ name: "read_file", input: { path: "a" } }], fault }]);
  const text = await (await post(server, dialect)).text();
  const signs = {
    malformed_arguments: {
      responses: '"arguments":"{\\"path\\":\\"a\\","',
      chat: '{"arguments":"\\":\\"a\\","}',
      anthropic: '"partial_json":"\\":\\"a\\","',
      gemini: '"finishReason":"MALFORMED_FUNCTION_CALL"',
      ollama: '{"error":"error parsing tool call: raw=\'{\\"path\\":\\"a\\",\'',
    },
    calls_without_ids: {
      responses: '"call_id":"call_',
      chat: '{"index":0,"type":"function"',
      anthropic: '"type":"tool_use","id":"toolu_',
      gemini: '{"functionCall":{"name"',
      ollama: '"tool_calls":[{"function"',
    },
  };
  expect(text).toContain(signs[fault.type][dialect]);
});
