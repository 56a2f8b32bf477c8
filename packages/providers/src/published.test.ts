import type { Model } from "@eightfold/core";
import { expect, test } from "vitest";
import { contextWindow, costOf } from "./published.ts";

const november = new Date("2026-11-20T12:00:00Z");
const million = 1_000_000;

test("cached and written tokens have prices of their own, and are parts of the input", () => {
  const usage = { input: 200_000, cached: 100_000, cacheWrite: 50_000, output: 10_000, reasoning: 4000 };
  const dollars = (50_000 * 2 + 100_000 * 0.1 + 50_000 * 2.5 + 10_000 * 10) / million;
  expect(costOf("openai", "gpt-6.1-sol", usage, november)).toBeCloseTo(dollars, 10);
});

test("a long input doubles the price of all of it", () => {
  expect(costOf("openai", "gpt-6-astra", { input: 272_000, output: 0 }, november)).toBeCloseTo(2.72, 10);
  expect(costOf("openai", "gpt-6-astra", { input: 300_000, output: 1000 }, november)).toBeCloseTo(6.075, 10);
});

test("a price ends with its day", () => {
  const usage = { input: million, output: million };
  const cost = (model: string, day: string) => costOf("gemini", model, usage, new Date(day));
  expect(cost("gemini-4-argon", "2026-11-30T23:59:59Z")).toBe(12);
  expect(cost("gemini-4-argon", "2026-12-01T00:00:00Z")).toBe(24);
  expect(cost("gemini-3.8-flash", "2027-01-01T00:00:00Z")).toBeUndefined();
});

test("a snapshot costs what its model does", () => {
  expect(costOf("openai", "gpt-6-luna-2026-08-06", { input: million, output: 0 }, november)).toBe(
    costOf("openai", "gpt-6-luna", { input: million, output: 0 }, november),
  );
});

test.each([
  ["openai", "gpt-99", { input: 1, output: 1 }],
  ["openai", "constructor", { input: 1, output: 1 }],
  ["openai", "gpt-6.1-sol", { input: 1 }],
  ["openai", "gpt-6.1-sol", { output: 1 }],
  // What cached tokens of this model cost is not published.
  ["openai", "gpt-6-luna", { input: 10, cached: 5, output: 1 }],
  ["gemini", "gemini-4-argon", { input: 10, cacheWrite: 5, output: 1 }],
])("an unknown cost is unknown, and never zero: %s:%s %j", (provider, model, usage) => {
  expect(costOf(provider, model, usage, november)).toBeUndefined();
});

test("Ollama charges nothing on one's own machine; its cloud does", () => {
  expect(costOf("demo", "script", { input: 5 })).toBe(0);
  expect(costOf("ollama", "qwen3:8b", { input: 5 })).toBe(0);
  expect(costOf("ollama", "gpt-oss:120b-cloud", { input: 5, output: 5 })).toBeUndefined();
  expect(costOf("ollama", "kimi-k2.6:cloud", { input: 5, output: 5 })).toBeUndefined();
});

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
  await expect(ask("16k")).rejects.toThrow(
    'is "16k", but must be a number of tokens, 1000 or more, such as 16000.',
  );
  await expect(ask("12")).rejects.toThrow("1000 or more");
});

test("a server that cannot be asked leaves the guess; the request itself will say what is wrong", async () => {
  const gone = named("ollama", "qwen3", () => Promise.reject(new Error("nobody is there")));
  expect(await contextWindow(gone, never, {})).toBe(128_000);
});

test("Anthropic's snapshots cost what their models do, and a long prompt costs more in some", () => {
  expect(
    costOf("anthropic", "claude-opus-5-5-20260901", { input: 3, cached: 1, cacheWrite: 1, output: 1 }),
  ).toBeCloseTo((4 + 0.2 + 5 + 20) / 1e6, 12);
  const million = { input: 1_000_000, output: 1_000_000 };
  expect(costOf("anthropic", "claude-haiku-5-5", million)).toBeCloseTo(0.5 + 2.5, 9);
  expect(costOf("anthropic", "claude-opus-5-5", million)).toBeCloseTo(24, 9);
});
