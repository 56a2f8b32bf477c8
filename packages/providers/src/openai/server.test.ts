import { UsageError } from "@eightfold/core";
import { freePort } from "@eightfold/core/test/free-port";
import { sendJson, serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, test } from "vitest";
import { ask as askOnce } from "../../test/ask.ts";
import { openOpenAI } from "./index.ts";
import { endpointOf } from "./server.ts";

const key = "sk-0123456789";

test.each([
  [{ OPENAI_API_KEY: key }, "https://api.openai.com/v1", "responses", "OpenAI"],
  [{ OPENAI_API_KEY: key, OPENAI_API: "chat" }, "https://api.openai.com/v1", "chat", "OpenAI"],
  [
    { OPENAI_API_KEY: key, OPENAI_BASE_URL: "https://eu.api.openai.com/v1/" },
    "https://eu.api.openai.com/v1",
    "responses",
    "OpenAI",
  ],
  [
    { OPENAI_BASE_URL: "http://localhost:1234/v1" },
    "http://localhost:1234/v1",
    "chat",
    "The server at http://localhost:1234/v1",
  ],
  [
    { OPENAI_BASE_URL: "https://openrouter.ai/api/v1", OPENAI_API: "responses" },
    "https://openrouter.ai/api/v1",
    "responses",
    "The server at https://openrouter.ai/api/v1",
  ],
  [
    { OPENAI_BASE_URL: "http://localhost:1234/v1/chat/completions/" },
    "http://localhost:1234/v1",
    "chat",
    "The server at http://localhost:1234/v1",
  ],
  [
    { OPENAI_BASE_URL: "http://localhost:1234/v1/responses" },
    "http://localhost:1234/v1",
    "responses",
    "The server at http://localhost:1234/v1",
  ],
  [
    { OPENAI_API_KEY: key, OPENAI_BASE_URL: "https://api.openai.com/v1/chat/completions" },
    "https://api.openai.com/v1",
    "chat",
    "OpenAI",
  ],
  [
    { OPENAI_BASE_URL: "https://api.openai.com.evil.example/v1" },
    "https://api.openai.com.evil.example/v1",
    "chat",
    "The server at https://api.openai.com.evil.example/v1",
  ],
])("%j", (env, baseURL, api, label) => {
  expect(endpointOf(env)).toMatchObject({ baseURL, api, label });
});

test("plain http is a server of one's own", () => {
  expect(endpointOf({ OPENAI_BASE_URL: "http://192.168.0.7:8080/v1" }).isOwn).toBe(true);
  expect(endpointOf({ OPENAI_BASE_URL: "https://openrouter.ai/api/v1" }).isOwn).toBe(false);
});

describe("settings that cannot work are said before any request", () => {
  test.each([
    [{}, /needs an API key.*OPENAI_API_KEY=/],
    [{ OPENAI_BASE_URL: "https://api.openai.com/v1" }, /needs an API key/],
    [{ OPENAI_BASE_URL: "localhost:1234/v1" }, /must begin with http/],
    [{ OPENAI_BASE_URL: "ftp://example.com/" }, /must begin with http/],
    [{ OPENAI_BASE_URL: "nonsense" }, /must begin with http/],
    [{ OPENAI_BASE_URL: "http://me:secret@localhost/v1" }, /holds a password/],
    [{ OPENAI_BASE_URL: "https://api.deepseek.com/anthropic/v1/messages" }, /ANTHROPIC_BASE_URL/],
    [{ OPENAI_API_KEY: key, OPENAI_API: "completions" }, /"responses" or "chat"/],
    [{ OPENAI_API_KEY: "sk-1\nsk-2" }, /Copy it again/],
    [{ OPENAI_API_KEY: "sk-ключ" }, /Copy it again/],
  ])("%j", (env, words) => {
    expect(() => endpointOf(env)).toThrow(UsageError);
    expect(() => endpointOf(env)).toThrow(words);
  });

  test("and a secret is not repeated on the screen", () => {
    expect(() => endpointOf({ OPENAI_BASE_URL: "http://me:secret@localhost/v1" })).not.toThrow(/secret/);
    expect(() => endpointOf({ OPENAI_API_KEY: "sk-sécret" })).not.toThrow(/sk-s/);
  });
});

