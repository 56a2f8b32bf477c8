import type { Message } from "@eightfold/core";
import { expect, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";
import { drawShares, drawTable, lastExchanges } from "./sessions.ts";

const [UP, DOWN] = ["\x1b[A", "\x1b[B"];

test("a row is chosen with the arrows and Enter, on a screen that is smaller than the list, and the list goes", async () => {
  const terminal = startOnScreen([], { agent: "choosing", columns: 40, rows: 8 });
  await terminal.until("› 11-01 15:28   $0.00  request \\x1b[2J…");
  terminal.type(DOWN.repeat(9) + UP);
  await terminal.until("› 11-09 15:28   $8.00");
  terminal.resize(60, 10);
  await terminal.until("› 11-09 15:28   $8.00  request \\x1b[2J 8");
  terminal.type("\r");
  await terminal.until("chosen 8");
  expect(terminal.lines()).toEqual(["chosen 8"]);
});

test("Esc leaves, with the exit code of an interrupt", async () => {
  const terminal = startOnScreen([], { agent: "choosing" });
  await terminal.until("Esc leaves");
  terminal.type("\x1b");
  expect(await terminal.exitCode).toBe(130);
});

test.each([
  ["SIGHUP", 129],
  ["SIGTERM", 143],
  ["SIGQUIT", 131],
] as const)("%s, while one is chosen, gives the terminal back", async (signal, exitCode) => {
  const terminal = startOnScreen([], { agent: "choosing" });
  await terminal.until("Esc leaves");
  process.kill(terminal.pid, signal);
  expect(await terminal.exitCode).toBe(exitCode);
  expect(terminal.drawn()).toContain("\x1b[?2004l");
});

test("numbers of a table are on the right, and what is last is cut at the edge of the screen", () => {
  const table = [
    ["id", "turns", "request"],
    ["a", "2", "one\ntwo"],
    ["漢字", "12", "a longer request"],
  ];
  expect(drawTable(table, 24).split("\n")).toEqual([
    "id    turns  request",
    "a         2  one\\ntwo",
    "漢字     12  a longer r…",
    "",
  ]);
});

test("who comes back to a session is shown the last two exchanges", () => {
  const user = (text: string): Message => ({ role: "user", text });
  const assistant = (text: string): Message => ({ role: "assistant", text, toolCalls: [] });
  const log = [
    user("one"),
    assistant("First."),
    user("two\nlines"),
    assistant("Let me look."),
    assistant("Second."),
    user("[The session goes on.]"),
    user("three"),
    assistant(""),
    assistant("Third."),
    user("never answered"),
    assistant(""),
  ];
  expect(lastExchanges(log)).toBe("> two\n> lines\n\nSecond.\n\n> three\n\nThird.");
  expect(lastExchanges([])).toBe("");
  expect(lastExchanges([user("x".repeat(9_000)), assistant("y".repeat(90_000))]).length).toBeLessThan(5_200);
});

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
