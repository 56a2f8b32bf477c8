import type { Model } from "@eightfold/core";
import { expect, test } from "vitest";
import { contextWindow } from "../src/context-window.ts";

const never = new AbortController().signal;

function named(provider: string, name: string, told?: () => Promise<number>): Model {
  return {
    provider,
    name,
    stream(): never {
      throw new Error("Nothing is asked.");
    },
    ...(told && { contextWindow: told }),
  };
}

test("a window is what the provider says, else what is published, else a careful guess", async () => {
  expect(
    await contextWindow(
      named("ollama", "qwen3", async () => 40_960),
      never,
      {},
    ),
  ).toBe(40_960);
  expect(await contextWindow(named("gemini", "gemini-3.8-flash"), never, {})).toBe(1_000_000);
  expect(await contextWindow(named("openai", "gpt-6.1-sol"), never, {})).toBe(922_000);
  expect(await contextWindow(named("openai", "my-own"), never, {})).toBe(128_000);
});

test("EIGHTFOLD_CONTEXT sets the window, within what the provider says", async () => {
  const env = { EIGHTFOLD_CONTEXT: "16000" };
  expect(await contextWindow(named("openai", "gpt-6.1-sol"), never, env)).toBe(16_000);
  expect(
    await contextWindow(
      named("ollama", "qwen3", async () => 40_960),
      never,
      env,
    ),
  ).toBe(16_000);
  expect(
    await contextWindow(
      named("ollama", "qwen3", async () => 8192),
      never,
      env,
    ),
  ).toBe(8192);
});

test("what is no number of tokens is refused, with an example", async () => {
  const ask = (value: string) => contextWindow(named("demo", "script"), never, { EIGHTFOLD_CONTEXT: value });
  await expect(ask("16k")).rejects.toThrow('such as 16000, and not "16k".');
  await expect(ask("12")).rejects.toThrow("from 1000 on");
});

test("a server that cannot be asked leaves the guess; the request itself will say what is wrong", async () => {
  const gone = named("ollama", "qwen3", () => Promise.reject(new Error("nobody is there")));
  expect(await contextWindow(gone, never, {})).toBe(128_000);
});
