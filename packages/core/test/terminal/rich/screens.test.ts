import { expect, test } from "vitest";
import { startOnScreen } from "./fixtures/emulator.ts";

test("answers at 80×24", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("markdown\r");
  await terminal.prompted(1);
  expect(terminal.page().slice(4)).toEqual([]);
});

test("answers at 40×20", async () => {
  const terminal = startOnScreen([], { columns: 40, rows: 20 });
  await terminal.prompted(0);
  terminal.type("markdown\r");
  await terminal.prompted(1);
  expect(terminal.page()).toEqual([]);
});

test("tools at 80×24", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("work\r");
  await terminal.prompted(1);
  expect(terminal.page().slice(4)).toEqual([]);
});

test("tools at 40×20", async () => {
  const terminal = startOnScreen([], { columns: 40, rows: 20 });
  await terminal.prompted(0);
  terminal.type("work\r");
  await terminal.prompted(1);
  expect(terminal.page().slice(7)).toEqual([]);
});
