import { expect, test } from "vitest";
import { drawShares } from "../src/window/shares.ts";

test("each part has its bar, and what is left has one too", () => {
  expect(drawShares({ system: 4_000, results: 8_000, summary: 0 }, 16_000, "tokens").split("\n")).toEqual([
    "```",
    "12,000 of 16,000 tokens",
    "",
    "system   ██████                      4,000",
    "results  ████████████                8,000",
    "summary                                  0",
    "free     ░░░░░░                      4,000",
    "```",
  ]);
});

test("parts that are more than the whole leave nothing, and no bar is longer than the whole", () => {
  const drawn = drawShares({ history: 30_000 }, 16_000, "tokens");
  expect(drawn).toContain(`history  ${"█".repeat(24)}   30,000`);
  expect(drawn).toMatch(/free +0\n/);
});

test("on a narrow screen the bars are shorter, and each part stays on its line", () => {
  const drawn = drawShares({ system: 4_000, results: 128_000 }, 132_000, "tokens", 40).split("\n");
  expect(drawn).toContain(`results  ${"█".repeat(19)}  128,000`);
  expect(Math.max(...drawn.map((line) => line.length))).toBeLessThanOrEqual(40 - 3);
});
