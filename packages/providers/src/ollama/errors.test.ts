import type { ServerResponse } from "node:http";
import { nobody, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask } from "../../test/ask.ts";
import { end, ollamaAt, ollamaServer, say, sendLines } from "../../test/ollama.ts";
import { openOllama } from "./index.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;
const spies = () => [vi.spyOn(console, "log"), vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
let consoles: ReturnType<typeof spies>;

beforeEach(() => {
  consoles = spies();
});

afterEach(() => {
  for (const spy of consoles) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

async function answered(chat: (response: ServerResponse) => unknown) {
  return ask(await ollamaAt(await ollamaServer({ chat })), hello);
}

const overflow = JSON.stringify({
  error: {
    code: 400,
    message: "request (351 tokens) exceeds the available context size (256 tokens), try increasing it",
    type: "exceed_context_size_error",
  },
});

test.each([
  [
    "model 'qwen3:8b' not found",
    404,
    { kind: "unknown_model", retryable: false, hint: expect.stringContaining("ollama pull qwen3:8b") },
  ],
  [
    "registry.ollama.ai/library/gemma2:2b does not support tools",
    400,
    { kind: "no_tools", retryable: false },
  ],
  [
    overflow,
    400,
    { kind: "context_too_long", retryable: false, hint: expect.stringContaining("OLLAMA_CONTEXT") },
  ],
  ["no user query found in messages", 500, { kind: "context_too_long", retryable: false }],
  [
    "unauthorized",
    401,
    { kind: "bad_key", retryable: false, hint: expect.stringContaining("ollama signin") },
  ],
  [
    "server busy, please try again. maximum pending requests exceeded",
    503,
    { kind: "overloaded", retryable: true },
  ],
  [
    "model runner has unexpectedly stopped, this may be due to resource limitations",
    500,
    { kind: "overloaded", retryable: true, hint: expect.stringContaining("memory") },
  ],
  [
    "llama runner process no longer running: -1",
    500,
    { kind: "overloaded", retryable: true, hint: expect.stringContaining("memory") },
  ],
  [
    "this model requires a subscription, upgrade for access: https://ollama.com/upgrade",
    403,
    { kind: "no_access", retryable: false, hint: expect.stringContaining("this machine") },
  ],
  [
    "model requires more system memory (9.9 GiB) than is available (3.1 GiB)",
    500,
    { kind: "overloaded", retryable: false },
  ],
  [
    "error parsing tool call: raw='{\"path\":', err=unexpected end of JSON input",
    500,
    { kind: "bad_reply", retryable: true },
  ],
  ["invalid options: num_ctx", 400, { kind: "bad_request", retryable: false }],
])("%s", async (said, status, expected) => {
  const { error } = await answered((response) => sendJson(response, status, { error: said }));
  expect(error).toMatchObject({ ...expected, status });
  expect(error?.message).toMatch(/^Ollama at http:\/\/127\.0\.0\.1:\d+ answered \d+: .+$/);
});

test("the cloud's limits: one is for a moment, with how long, and one for a week", async () => {
  const moment = await answered((response) =>
    sendJson(response.setHeader("retry-after", "3"), 429, { error: "too many concurrent requests" }),
  );
  expect(moment.error).toMatchObject({ kind: "rate_limit", retryable: true, retryAfterMs: 3000 });
  const week = await answered((response) =>
    sendJson(response, 429, { error: "you have reached your weekly usage limit" }),
  );
  expect(week.error).toMatchObject({ kind: "quota", retryable: false });
});

test("an error in a shape of its own is still read", async () => {
  const { error } = await answered((response) =>
    sendJson(response, 500, { error: { message: "Out of luck." } }),
  );
  expect(error?.message).toContain("Out of luck.");
});

test("a page of HTML from a proxy is not printed", async () => {
  const { error } = await answered((response) =>
    response.writeHead(502, { "content-type": "text/html" }).end("<html><title>Bad Gateway</title></html>"),
  );
  expect(error).toMatchObject({ kind: "overloaded", retryable: true, status: 502 });
  expect(error?.message).toContain('an HTML page, "Bad Gateway"');
});

test("https to a server that speaks http is told without OpenSSL's sources", async () => {
  const { url } = await serve(() => {});
  const { error } = await ask(await openOllama("m", { OLLAMA_HOST: url.replace("http:", "https:") }), hello);
  expect(error).toMatchObject({ kind: "unreachable", retryable: false });
  expect(error?.message).toMatch(/has no secure connection: wrong version number \(EPROTO\)\.$/);
});

test("not running: how to start it", async () => {
  const { error } = await ask(await openOllama("m", { OLLAMA_HOST: await nobody() }), hello);
  expect(error).toMatchObject({
    kind: "unreachable",
    retryable: false,
    hint: expect.stringContaining("ollama serve"),
  });
});

test("something else on the port", async () => {
  const server = await serve((_, response) => response.end("It works."));
  expect((await ask(await ollamaAt(server), hello)).error).toMatchObject({
    kind: "unreachable",
    retryable: false,
    hint: expect.stringContaining("OLLAMA_HOST"),
  });
});

test("a server that cannot describe its models is asked all the same", async () => {
  const server = await serve(({ path }, response) =>
    path === "/api/chat"
      ? sendLines(response, [say({ content: "ok" }, end)])
      : sendJson(response, 404, { error: "no such route" }),
  );
  expect((await ask(await ollamaAt(server), hello)).reply?.stop).toBe("done");
});

const begun = `${JSON.stringify(say({ content: "Once" }))}\n`;

test.each([
  [
    "an error line in the reply",
    `${begun}{"error":"an error was encountered while running the model"}\n`,
    "cut_off",
  ],
  [
    "a tool call that the server cannot parse",
    `${begun}{"error":"error parsing tool call: raw='x'"}\n`,
    "bad_reply",
  ],
  ["an end without the last line", begun, "cut_off"],
  ["an end in the middle of a line", `${begun}{"model":"m","mess`, "cut_off"],
  ["a line that is no JSON", `${begun}oops\n`, "bad_reply"],
])("%s", async (_, body, kind) => {
  const { deltas, error } = await answered((response) => response.end(body));
  expect(deltas).toEqual([{ type: "text_delta", text: "Once" }]);
  expect(error).toMatchObject({ kind, retryable: true });
});

test("a connection that breaks", async () => {
  const { error } = await answered((response) =>
    response.write(begun, () => response.socket?.resetAndDestroy()),
  );
  expect(error).toMatchObject({ kind: "cut_off", retryable: true });
});

test("letters cut in two by the network arrive whole", async () => {
  const bytes = Buffer.from(
    `${JSON.stringify(say({ content: "Grüße, 世界" }))}\n${JSON.stringify(say({}, end))}`,
  );
  const { reply } = await answered(async (response) => {
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  });
  expect(reply?.message.text).toBe("Grüße, 世界");
});

test.each(["before the first token", "in the middle", "while the model is described"])(
  "an abort %s ends the request on the server too",
  async (when) => {
    const controller = new AbortController();
    let closed: () => void;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const hang = (response: ServerResponse) => {
      response.on("close", closed);
      if (when === "in the middle") response.write(begun);
      setTimeout(() => controller.abort(), 50);
    };
    const server =
      when === "while the model is described"
        ? await serve((_, response) => hang(response))
        : await ollamaServer({ chat: hang });
    const { reply, thrown } = await ask(await ollamaAt(server), hello, controller.signal);
    await gone;
    expect(reply).toBeUndefined();
    expect(thrown).toMatchObject({ name: "AbortError" });
  },
);
