import { expect, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";

const CTRL_O = "\x0f";

/** In a turn whose command has printed 40 lines, and goes on. */
async function whileItPrints(size: { readonly columns?: number; readonly rows?: number } = {}) {
  const terminal = startOnScreen([], { ...size, agent: "agent" });
  await terminal.prompted(0);
  terminal.type("prints\r");
  const rows = [37, 38, 39, 40].map((n) => `    test ${n}`).join();
  await terminal.until((lines) => lines.slice(-4).join() === rows);
  return terminal;
}

test("what a command prints is seen while it runs, and the last of it when it has failed", async () => {
  const terminal = await whileItPrints();
  terminal.resize(80, 30);
  await terminal.prompted(1);
  expect(terminal.page().slice(4, -4)).toEqual([
    "› prints",
    "",
    "thinking: Planning · 3 lines, Ctrl-O",
    "",
    "• bash npm test → exit 1, N s",
    "    … 31 lines above, Ctrl-O",
    ...[32, 33, 34, 35, 36, 37, 38, 39, 40].map((n) => `    test ${n}`),
    "    red \\x1b[2J",
    "",
    "It failed.",
  ]);
});

test("Ctrl-O shows all of it on a page of its own, while the turn goes on behind it", async () => {
  const terminal = await whileItPrints({ columns: 40, rows: 20 });
  terminal.type(CTRL_O);
  await terminal.until("46 of 46 rows");
  expect(terminal.lines().slice(-2, -1)).toEqual(["test 40"]);
  terminal.type("g");
  await terminal.until("Which tests are there?");
  terminal.type("G");
  terminal.resize(80, 24);
  await terminal.until("47 of 47 rows · q leaves · ↑ ↓ Space b g G");
  expect(terminal.lines().slice(-2, -1)).toEqual(["red \\x1b[2J"]);
  expect(terminal.lines()).not.toContain("It failed.");
  terminal.type("q");
  await terminal.until("It failed.");
  terminal.type("half");
  await terminal.until((lines) => lines.at(-1) === "› half");
  expect(terminal.lines().filter((line) => line.startsWith("•"))).toEqual(["• bash npm test → exit 1, N s"]);
});
