import type { ToolCall } from "@eightfold/core";
import { expect, test } from "vitest";
import { runningCalls } from "../../src/rich/running-calls.ts";
import { startOnScreen } from "./fixtures/emulator.ts";

const call = (id: string, task: string): ToolCall => ({ id, name: "delegate", input: { task } });
const one = call("1", "find the parser");
const two = call("2", "read the tests");

test("calls that run side by side are named until each has ended, in any order", () => {
  const running = runningCalls();
  expect(running.words(80)).toBeUndefined();
  running.start(one);
  running.start(two);
  expect(running.words(80)).toBe("delegate find the parser · delegate read the tests");
  running.progress(two, "delegate 2: reading src/a.js");
  expect(running.words(80)).toBe("delegate find the parser · delegate 2: reading src/a.js");
  running.end(one);
  expect(running.words(80)).toBe("delegate 2: reading src/a.js");
  running.end(two);
  running.progress(two, "too late");
  expect(running.words(80)).toBeUndefined();
});

test("each gets its share of a narrow line, and nothing in it is obeyed", () => {
  const running = runningCalls();
  running.start(one);
  running.start(two);
  running.progress(one, "grep \x1b[2J\n in a folder with a long name");
  expect(running.words(43)).toBe("grep \\x1b[2J\\n in a… · delegate read the t…");
});

test("the line says what the calls are doing, and each result stays when it comes", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("side-by-side\r");
  await terminal.until("delegate 1: grep /parse/ · delegate 2: read src/a.js");
  terminal.resize(80, 25);
  await terminal.until((lines) => /^\S delegate 1: grep \/parse\/( \d+ s)?$/.test(lines.at(-1) ?? ""));
  expect(terminal.page().slice(4, 7)).toEqual(["› side-by-side", "", "• delegate two → ended after 2 steps"]);
  terminal.resize(80, 26);
  await terminal.prompted(1);
  expect(terminal.page().slice(4, 8)).toEqual([
    "› side-by-side",
    "",
    "• delegate two → ended after 2 steps",
    "• delegate one → ended after 3 steps",
  ]);
});
