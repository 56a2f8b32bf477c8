import { describe, expect, test } from "vitest";
import { dialects, KEY, reply, type Write, whole } from "../test/dialects.ts";

describe.each(dialects)("%s: what is no stream", (dialect) => {
  const html = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body>\n\n</body></html>\n";
  test.each<[string, Write, RegExp]>([
    [
      "a web page",
      (response) => response.writeHead(200, { "content-type": "text/html" }).end(html),
      /answered with text\/html where/,
    ],
    [
      "a web page that does not say so",
      (response) => response.end(html),
      /answered with an HTML page, "Sign in" where/,
    ],
    ["a word", (response) => response.end("OK"), /answered with OK where/],
    [
      "a protocol of another shape",
      (response) => response.end('data: {"choices":{}}\n\ndata: {}\n\ndata: [DONE]\n\n'),
      /answered in a different protocol/,
    ],
    [
      "another protocol",
      (response) => response.end('data: {"id":1}\n\ndata: {"id":2}\n\n'),
      /answered in a different protocol/,
    ],
  ])("%s is told as that, and not asked for again", async (_, answer, words) => {
    const { reply: message, asked } = await reply(dialect, [answer]);
    expect(message.error).toMatchObject({
      kind: "bad_reply",
      retryable: false,
      message: expect.stringMatching(words),
    });
    expect(message.error?.hint).toMatch(
      /Check (OPENAI_BASE_URL|ANTHROPIC_BASE_URL|GOOGLE_GEMINI_BASE_URL|OLLAMA_HOST)/,
    );
    expect(asked).toBe(1);
  });

  test("an error in the place of a stream is read, and asked for again", async () => {
    const error = JSON.stringify({ error: { message: "It is rate-limited.", code: 429 } }, null, 2);
    const busy: Write = (response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(error);
    const { events, reply: message } = await reply(dialect, [busy, whole(dialect)]);
    expect(events[0]).toMatchObject({ type: "retry", error: { kind: "rate_limit" } });
    expect(message.stop).toBe("done");
  });

  test("an address that has moved nobody knows where is told without one", async () => {
    const { reply: message } = await reply(dialect, [(response) => response.writeHead(302).end()]);
    expect(message.error?.message).toMatch(/302: It has moved\.$/);
  });

  test("an address that has moved is told with the new one", async () => {
    const answer: Write = (response) =>
      response.writeHead(308, { location: "https://new.example/v2?key=x" }).end();
    const { reply: message, asked } = await reply(dialect, [answer]);
    expect(message.error).toMatchObject({
      retryable: false,
      message: expect.stringMatching(/308: It has moved to https:\/\/new\.example\/v2\.$/),
    });
    expect(message.error?.hint).toMatch(
      /^Correct (OPENAI_BASE_URL|ANTHROPIC_BASE_URL|GOOGLE_GEMINI_BASE_URL|OLLAMA_HOST)/,
    );
    expect(asked).toBe(1);
  });
});

test.each<["chat" | "ollama" | "gemini", object]>([
  ["chat", { choices: [{ index: 0, delta: {}, finish_reason: `error ${KEY}` }] }],
  ["ollama", { message: { role: "assistant", content: "" }, done: true, done_reason: `error ${KEY}` }],
  ["gemini", { candidates: [{ finishReason: "MALFORMED_RESPONSE", finishMessage: `With ${KEY}.` }] }],
])("%s: a key in the reason for an end is not told", async (dialect, record) => {
  const json = JSON.stringify(record);
  const { events } = await reply(dialect, [
    dialect === "ollama" ? json : `data: ${json}\n\n`,
    whole(dialect),
  ]);
  expect(JSON.stringify(events)).toMatch(/\[key\]/);
  expect(JSON.stringify(events)).not.toContain(KEY);
});

describe.each(dialects)("%s: a key that the server quotes is never told", (dialect) => {
  const quoting = { error: { message: `Wrong key: ${KEY}.`, code: 400, type: KEY, param: KEY } };
  test.each<[string, Write]>([
    ["in a refusal", (response) => response.writeHead(401).end(JSON.stringify(quoting))],
    [
      "in one to be repeated",
      (response) => response.writeHead(503, { "retry-after-ms": "1" }).end(JSON.stringify(quoting)),
    ],
    ["in text", (response) => response.writeHead(403).end(`Bearer ${KEY} may not.`)],
    ["at the place where it is cut", (response) => response.writeHead(403).end(`${"x".repeat(190)} ${KEY}`)],
    ["by its first half", (response) => response.writeHead(403).end(`Wrong key: ${KEY.slice(0, 15)}...`)],
    ["by its last half", (response) => response.writeHead(403).end(`Wrong key: …${KEY.slice(-12)}`)],
    [
      "in an address",
      (response) => response.writeHead(302, { location: `https://new.example/${KEY}` }).end(),
    ],
    ["in capitals", (response) => response.writeHead(403).end(`Wrong key: ${KEY.toUpperCase()}`)],
    ["in the place of a stream", (response) => response.end(`Bearer ${KEY}`)],
    ["inside a stream", (response) => response.end(`data: ${JSON.stringify(quoting)}\n\n`)],
    [
      "in a name of an error",
      (response) => response.end('data: {"error":{"code":"KEY","status":400}}\n\n'.replace("KEY", KEY)),
    ],
  ])("%s", async (_, answer) => {
    const { events, reply: message } = await reply(dialect, [answer]);
    expect(message.stop).toBe("error");
    const told = JSON.stringify([events, message]).toLowerCase();
    for (const half of [KEY.slice(0, 12), KEY.slice(-12)]) expect(told).not.toContain(half);
  });
});
