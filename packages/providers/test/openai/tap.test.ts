import { describe, expect, test } from "vitest";
import { openClient } from "../../src/openai/client.ts";
import { endpointOf } from "../../src/openai/endpoint.ts";
import { openOpenAI } from "../../src/openai/index.ts";
import { tapped } from "../../src/openai/tap.ts";

/** Reads an answer that comes in these pieces, through a tap. */
async function read(...pieces: string[]) {
  const seen = { contentType: "", events: false, done: false };
  let beats = 0;
  const body = ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)));
  const answer = new Response(body, { status: 201, headers: { "content-type": "text/event-stream" } });
  const through = tapped(
    async () => answer,
    seen,
    () => {
      beats++;
    },
  );
  const response = await through("http://localhost/");
  return { text: await response.text(), status: response.status, seen, beats };
}

describe("a tap", () => {
  test("changes nothing of what passes", async () => {
    const { text, status, seen } = await read("data: 1\n\n", "data: ü\n\n");
    expect([text, status]).toEqual(["data: 1\n\ndata: ü\n\n", 201]);
    expect(seen).toEqual({ contentType: "text/event-stream", events: true, done: false });
  });

  test("takes every piece for a sign of life, comments too", async () => {
    expect((await read(": ping\n\n", ": ping\n\n", ": ping\n\n")).beats).toBe(3);
  });

  test("sees the end wherever it is cut", async () => {
    const whole = 'data: {"a":1}\r\n\r\ndata: [DONE]\r\n\r\n';
    for (let at = 1; at < whole.length; at++) {
      const { seen } = await read(whole.slice(0, at), whole.slice(at));
      expect(seen).toMatchObject({ events: true, done: true });
    }
    expect((await read(...whole)).seen.done).toBe(true);
    expect((await read("data:[DONE]\n")).seen.done).toBe(true);
  });

  test.each(['data: {"a":"data: [DONE]"}\n\n', 'data: {"a":"\\ndata: [DONE]"}\n\n', "[DONE]\n"])(
    "is not fooled by %j",
    async (text) => {
      expect((await read(text)).seen.done).toBe(false);
    },
  );

  test("sees that comments are no events", async () => {
    expect((await read(": data: no\n\n")).seen.events).toBe(false);
  });

  test("lets an answer without a body pass", async () => {
    const through = tapped(
      async () => new Response(null, { status: 204 }),
      { contentType: "", events: false, done: false },
      () => {},
    );
    expect((await through("http://localhost/")).status).toBe(204);
  });
});

test("the SDK neither retries nor gives up by itself", async () => {
  const client = await openClient(endpointOf({ OPENAI_API_KEY: "sk-1" }), {}, fetch);
  expect(client).toMatchObject({ maxRetries: 0, timeout: 2 ** 31 - 1, logLevel: "off", adminAPIKey: null });
});

test("a server of one's own is given half an hour before its first word", async () => {
  expect((await openOpenAI("m", { OPENAI_BASE_URL: "http://localhost:1/v1" })).idleMs).toBe(1_800_000);
  expect((await openOpenAI("m", { OPENAI_BASE_URL: "https://openrouter.ai/api/v1" })).idleMs).toBeUndefined();
});
