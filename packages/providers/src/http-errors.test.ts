import { freePort } from "@eightfold/core/test/free-port";
import { serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, test } from "vitest";
import { explainNetwork, explainStatus, readErrorBody } from "./http-errors.ts";

/** An error with a code, wrapped as fetch and an SDK wrap it. */
function wrapped(code: string, more: object = {}): Error {
  const socket = Object.assign(new Error(`connect ${code}`), { code, ...more });
  return new Error("Connection error.", { cause: new TypeError("fetch failed", { cause: socket }) });
}

describe("explainNetwork", () => {
  test.each([
    ["ENOTFOUND", "unreachable", false, "the host api.nowhere is not found"],
    ["EAI_AGAIN", "unreachable", true, "the host api.nowhere is not found"],
    ["ECONNRESET", "cut_off", true, "closed the connection"],
    ["EPIPE", "cut_off", true, "closed the connection"],
    ["UND_ERR_SOCKET", "cut_off", true, "closed the connection"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout", true, "too long"],
    ["UND_ERR_BODY_TIMEOUT", "timeout", true, "too long"],
    ["UND_ERR_CONNECT_TIMEOUT", "unreachable", true, "UND_ERR_CONNECT_TIMEOUT"],
    ["ETIMEDOUT", "unreachable", true, "ETIMEDOUT"],
    ["EHOSTUNREACH", "unreachable", true, "EHOSTUNREACH"],
    ["UND_ERR_DESTROYED", "unreachable", true, "UND_ERR_DESTROYED"],
    ["CERT_HAS_EXPIRED", "unreachable", false, "no secure connection"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "unreachable", false, "no secure connection"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "unreachable", false, "no secure connection"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "unreachable", false, "no secure connection"],
    ["HPE_INVALID_CONSTANT", "bad_reply", true, "not HTTP"],
  ])("%s is %s", (code, kind, retryable, words) => {
    const error = explainNetwork(wrapped(code, { hostname: "api.nowhere" }), "OpenAI");
    expect(error).toMatchObject({ kind, retryable });
    expect(error?.message).toMatch(/^OpenAI /);
    expect(error?.message).toContain(words);
  });

  test("words of OpenSSL's and of a timer's are told in ours", () => {
    const reason = "wrong version number";
    const tls = wrapped("ERR_SSL_WRONG_VERSION_NUMBER", { reason, message: "0A0:error:../ssl.c:78:" });
    expect(explainNetwork(tls, "OpenAI")?.message).toContain(`no secure connection: ${reason} (ERR_SSL`);
    const late = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    expect(explainNetwork(late, "OpenAI")).toMatchObject({ kind: "timeout" });
  });

  test.each([
    [new TypeError("terminated"), "cut_off"],
    [new Error("socket hang up"), "cut_off"],
    [new TypeError("fetch failed"), "unreachable"],
  ])("%s, without any code", (error, kind) => {
    expect(explainNetwork(error, "OpenAI")).toMatchObject({ kind, retryable: true });
  });

  test.each([
    new Error("terminated by the user's wish"),
    new TypeError("x is not a function"),
    "text",
    undefined,
  ])("%s is none of the network's", (error) => {
    expect(explainNetwork(error, "OpenAI")).toBeUndefined();
  });

  test("a chain of causes that bites its own tail comes to an end", () => {
    const error = new Error("round");
    error.cause = error;
    expect(explainNetwork(error, "OpenAI")).toBeUndefined();
  });

  test.each(["127.0.0.1", "localhost", "[::1]"])(
    "nothing listens on %s: start it, no use in waiting",
    async (host) => {
      const port = await freePort();
      const error = await fetch(`http://${host}:${port}/`).catch((failure: unknown) => failure);
      expect(explainNetwork(error, "Ollama")).toEqual({
        kind: "unreachable",
        message: `Ollama is not running: nothing answers on port ${port}.`,
        hint: "Start it, or correct its address.",
        retryable: false,
      });
    },
  );

  test("a refusal deep in the causes is told with its port", () => {
    const error = wrapped("ECONNREFUSED", { address: "127.0.0.1", port: 9 });
    const message = "scripted is not running: nothing answers on port 9.";
    expect(explainNetwork(error, "scripted")).toMatchObject({
      kind: "unreachable",
      retryable: false,
      message,
    });
  });

  test("a machine elsewhere that refuses may come back", () => {
    const error = wrapped("ECONNREFUSED", { address: "203.0.113.7", port: 443 });
    expect(explainNetwork(error, "OpenAI")).toMatchObject({ kind: "unreachable", retryable: true });
  });

  test("https to a server that speaks http", async () => {
    const { url } = await serve((_, response) => response.end());
    const error = await fetch(url.replace("http:", "https:")).catch((failure: unknown) => failure);
    expect(explainNetwork(error, "The server")).toMatchObject({ kind: "unreachable", retryable: false });
    expect(explainNetwork(error, "The server")?.hint).toContain("http://");
  });

  test("a server that dies in the middle of its answer", async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200).write("half");
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    });
    const response = await fetch(url);
    const error = await response.text().catch((failure: unknown) => failure);
    expect(explainNetwork(error, "OpenAI")).toMatchObject({ kind: "cut_off", retryable: true });
  });
});

