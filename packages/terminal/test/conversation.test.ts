import { expect, test } from "vitest";
import { startInTerminal } from "./fixtures/pseudo-terminal.ts";

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const LEFT = "\x1b[D";
const ROW_UP = "\x1b[1A";
const HOME = "\x1b[H";
const BACKSPACE = "\x7f";
const CTRL_D = "\x04";

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

test("each line that is typed is a request, until Ctrl-D leaves with exit code 0", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("hello there\r");
  await terminal.see('asked "hello there"');
  await terminal.see("› ");
  terminal.type("again\r");
  await terminal.see('asked "again"');
  await terminal.see("› ");
  terminal.type(CTRL_D);
  expect(await terminal.exitCode).toBe(0);
});

test("an empty line is no request", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("\r  \rsomething\r");
  await terminal.see('asked "something"');
  expect(terminal.drawn()).not.toContain('asked ""');
});

test("a line can be edited in the middle", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`helo${LEFT}l\r`);
  await terminal.see('asked "hello"');
});

test("a line that wraps, typed fast, is drawn again from its first row", async () => {
  const terminal = startInTerminal([], { columns: 20 });
  await terminal.see("› ");
  for (const keys of ["abcdefgh", "ijklmnop", "qrstuvwx"]) {
    terminal.type(keys);
    await terminal.see(keys.slice(-1));
  }
  terminal.type(`${HOME}123\r`);
  await terminal.see('asked\n"123abcdefghijklmnopqrstuvwx"');
  expect(terminal.drawn()).toContain(`stuvwx\x1b7 \x1b8${ROW_UP}`);
});

test("up and down walk through the earlier requests", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("first\r");
  await terminal.see('asked "first"');
  await terminal.see("› ");
  terminal.type("second\r");
  await terminal.see('asked "second"');
  await terminal.see("› ");
  terminal.type(`${UP}${UP}!\r`);
  await terminal.see('asked "first!"');
  await terminal.see("› ");
  terminal.type(`${UP}${UP}${DOWN}\r`);
  await terminal.see('asked "first!"');
});

test("three pasted lines do not submit, and arrive as they were", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(pasted("one\r\ttwo\r\rthree"));
  await terminal.see("[paste 1: 4 lines]");
  terminal.type(" and a question\r");
  await terminal.see(String.raw`asked "one\n\ttwo\n\nthree and a question"`);
});

test("a short pasted line is text like any other, without its newline", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`${pasted("npm test\r")} fails\r`);
  await terminal.see('asked "npm test fails"');
});

test("control characters in a paste are not obeyed, and arrive as they were", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`${pasted("\x1b[31mred \x03")}\r`);
  await terminal.see("[paste 1: 10 characters]");
  await terminal.see(String.raw`asked "\u001b[31mred \u0003"`);
});

test("a paste comes back with the request from the history", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`${pasted("a\rb")}\r`);
  await terminal.see(String.raw`asked "a\nb"`);
  await terminal.see("› ");
  terminal.type(`${UP}!\r`);
  await terminal.see(String.raw`asked "a\nb!"`);
});

test("backspace deletes a paste whole", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`x${pasted("a\rb")}${BACKSPACE}y\r`);
  await terminal.see('asked "xy"');
});

test("five million pasted characters are one request", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`count ${pasted("0123456789".repeat(500_000))}\r`);
  await terminal.see("[paste 1: 5,000,000 characters]");
  await terminal.see("counted 5000006");
});

test("a backslash at the end continues the request on the next line", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("one\\\r");
  await terminal.see("  ");
  terminal.type("two\r");
  await terminal.see(String.raw`asked "one\ntwo"`);
});

test("Alt-Enter continues the request on the next line", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("one\x1b\rtwo\r");
  await terminal.see(String.raw`asked "one\ntwo"`);
});

test("the terminal gets its own modes back", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(CTRL_D);
  await terminal.exitCode;
  expect(terminal.drawn()).toContain("\x1b[?2004h");
  expect(terminal.drawn().lastIndexOf("\x1b[?2004l")).toBeGreaterThan(
    terminal.drawn().lastIndexOf("\x1b[?2004h"),
  );
});
