import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";

const ESCAPE = "\x1b";
/** Esc as terminals with the protocol of kitty send it: it is over with its last byte. */
const WHOLE_ESCAPE = "\x1b[27u";
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_O = "\x0f";
const LEFT = "\x1b[D";
const UP = "\x1b[A";

const states = [
  ["wait", "thinking"],
  ["stream", "word9"],
  ["halt", "Let me look."],
  ["tool", "bash sleep 60"],
  ["retry", "Trying again in 60 s."],
] as const;

test.each(states)(
  "Esc and Ctrl-C stop a turn in the state %s, and the conversation goes on",
  async (request, sign) => {
    const terminal = startOnScreen();
    await terminal.prompted(0);
    for (const [index, key] of [ESCAPE, CTRL_C].entries()) {
      const before = terminal.page().length;
      const page = () => terminal.page().slice(before);
      terminal.type(`${request}\r`);
      await terminal.until(() => page().join("\n").includes(sign));
      terminal.type(key);
      await terminal.prompted(2 * index + 1);
      expect(page()).toContain("stopped");
      terminal.type("go on\r");
      await terminal.prompted(2 * index + 2);
      expect(page()).toContain('asked "go on"');
    }
  },
);

test("an arrow during a turn is no Esc", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("resize\r");
  await terminal.until("Those that");
  terminal.type(`${LEFT}x`);
  await terminal.until((lines) => lines.at(-1) === "› x");
  terminal.resize(80, 30);
  await terminal.until((lines) => lines.join(" ").includes("the answer ends.") && lines.at(-1) === "› x");
  expect(terminal.lines()).not.toContain("stopped");
});

test("Esc at the prompt does nothing, and arrows and Alt-Enter still work", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("helo");
  await terminal.until("› helo");
  terminal.type(`${WHOLE_ESCAPE}${LEFT}l\x1b[F\x1b\rmore\r`);
  await terminal.until(String.raw`asked "hello\nmore"`);
});

test("the spinner says what is waited for, below a blank line, and goes without a trace", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("tool\r");
  await terminal.until((lines) =>
    /^› tool\n\n[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] bash sleep 60( \d+ s)?$/.test(lines.slice(-3).join("\n")),
  );
  await terminal.until(() => terminal.cursor().column === 0);
  terminal.type(ESCAPE);
  await terminal.prompted(1);
  expect(terminal.page().slice(4)).toEqual([
    "› tool",
    "",
    "• bash sleep 60 → stopped by the user",
    "",
    "stopped",
    "",
    "›",
  ]);
});

test("a spinner below half a line of text goes, and the text goes on where it was", async () => {
  const terminal = startOnScreen([], { columns: 40, rows: 8 });
  await terminal.prompted(0);
  terminal.type("halt\r");
  await terminal.until((lines) => /^Let me look\.\n\n\S writing/.test(lines.slice(-3).join("\n")));
  terminal.resize(30, 8);
  terminal.type(ESCAPE);
  await terminal.prompted(1);
  expect(terminal.page().slice(-7)).toEqual([
    "Let me look.",
    "",
    "stopped",
    "",
    "usage unknown · N s",
    "",
    "›",
  ]);
});

test("Ctrl-O at the prompt shows all of the last result on its own page, and keeps what is typed", async () => {
  const terminal = startOnScreen([], { rows: 50 });
  await terminal.prompted(0);
  terminal.type(CTRL_O);
  await terminal.until("No tool has run yet.");
  terminal.type("work\r");
  await terminal.until("It is fixed.");
  await terminal.until((lines) => lines.at(-1) === "›");
  terminal.type(`half a request${LEFT}${CTRL_O}`);
  await terminal.until("q leaves");
  const lines = terminal.lines();
  expect(lines.slice(lines.indexOf("• bash npm test → exit 1, N s")).filter((line) => line !== "")).toEqual([
    "• bash npm test → exit 1, N s",
    "exit 1",
    "stdout:",
    "red \\x1b[31mtext\\x07",
    expect.stringContaining("q leaves"),
  ]);
  terminal.type(CTRL_O);
  await terminal.until((shown) => shown.at(-1) === "› half a request");
  await terminal.until(() => terminal.cursor().column === "› half a reques".length);
  expect(terminal.page()).not.toContain("stdout:");
});

test("a window that changes its size draws no prompt on the page of Ctrl-O, and one prompt below it", async () => {
  const terminal = startOnScreen([], { rows: 50 });
  await terminal.prompted(0);
  terminal.type("work\r");
  await terminal.prompted(1);
  terminal.type(`half a request${CTRL_O}`);
  await terminal.until("q leaves");
  terminal.resize(30, 40);
  await sleep(200); // longer than a prompt waits for the last of many resizes
  terminal.type("q");
  await terminal.until((shown) => shown.at(-1) === "› half a request");
  const drawn = terminal.drawn();
  const page = drawn.slice(drawn.indexOf("\x1b[?1049h"), drawn.indexOf("\x1b[?1049l"));
  expect(page).toContain("q leaves");
  expect(page).not.toContain("half a request");
  expect(terminal.page().filter((line) => line.includes("half a request"))).toHaveLength(1);
});

test("earlier requests come back with the arrow, and Ctrl-D leaves", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("first\r");
  await terminal.prompted(1);
  terminal.type(`${UP}!\r`);
  await terminal.until('asked "first!"');
  await terminal.prompted(2);
  terminal.type(CTRL_D);
  expect(await terminal.exitCode).toBe(0);
});

test("attempts that fail one after the other leave no trace on the screen", async () => {
  const terminal = startOnScreen([], { agent: "agent" });
  await terminal.prompted(0);
  terminal.type("retries\r");
  for (const [attempt, words] of ["2 s. It is busy.", "4 s. It is busy.", "6 s. It broke off."].entries()) {
    await terminal.until(`Trying again in ${words}`);
    expect(terminal.lines().filter((line) => line.includes("Trying again"))).toHaveLength(1);
    terminal.resize(80, 25 + attempt); // goes on
  }
  await terminal.prompted(1);
  expect(terminal.page().slice(4, -2)).toEqual(["› retries", "", "here I am", "", "usage unknown · N s"]);
});
