import type { ServerResponse } from "node:http";
import { modelOf } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, test } from "vitest";
import { ollamaServer } from "../test/ollama.ts";
import { openGemini } from "./gemini/index.ts";
import { openOllama } from "./ollama/index.ts";
import { openOpenAI } from "./openai/index.ts";

const KEY = "sk-secret-0123456789";
const conversation = [{ role: "user", text: "hello" }] as const;

type Dialect = "chat" | "responses" | "gemini" | "ollama";
type Write = (response: ServerResponse) => unknown;

/** One reply of each provider, of a server that writes these answers, one after the other; the last of them from then on. */
async function reply(dialect: Dialect, answers: (Write | string)[], signal = new AbortController().signal) {
  let asked = 0;
  const answer = (response: ServerResponse) => {
    const next = answers[Math.min(asked++, answers.length - 1)] ?? "";
    return typeof next === "string" ? response.writeHead(200).end(next) : next(response);
  };
  const openers = {
    async ollama() {
      const server = await ollamaServer({ chat: answer });
      return openOllama("m", { OLLAMA_HOST: server.url, OLLAMA_API_KEY: KEY });
    },
    async gemini() {
      const server = await serve((_, response) => answer(response));
      return openGemini("m", { GOOGLE_GEMINI_BASE_URL: server.url, GEMINI_API_KEY: KEY });
    },
    async chat() {
      const server = await serve((_, response) => answer(response));
      return openOpenAI("m", { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: KEY });
    },
    async responses() {
      const server = await serve((_, response) => answer(response));
      const env = { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: KEY, OPENAI_API: "responses" };
      return openOpenAI("m", env);
    },
  };
  const heard = await hear(modelOf(await openers[dialect]()).stream({ conversation }, signal));
  return { ...heard, asked };
}

