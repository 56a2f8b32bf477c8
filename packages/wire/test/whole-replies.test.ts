import { afterEach, describe, expect, test } from "vitest";
import { type Dialect, type ScriptedReply, startWire, type WireServer } from "../src/index.ts";
import { dialects, hello, post } from "./ask.ts";

/** Replies in one piece, for requests that ask for no stream. */

let server: WireServer;
afterEach(() => server.close());

const path: Partial<Record<Dialect, string>> = { gemini: "/v1/models/gemini-3.8-flash:generateContent" };

async function ask(dialect: Dialect, reply: ScriptedReply): Promise<Response> {
  server = await startWire(dialect, [reply]);
  const body = dialect === "gemini" ? hello.gemini : { ...hello[dialect], stream: false };
  return post(server, dialect, body, {}, path[dialect]);
}

const calls = [
  { name: "read_file", id: "call_a", input: { path: "a" } },
  { name: "read_file", id: "call_b", input: { path: "b" } },
];

describe.each(dialects)("%s", (dialect) => {
  test("is one JSON object with all that was said", async () => {
    const answer = await ask(dialect, { reasoning: "Hm.", text: "Two files — 二.", calls });
    expect(answer.headers.get("content-type")).toBe("application/json");
    const said = JSON.stringify(await answer.json());
    for (const part of ["Hm.", "Two files — 二.", "call_a", "call_b"])
      expect(said.split(part)).toHaveLength(2);
  });

  test("says that it was cut off, or stopped by a filter", async () => {
    const cut = await (await ask(dialect, { text: "Two", stop: "length" })).text();
    expect(cut).toMatch(/"(finish_reason|done_reason)":"length"|"MAX_TOKENS"|"max_(output_)?tokens"/);
    await server.close();
    const stopped = await (await ask(dialect, { stop: "refused" })).text();
    const words = /"content_filter"|"PROHIBITED_CONTENT"|"refusal"/;
    if (dialect !== "ollama") expect(stopped).toMatch(words);
  });

  test("is cut, or never comes, wherever the fault would be in a stream", async () => {
    const whole = await (await ask(dialect, { text: "hello" })).text();
    await server.close();
    const cut = await ask(dialect, { text: "hello", fault: { type: "cut", at: "text" } });
    expect([cut.status, await cut.text()]).toEqual([200, ""]);
    await server.close();
    const half = await (
      await ask(dialect, { text: "hello", fault: { type: "cut_inside", at: "call" } })
    ).text();
    expect(half.slice(0, 20)).toBe(whole.slice(0, 20));
    expect(() => JSON.parse(half)).toThrow();
  });

  test("an error that would be an event is a refusal", async () => {
    const answer = await ask(dialect, { text: "hello", fault: { type: "error_event", at: "text" } });
    expect(answer.status).toBe(dialect === "anthropic" ? 529 : 503);
  });

  test("calls that are no JSON are told in the service's own way", async () => {
    const answer = await ask(dialect, { calls: calls.slice(0, 1), fault: { type: "malformed_arguments" } });
    expect(await answer.text()).toContain(
      {
        responses: String.raw`"arguments":"{\"path\":\"a\","`,
        chat: String.raw`"arguments":"{\"path\":\"a\","`,
        anthropic: '"input":{}',
        gemini: "MALFORMED_FUNCTION_CALL",
        ollama: "error parsing tool call",
      }[dialect],
    );
  });
});
