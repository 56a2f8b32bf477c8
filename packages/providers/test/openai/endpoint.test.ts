import { UsageError } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { endpointOf } from "../../src/openai/endpoint.ts";

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
