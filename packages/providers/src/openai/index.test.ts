import { modelOf } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { describe, expect, test, vi } from "vitest";
import { type Answer, answering, ask, chunk, events, fine, hello, refusing } from "../../test/openai.ts";
import { openClient, openOpenAI } from "./index.ts";
import { endpointOf } from "./server.ts";

const whole = events(
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "Grüße, " }),
  chunk({ content: "Wörld 😀" }),
  chunk({}, "stop"),
  { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } },
  "[DONE]",
);

/** Sends bytes as they are, under these headers. */
function sending(bytes: Buffer | string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(200, headers).end(bytes);
}

describe("a whole reply is read", () => {
  const cut: Answer = async (response) => {
    response.writeHead(200);
    for (const byte of Buffer.from(whole)) {
      response.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
  test.each([
    ["without a Content-Type", sending(whole)],
    ["when it is called JSON", sending(whole, { "content-type": "application/json" })],
    ["with CRLF and comments", sending(`: OPENROUTER PROCESSING\n\n${whole}`.replaceAll("\n", "\r\n"))],
    ["without the last line break", sending(whole.trimEnd())],
    ["byte by byte", cut],
  ])("%s", async (_, answer) => {
    const { events: heard, reply } = await ask(await answering(answer));
    expect(heard.some(({ type }) => type === "retry")).toBe(false);
    expect(reply).toMatchObject({ stop: "done", usage: { input: 5, output: 2 } });
    expect(reply.message.text).toBe("Grüße, Wörld 😀");
  });

  test("when it is 5 MB long", async () => {
    const many = events(...Array.from({ length: 5000 }, () => chunk({ content: "x".repeat(1000) })));
    const { reply } = await ask(await answering(many + whole));
    expect(reply.message.text.length).toBe(5_000_015);
  });
});

describe("a broken reply is asked for again", () => {
  const torn = events(chunk({ content: "par" }));
  const dying =
    (die: "end" | "destroy"): Answer =>
    (response) => {
      response.writeHead(200).write(torn);
      setTimeout(() => (die === "end" ? response.socket?.end() : response.socket?.resetAndDestroy()), 20);
    };
  test.each<[string, Answer, string]>([
    ["cut between two events", torn, "cut_off"],
    ["cut inside an event", `${torn}data: {"choices":[{"del`, "cut_off"],
    ["cut, and called JSON", sending(torn, { "content-type": "application/json" }), "cut_off"],
    ["closed in the middle", dying("end"), "cut_off"],
    ["reset in the middle", dying("destroy"), "cut_off"],
    ["reset before it began", (response) => response.socket?.resetAndDestroy(), "cut_off"],
    ["empty", sending(""), "cut_off"],
    [
      "an error event",
      `${torn}data: {"error":{"message":"Provider returned error","code":502}}\n\n`,
      "overloaded",
    ],
    [
      "a proxy's page",
      (response) => response.writeHead(502).end("<html><title>Bad Gateway</title>"),
      "overloaded",
    ],
    ["a 429 in milliseconds", refusing(429, { message: "slow" }, { "retry-after-ms": "1" }), "rate_limit"],
    ["a 429 in seconds", refusing(429, { message: "slow" }, { "retry-after": "0" }), "rate_limit"],
    ["a 429 in words", refusing(429, { message: "Please try again in 1ms." }), "rate_limit"],
  ])("%s", async (_, answer, kind) => {
    const { events: heard, reply } = await ask(await answering(answer, fine));
    const retries = heard.filter((event) => event.type === "retry");
    expect(retries.map(({ error }) => error.kind)).toEqual([kind]);
    expect(reply.message.text).toBe("Fine.");
  });
});

test.each([
  ["application/json", '{"choices":[{"message":{"content":"hi"}}]}'],
  ["text/html; charset=utf-8", "<html><title>Welcome</title></html>"],
])("%s instead of a stream is said, and not asked for again", async (type, body) => {
  const { reply } = await ask(await answering(sending(body, { "content-type": type })));
  expect(reply.error).toMatchObject({ kind: "bad_reply", retryable: false });
  expect(reply.error?.message).toContain(`answered with ${type} where a stream`);
});

test("a quota that is used up is not asked twice", async () => {
  const server = await answering(
    refusing(429, { code: "insufficient_quota", message: "check your plan" }),
    fine,
  );
  expect((await ask(server)).reply.error?.kind).toBe("quota");
  expect(server.received).toHaveLength(1);
});

test("a stop reaches the server in the middle of the reply", async () => {
  let left = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = await answering((response) => {
    response.on("close", left);
    response.writeHead(200).write(events(chunk({ content: "Half" })));
  });
  const stop = new AbortController();
  const provider = await openOpenAI("a-model", { OPENAI_BASE_URL: `${server.url}/v1` });
  const { reply } = await hear(modelOf(provider).stream({ conversation: hello }, stop.signal), () =>
    stop.abort(),
  );
  await gone;
  expect(reply).toMatchObject({ stop: "aborted", message: { text: "Half", toolCalls: [] } });
});

describe("the SDK sees the environment that it is given, and no other", () => {
  test("no key means a placeholder, and no organisation", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-of-the-process");
    vi.stubEnv("OPENAI_ORG_ID", "org-of-the-process");
    vi.stubEnv("OPENAI_LOG", "debug");
    const log = vi.spyOn(console, "debug");
    const server = await answering(fine);
    await ask(server);
    expect(server.received[0]?.headers.authorization).toBe("Bearer none");
    expect(server.received[0]?.headers).not.toHaveProperty("openai-organization");
    expect(log).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test("what .env holds is sent", async () => {
    const server = await answering(fine);
    const provider = await openOpenAI("a-model", {
      ...{ OPENAI_BASE_URL: `${server.url}/v1/`, OPENAI_API_KEY: "sk-of-the-file" },
      ...{ OPENAI_ORG_ID: "org-1", OPENAI_PROJECT_ID: "proj-1" },
    });
    await hear(modelOf(provider).stream({ conversation: hello }, new AbortController().signal));
    expect(server.received[0]).toMatchObject({
      path: "/v1/chat/completions",
      headers: {
        authorization: "Bearer sk-of-the-file",
        "openai-organization": "org-1",
        "openai-project": "proj-1",
      },
    });
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
