import type { Usage } from "@eightfold/core";
import { expect, test } from "vitest";
import { usageLine, usageReport } from "./usage.ts";

type Reply = readonly [usage: Usage, cost?: number];

function usedBy(replies: readonly Reply[], milliseconds = 3_200) {
  return { replies: replies.map(([usage, costUsd]) => ({ usage, costUsd })), milliseconds };
}

const full: Usage = { input: 1_200, cached: 800, output: 310, reasoning: 120 };

test.each<[string, readonly Reply[], string]>([
  ["all of it", [[full, 0.0041]], "1.2k in (800 cached) · 310 out (120 reasoning) · $0.0041 · 3.2 s"],
  [
    "several replies",
    [
      [full, 0.0041],
      [full, 0.01],
    ],
    "2.4k in (1.6k cached) · 620 out (240 reasoning) · $0.014 · 3.2 s",
  ],
  ["nothing cached", [[{ input: 5, cached: 0, output: 6 }, 0]], "5 in · 6 out · $0 · 3.2 s"],
  ["no price", [[{ input: 5, output: 6 }]], "5 in · 6 out · cost unknown · 3.2 s"],
  ["no numbers", [[{}]], "usage unknown · 3.2 s"],
  ["no output", [[{ input: 5 }]], "5 in · unknown out · cost unknown · 3.2 s"],
  [
    "an estimate",
    [[{ input: 5_000, output: 60, estimated: true }, 0.2]],
    "~5.0k in · ~60 out · ~$0.20 · 3.2 s",
  ],
  [
    "a reply that did not say",
    [[full, 0.0041], [{}]],
    "1.2k+ in (800+ cached) · 310+ out (120+ reasoning) · $0.0041+ · 3.2 s",
  ],
])("the line of a turn with %s", (_, replies, line) => {
  expect(usageLine(usedBy(replies), 80)).toBe(line);
});

test("how full the model's window is comes last, and never as nothing", () => {
  const used = usedBy([[{ input: 5, output: 6 }, 0]]);
  expect(usageLine(used, 80, 0.118)).toBe("5 in · 6 out · $0 · 3.2 s · ctx 12 %");
  expect(usageLine(used, 24, 0.0001)).toBe("5 in · 6 out · $0 ·\n3.2 s · ctx 1 %");
});

test("where there is no room, the parts are left out", () => {
  expect(usageLine(usedBy([[full, 0.0041]]), 40)).toBe("1.2k in · 310 out · $0.0041 · 3.2 s");
  expect(usageLine(usedBy([[full]], 125_000), 40)).toBe("1.2k in · 310 out · cost unknown ·\n2 min 5 s");
});

test.each([
  [999, "999"],
  [1_000, "1.0k"],
  [9_949, "9.9k"],
  [9_951, "10k"],
  [123_456, "123k"],
  [999_499, "999k"],
  [999_500, "1.0M"],
  [12_000_000, "12M"],
])("%i tokens are %s", (input, shown) => {
  expect(usageLine(usedBy([[{ input, output: 1 }]]), 80)).toBe(`${shown} in · 1 out · cost unknown · 3.2 s`);
});

test.each([
  [0.00004, "<$0.0001"],
  [0.0001, "$0.00010"],
  [0.012345, "$0.012"],
  [0.5, "$0.50"],
  [12.345, "$12.35"],
])("%d dollars are %s", (cost, shown) => {
  expect(usageLine(usedBy([[{ input: 1, output: 1 }, cost]]), 80)).toBe(`1 in · 1 out · ${shown} · 3.2 s`);
});

test.each([
  [40, "0.0 s"],
  [9_949, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [125_000, "2 min 5 s"],
])("%i ms are %s", (milliseconds, shown) => {
  expect(usageLine(usedBy([[{ input: 1, output: 1 }]], milliseconds), 80)).toBe(
    `1 in · 1 out · cost unknown · ${shown}`,
  );
});

test("the report of a session has exact numbers, and says what is unknown", () => {
  expect(usageReport(usedBy([[{ input: 12_345, output: 310 }, 0.0041]]))).toBe(`| this session | |
|:--|--:|
| replies | 1 |
| input tokens | 12,345 |
| of these cached | unknown |
| output tokens | 310 |
| of these reasoning | unknown |
| cost | $0.0041 |
| time | 3.2 s |`);
});

test("the report explains its signs", () => {
  const report = usageReport(usedBy([[{ input: 5, output: 6, estimated: true }], [{}]]));
  expect(report).toContain("| input tokens | ~5+ |");
  expect(report).toContain(
    "\n\n`~` marks an estimate: the provider does not count.\n`+` marks a sum that lacks some replies.",
  );
});
