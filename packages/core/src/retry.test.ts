import { describe, expect, test } from "vitest";
import type { ModelError } from "./model.ts";
import {
  givenUp,
  parseDuration,
  showDuration,
  waitBeforeRetry,
  waitFromHeaders,
  waitFromText,
} from "./retry.ts";

const overloaded: ModelError = { kind: "overloaded", message: "busy", retryable: true };
const most = () => 1;

describe("waitBeforeRetry", () => {
  test("the bound doubles from half a second, and the fifth failure is the last", () => {
    const waits = [1, 2, 3, 4, 5].map((attempt) => waitBeforeRetry(attempt, overloaded, most));
    expect(waits).toEqual([500, 1000, 2000, 4000, undefined]);
  });

  test("a service that was silent is asked once more", () => {
    const silent: ModelError = { kind: "timeout", message: "sent nothing for 5 min", retryable: true };
    expect([1, 2].map((attempt) => waitBeforeRetry(attempt, silent, most))).toEqual([500, undefined]);
    expect(waitBeforeRetry(4, { ...silent, status: 504 }, most)).toBe(4000);
  });

  test("the wait is drawn from the whole range", () => {
    expect(waitBeforeRetry(3, overloaded, () => 0)).toBe(0);
    expect(waitBeforeRetry(3, overloaded, () => 0.25)).toBe(500);
  });

  test("the service's own hint rules", () => {
    expect(waitBeforeRetry(1, { ...overloaded, retryAfterMs: 12_345 }, most)).toBe(12_345);
    expect(waitBeforeRetry(1, { ...overloaded, retryAfterMs: 60_000 }, most)).toBe(60_000);
  });

  test("a wait of more than a minute is not waited", () => {
    expect(waitBeforeRetry(1, { ...overloaded, retryAfterMs: 60_001 }, most)).toBeUndefined();
  });

  test("what cannot get better is not tried again, whatever the service hints", () => {
    const quota: ModelError = { kind: "quota", message: "spent", retryable: false, retryAfterMs: 10 };
    expect(waitBeforeRetry(1, quota, most)).toBeUndefined();
  });
});

describe("givenUp", () => {
  test("says how often it was tried, before the hint", () => {
    expect(givenUp(5, { ...overloaded, hint: "Ask later." }).hint).toBe("Tried 5 times. Ask later.");
    expect(givenUp(5, overloaded).hint).toBe("Tried 5 times.");
  });

  test("says how long the service wants to be left alone", () => {
    expect(givenUp(1, { ...overloaded, retryAfterMs: 7_000_000 }).hint).toBe(
      "It asks to wait 117 min. Ask again then.",
    );
  });

  test("leaves an error alone that was never worth a second try", () => {
    const refused: ModelError = { kind: "bad_key", message: "no", retryable: false };
    expect(givenUp(1, refused)).toEqual(refused);
  });
});

describe("waitFromHeaders", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  test.each([
    [{ "retry-after-ms": "1500" }, 1500],
    [{ "retry-after-ms": "20", "retry-after": "9" }, 20],
    [{ "retry-after": "9" }, 9000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "10s" }, 10_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Fri, 20 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after-ms": "soon", "retry-after": "2" }, 2000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{}, undefined],
  ])("%j", (headers, wait) => {
    expect(waitFromHeaders(new Headers(headers as Record<string, string>), now)).toBe(wait);
  });
});

describe("waitFromText", () => {
  test.each([
    ["Rate limit reached. Please try again in 12.3s. Visit https://x", 12_300],
    ["Please try again in 20ms.", 20],
    ["Please try again in 1m12.5s.", 72_500],
    ["please try again in 6m0s", 360_000],
    ["Please retry in 17.2s.", 17_200],
    ["Please retry after 8 seconds.", 8000],
    ["Try again in 2 minutes", 120_000],
    ["Try again in 1h", 3_600_000],
    ["Please wait 9 seconds before retrying.", 9000],
    ["Try again in about 2 seconds.", 2000],
    ["Please retry your request after 3 seconds.", 3000],
    ["You can wait for 2 models at once.", undefined],
    ["Limit 30000, Used 28800, Requested 2400.", undefined],
    ["Please try again later.", undefined],
    ["Please try again in a moment.", undefined],
  ])("%s", (text, wait) => {
    expect(waitFromText(text)).toBe(wait);
  });
});

test.each([
  ["17s", 17_000],
  ["0.25s", 250],
  ["1m12.5s", 72_500],
  ["250ms", 250],
  ["1h1m1s", 3_661_000],
  ["tomorrow", undefined],
])("parseDuration(%j)", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [1, "1 ms"],
  [999.2, "1000 ms"],
  [1001, "2 s"],
  [90_000, "90 s"],
  [121_000, "3 min"],
  [86_400_000, "24 h"],
])("showDuration(%d)", (ms, shown) => {
  expect(showDuration(ms)).toBe(shown);
});
