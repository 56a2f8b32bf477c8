import type { ServerResponse } from "node:http";
import { modelOf } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { nobody, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { expect, test } from "vitest";
import { ask } from "../../test/ask.ts";
import { chunk, geminiAt } from "../../test/gemini.ts";
import { openGemini } from "./index.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;

async function answered(answer: (response: ServerResponse) => unknown) {
  return ask(geminiAt(await serve((_, response) => answer(response))), hello);
}

const refusals = {
  "a wrong key": [
    400,
    { message: "API key not valid. Please pass a valid API key.", details: [{ reason: "API_KEY_INVALID" }] },
    { kind: "bad_key", retryable: false },
  ],
  "a key that may not": [403, { message: "Permission denied." }, { kind: "no_access", retryable: false }],
  "a country without Gemini": [
    400,
    { message: "User location is not supported for the API use." },
    { kind: "no_access", retryable: false },
  ],
  "a model that is gone": [
    404,
    { message: "models/gemini-1 is no longer available to new users." },
    { kind: "unknown_model", retryable: false },
  ],
  "too many requests a minute": [
    429,
    {
      message: "You exceeded your current quota. Please retry in 12.3s.",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.QuotaFailure",
          violations: [{ quotaId: "RequestsPerMinute" }],
        },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "17s" },
      ],
    },
    { kind: "rate_limit", retryable: true, retryAfterMs: 17_000 },
  ],
  "a wait told only in words": [
    429,
    { message: "Please retry in 12.3s." },
    { kind: "rate_limit", retryable: true, retryAfterMs: 12_300 },
  ],
  "the day's quota used up": [
    429,
    {
      message: "Quota exceeded.",
      details: [{ violations: [{ quotaId: "GenerateRequestsPerDayPerProject" }] }],
    },
    { kind: "quota", retryable: false },
  ],
  "a model outside the plan": [
    429,
    { message: "Quota exceeded for metric: requests, limit: 0, model: gemini-4" },
    { kind: "quota", retryable: false },
  ],
  "a conversation that is too long": [
    400,
    { message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)." },
    { kind: "context_too_long", retryable: false },
  ],
  "a model without tools": [
    400,
    { message: "Function calling is not enabled for models/gemma-3-4b-it" },
    { kind: "no_tools", retryable: false },
  ],
  "a request that is wrong": [400, { message: "Invalid value." }, { kind: "bad_request", retryable: false }],
  "a busy model": [503, { message: "The model is overloaded." }, { kind: "overloaded", retryable: true }],
  "an internal error": [500, { message: "Internal error." }, { kind: "overloaded", retryable: true }],
} as const;

test.each(Object.entries(refusals))("%s", async (_, [status, error, expected]) => {
  const asked = await answered((response) =>
    sendJson(response, status, { error: { code: status, ...error } }),
  );
  expect(asked.error).toMatchObject({ ...expected, status });
  expect(asked.error?.message.split("\n")).toHaveLength(1);
});

test("a port where fetch speaks to nobody is not asked again", async () => {
  const env = { GEMINI_API_KEY: "key-1", GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:6000" };
  const { error } = await ask(openGemini("m", env), hello);
  expect(error).toMatchObject({ kind: "unreachable", retryable: false });
  expect(error?.message).toContain("at a port that is blocked");
});

test("a proxy's page of HTML is not printed", async () => {
  const { error } = await answered((response) =>
    response
      .writeHead(502, { "content-type": "text/html" })
      .end("<html><title>502 Bad Gateway</title>…</html>"),
  );
  expect(error).toMatchObject({ kind: "overloaded", retryable: true, status: 502 });
  expect(error?.message).toBe('Gemini answered 502: an HTML page, "502 Bad Gateway"');
});

const begun = `data: ${JSON.stringify(chunk([{ text: "Once" }]))}\n\n`;
const stream = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/event-stream" });

test("an error inside the stream keeps its status", async () => {
  const { deltas, error } = await answered((response) =>
    stream(response).end(
      `${begun}data: {"error":{"code":503,"status":"UNAVAILABLE","message":"Overloaded."}}\n\n`,
    ),
  );
  expect(deltas).toHaveLength(1);
  expect(error).toMatchObject({ kind: "overloaded", retryable: true, status: 503 });
  expect(error?.message).toContain("Overloaded.");
});

test("a stream cut inside an event", async () => {
  const { error } = await answered((response) => stream(response).end(`${begun}data: {"candidates": [{"con`));
  expect(error).toMatchObject({ kind: "cut_off", retryable: true });
});

test("a connection that breaks", async () => {
  const { error } = await answered((response) =>
    stream(response).write(begun, () => response.socket?.resetAndDestroy()),
  );
  expect(error).toMatchObject({ kind: "cut_off", retryable: true });
});

test("nobody there", async () => {
  const gemini = openGemini(undefined, { GEMINI_API_KEY: "k", GOOGLE_GEMINI_BASE_URL: await nobody() });
  expect((await ask(gemini, hello)).error).toMatchObject({ kind: "unreachable" });
});

test.each(["before the headers", "in the middle"])(
  "an abort %s ends the request on the server too",
  async (when) => {
    const controller = new AbortController();
    let closed: () => void;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await serve((_, response) => {
      response.on("close", closed);
      if (when === "in the middle") stream(response).write(begun);
      setTimeout(() => controller.abort(), 50);
    });
    const { reply, thrown } = await ask(geminiAt(server), hello, controller.signal);
    await gone;
    expect(reply).toBeUndefined();
    expect(thrown).toMatchObject({ name: "AbortError" });
  },
);

test("a server that is not there is named as people write it", async () => {
  const gemini = openGemini(undefined, { GEMINI_API_KEY: "key-1", GOOGLE_GEMINI_BASE_URL: await nobody() });
  const { reply } = await hear(modelOf(gemini).stream(hello, new AbortController().signal));
  expect(reply.error?.message).toMatch(/^Gemini is not running: nothing answers/);
});