/** The records of a whole reply, "Hi.", and of one that has only begun. */
const begun: Record<Dialect, object[]> = {
  chat: [{ choices: [{ index: 0, delta: { content: "Hi." } }] }],
  responses: [{ type: "response.output_text.delta", output_index: 0, delta: "Hi." }],
  gemini: [{ candidates: [{ content: { role: "model", parts: [{ text: "Hi." }] } }] }],
  ollama: [{ message: { role: "assistant", content: "Hi." }, done: false }],
};
const last: Record<Dialect, object> = {
  chat: { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  responses: { type: "response.completed", response: { status: "completed", output: [] } },
  gemini: { candidates: [{ finishReason: "STOP" }] },
  ollama: { message: { role: "assistant", content: "" }, done: true, done_reason: "stop" },
};
const records = (dialect: Dialect) => [...begun[dialect], last[dialect]].map((each) => JSON.stringify(each));
const whole = (dialect: Dialect) =>
  dialect === "ollama"
    ? `${records(dialect).join("\n")}\n`
    : records(dialect)
        .map((each) => `data: ${each}\n\n`)
        .join("");
const dialects = Object.keys(begun) as Dialect[];
const streamed = ["chat", "responses", "gemini"] as const;

describe.each(streamed)("%s: a reply is read in whatever frame it comes", (dialect) => {
  const lines = records(dialect);
  test.each([
    ["comments right before the data", lines.map((each) => `: ping\ndata: ${each}\n\n`).join("")],
    [
      "a name for each event",
      lines.map((each) => `event: message\nid: 1\nretry: 5\ndata: ${each}\n\n`).join(""),
    ],
    ["a final [DONE]", `${whole(dialect)}data: [DONE]\n\n`],
    ["no empty line at the end", whole(dialect).trimEnd()],
    ["no empty lines at all", lines.map((each) => `data: ${each}\n`).join("")],
    ["no space behind the colon", lines.map((each) => `data:${each}\n\n`).join("")],
    ["carriage returns", whole(dialect).replaceAll("\n", "\r\n")],
    ["carriage returns alone", whole(dialect).replaceAll("\n", "\r")],
    ["a byte order mark", `\uFEFF${whole(dialect)}`],
    [
      "data over several lines",
      lines
        .map((each) => `${JSON.stringify(JSON.parse(each), null, 1).replace(/^/gm, "data: ")}\n\n`)
        .join(""),
    ],
    ["events that say null", `data: null\n\n${whole(dialect)}`],
    ["a list of records", `data: [${lines.join(",")}]\n\n`],
  ])("%s", async (_, text) => {
    const { events, reply: message } = await reply(dialect, [text]);
    expect(events.map(({ type }) => type)).toEqual(["text_delta", "reply_end"]);
    expect([message.stop, message.message.text]).toEqual(["done", "Hi."]);
  });
});

test("a reply is whole although its server leaves the connection open behind the last mark", async () => {
  const answer: Write = (response) => response.writeHead(200).write(`${whole("chat")}data: [DONE]\n\n`);
  expect((await reply("chat", [answer])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

test("Gemini's other form, one list over several lines, is read too", async () => {
  const text = JSON.stringify([...begun.gemini, last.gemini], null, 2);
  expect((await reply("gemini", [text])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

test("a server of Chat Completions that does not stream is understood", async () => {
  const message = { role: "assistant", content: "Hi." };
  const text = JSON.stringify({
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: "stop" }],
  });
  expect((await reply("chat", [text])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

/** Faults inside a stream, as records; and what of them is read. */
const faults: [object, string][] = [
  [{ error: { message: BROKE, code: 503 } }, BROKE],
  [{ error: BROKE }, BROKE],
  [{ object: "error", message: BROKE, type: "InternalServerError", code: 500 }, BROKE],
  [{ type: "error", code: "server_error", message: BROKE, param: null }, BROKE],
  [{ detail: BROKE }, BROKE],
  [{ code: 500, message: BROKE }, BROKE],
  [{ message: BROKE }, BROKE],
];

describe.each(dialects)("%s: an error in the stream ends the reply", (dialect) => {
  const frame = (each: object) =>
    dialect === "ollama" ? `${JSON.stringify(each)}\n` : `data: ${JSON.stringify(each)}\n\n`;
  test.each(faults)("%j", async (fault, words) => {
    const broken =
      [...begun[dialect], fault].map(frame).join("") + (dialect === "ollama" ? "" : "data: [DONE]\n\n");
    const { events, reply: message, asked } = await reply(dialect, [broken, whole(dialect)]);
    const retries = events.flatMap((event) => (event.type === "retry" ? event.error.message : []));
    expect(retries).toEqual([expect.stringMatching(new RegExp(`broke off its reply: ${words}`))]);
    expect([message.stop, asked]).toEqual(["done", 2]);
  });

  test("that cannot pass is not asked for again", async () => {
    const broken = frame({ object: "error", message: "No such field.", type: "BadRequestError", code: 400 });
    const { reply: message, asked } = await reply(dialect, [broken]);
    expect(message.error).toMatchObject({
      kind: "bad_request",
      message: expect.stringMatching(/No such field\.$/),
    });
    expect(asked).toBe(1);
  });

  test("also behind what looked like its end", async () => {
    if (dialect === "ollama") return; // `done` is the last line by contract: nothing behind it is read
    const broken = whole(dialect) + frame({ error: { message: "Too late.", code: 400 } });
    expect((await reply(dialect, [broken])).reply.error?.message).toMatch(/Too late\.$/);
  });
});

test("the error that names itself only in its frame", async () => {
  for (const text of [
    'event: error\ndata: {"reason":BROKE}\n\n',
    "event: error\ndata: It broke.\n\n",
  ]) {
    const { events } = await reply("responses", [text, whole("responses")]);
    expect(events[0]).toMatchObject({
      type: "retry",
      error: { message: expect.stringMatching(/: It broke\.$/) },
    });
  }
});

test("the error of a choice", async () => {
  const choice = {
    index: 0,
    delta: { content: "" },
    finish_reason: "error",
    error: { code: 502, message: BROKE },
  };
  const { events } = await reply("chat", [
    `data: ${JSON.stringify({ choices: [choice] })}\n\n`,
    whole("chat"),
  ]);
  expect(events[0]).toMatchObject({
    type: "retry",
    error: { message: expect.stringMatching(/: It broke\.$/) },
  });
});

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
      "another protocol",
      (response) => response.end('data: {"id":1}\n\ndata: {"id":2}\n\n'),
      /answered in another protocol/,
    ],
  ])("%s is told as that, and not asked for again", async (_, answer, words) => {
    const { reply: message, asked } = await reply(dialect, [answer]);
    expect(message.error).toMatchObject({
      kind: "bad_reply",
      retryable: false,
      message: expect.stringMatching(words),
    });
    expect(message.error?.hint).toMatch(/Check (OPENAI_BASE_URL|GOOGLE_GEMINI_BASE_URL|OLLAMA_HOST)/);
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

  test("an address that has moved is told with the new one", async () => {
    const answer: Write = (response) =>
      response.writeHead(308, { location: "https://new.example/v2?key=x" }).end();
    const { reply: message, asked } = await reply(dialect, [answer]);
    expect(message.error).toMatchObject({
      retryable: false,
      message: expect.stringMatching(/308: It has moved to https:\/\/new\.example\/v2\.$/),
    });
    expect(message.error?.hint).toMatch(/^Correct (OPENAI_BASE_URL|GOOGLE_GEMINI_BASE_URL|OLLAMA_HOST)/);
    expect(asked).toBe(1);
  });
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
    ["inside a stream", (response) => response.end(`data: ${JSON.stringify(quoting)}\n\n`)],
    [
      "in a name of an error",
      (response) => response.end('data: {"error":{"code":"KEY","status":400}}\n\n'.replace("KEY", KEY)),
    ],
  ])("%s", async (_, answer) => {
    const { events, reply: message } = await reply(dialect, [answer]);
    expect(message.stop).toBe("error");
    expect(JSON.stringify([events, message])).not.toContain(KEY.slice(0, 12));
  });
});