async function nameAt(body: unknown, status = 200, key?: string): Promise<string> {
  const { url, received } = await serve((_, response) => sendJson(response, status, body));
  const provider = await openOpenAI(undefined, { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key });
  expect(received[0]).toMatchObject({ method: "GET", path: "/v1/models" });
  expect(received[0]?.headers.authorization).toBe(key && `Bearer ${key}`);
  return provider.name;
}

const list = (...ids: string[]) => ({ object: "list", data: ids.map((id) => ({ id, object: "model" })) });

test("a server with one model is asked for its name", async () => {
  expect(await nameAt(list("qwen3-8b"))).toBe("qwen3-8b");
  expect(await nameAt([{ id: "bare" }])).toBe("bare");
});

test("the key goes along", async () => {
  expect(await nameAt(list("qwen3-8b"), 200, "sk-1")).toBe("qwen3-8b");
});

test("models that only embed text are none", async () => {
  expect(await nameAt(list("text-embedding-nomic", "qwen3-8b"))).toBe("qwen3-8b");
});

test("of several models none is taken by chance", async () => {
  const choice = nameAt(list("a", "b", "c", "d", "e", "f", "g", "h", "i"));
  await expect(choice).rejects.toThrow(UsageError);
  await expect(choice).rejects.toThrow(
    /has 9 models: a, b, c, d, e, f, g, h, …\.\nName one: --model openai:a$/,
  );
});

test.each([
  [list(), 200, /lists no model/],
  [{ error: "no" }, 404, /does not say which models it has: it answered 404/],
  ["<html>", 200, /lists no model/],
])("%j (%d) asks for a name", async (body, status, words) => {
  await expect(nameAt(body, status)).rejects.toThrow(UsageError);
  await expect(nameAt(body, status)).rejects.toThrow(words);
});

test("a server that wants a key is not asked for the name of a model", async () => {
  const withoutKey = nameAt({ error: { message: "no key" } }, 401);
  await expect(withoutKey).rejects.toThrow(UsageError);
  await expect(withoutKey).rejects.toThrow(
    /\/v1 answers to those with a key only\.\nSet OPENAI_API_KEY to a key for/,
  );
  await expect(nameAt({}, 401, "sk-1")).rejects.toThrow(/ refuses the key\.\nCheck OPENAI_API_KEY\.$/);
});

test("a server that does not run is named", async () => {
  const baseURL = `http://127.0.0.1:${await freePort()}/v1`;
  const opening = openOpenAI(undefined, { OPENAI_BASE_URL: baseURL });
  await expect(opening).rejects.toThrow(UsageError);
  await expect(opening).rejects.toThrow(`The server at ${baseURL} is not running`);
});

test("OpenAI itself has a default, and is not asked", async () => {
  expect((await openOpenAI(undefined, { OPENAI_API_KEY: "sk-1" })).name).toBe("gpt-6.1-sol");
});

test("a query of the base URL goes behind each path, and in no message", async () => {
  const server = await serve(({ path }, response) => {
    if (path.startsWith("/v1/models")) return sendJson(response, 200, { data: [{ id: "m" }] });
    return sendJson(response, 400, { error: { message: "api-key s3cret-0123 is wrong" } });
  });
  const env = { OPENAI_BASE_URL: `${server.url}/v1?api-version=2&code=s3cret-0123` };
  const provider = await openOpenAI(undefined, env);
  const { error } = await askOnce(provider, { conversation: [{ role: "user", text: "hello" }] });
  expect(server.received.map(({ path }) => path)).toEqual([
    "/v1/models?api-version=2&code=s3cret-0123",
    "/v1/chat/completions?api-version=2&code=s3cret-0123",
  ]);
  expect(error?.message).toMatch(/^The server at http:\S+\/v1 answered 400: api-key \[key\] is wrong$/);
});

test.each([{ data: {} }, { data: [null, 3, { id: 5 }] }, null, 7, "x", [null]])(
  "a list of models of another shape lists none: %j",
  async (body) => {
    const server = await serve((_, response) => sendJson(response, 200, body));
    await expect(openOpenAI(undefined, { OPENAI_BASE_URL: `${server.url}/v1` })).rejects.toThrow(
      /lists no model/,
    );
  },
);