describe("explainStatus", () => {
  test.each([
    [400, "bad_request", false],
    [401, "bad_key", false],
    [402, "quota", false],
    [403, "no_access", false],
    [404, "bad_request", false],
    [408, "timeout", true],
    [409, "overloaded", true],
    [413, "context_too_long", false],
    [422, "bad_request", false],
    [425, "overloaded", true],
    [429, "rate_limit", true],
    [499, "overloaded", true],
    [500, "overloaded", true],
    [501, "overloaded", false],
    [502, "overloaded", true],
    [503, "overloaded", true],
    [504, "timeout", true],
    [529, "overloaded", true],
  ])("%d is %s", (status, kind, retryable) => {
    const error = explainStatus("OpenAI", { status, said: "Sorry." });
    expect(error).toEqual({ kind, retryable, status, message: `OpenAI answered ${status}: Sorry.` });
  });

  test("says nothing where nothing was said, and keeps the wait", () => {
    expect(explainStatus("Gemini", { status: 429 }, 17_000)).toEqual({
      kind: "rate_limit",
      message: "Gemini answered 429",
      retryable: true,
      retryAfterMs: 17_000,
      status: 429,
    });
  });
});

test.each<[unknown, string]>([
  [{ message: "No.", code: 429 }, "No."],
  [{ error: { message: "No." } }, "No."],
  [[{ error: { message: "No." } }], "No."],
  [{ error: "No." }, "No."],
  [{ detail: "No." }, "No."],
  ["No.", "No."],
  [{ detail: [{ loc: ["body"] }] }, ""],
  [{ error: null }, ""],
  [undefined, ""],
])("a service that refuses with %j has said %j", (body, said) => {
  expect(readErrorBody(body).said).toBe(said);
});

test.each<[unknown, string]>([
  [
    {
      error: {
        message: "Provider returned error",
        code: 400,
        metadata: { raw: '{"error":{"message":"maximum context length is 32768"}}' },
      },
    },
    "maximum context length is 32768",
  ],
  [{ error: { message: "Provider returned error", metadata: { raw: { detail: "No." } } } }, "No."],
  [
    { error: { message: "Provider returned error", metadata: { raw: "Upstream is busy" } } },
    "Upstream is busy",
  ],
  [{ error: '{"error":{"message":"No."}}' }, "No."],
  [{ message: 'got status: UNAVAILABLE. {"error":{"message":"No."}}' }, "No."],
  [{ statusCode: 400, error: "Bad Request", message: "No." }, "No."],
  [{ type: "about:blank", title: "Bad Request", detail: "No.", status: 400 }, "No."],
  [{ title: "Too Many Requests" }, "Too Many Requests"],
  [{ errors: [{ message: "No." }] }, "No."],
  [{ detail: [{ loc: ["body", "n"], msg: "No.", type: "extra_forbidden" }] }, "n: No."],
  [{ error: { message: { text: 3 }, detail: "No." } }, "No."],
  [{ problem: "It is too late." }, "It is too late."],
  [{ error: "null", message: "undefined" }, ""],
  [{ error: {}, message: [] }, ""],
  [{ error: { message: "Error: [object Object]" } }, "Error: …"],
  ["Range of input length should be [1, 32768]", "Range of input length should be [1, 32768]"],
  [JSON.parse('{"error":'.repeat(50).concat("1", "}".repeat(50))), ""],
])("the innermost reason of %j is %j", (body, said) => {
  expect(readErrorBody(body).said).toBe(said);
});

test("what is refused and why is read wherever it stands", () => {
  const body = { detail: [{ type: "extra_forbidden", loc: ["body", "stream_options"], msg: "No." }] };
  expect(readErrorBody(body)).toMatchObject({ param: "stream_options", type: "extra_forbidden" });
  const outer = {
    error: { message: "Outer", code: 429, metadata: { raw: '{"error":{"message":"Inner","code":"busy"}}' } },
  };
  expect(readErrorBody(outer)).toMatchObject({ told: 429, code: "busy" });
  expect(readErrorBody({ error: { code: "context_length_exceeded" } })).toMatchObject({
    code: "context_length_exceeded",
  });
  expect(readErrorBody({ Error: { Code: "Denied", Message: "No." } })).toMatchObject({
    code: "Denied",
    said: "No.",
  });
  expect(readErrorBody({ error: { message: "Slow down.", retry_after: 5 } }).details).toEqual([
    { retryDelay: "5s" },
  ]);
});
