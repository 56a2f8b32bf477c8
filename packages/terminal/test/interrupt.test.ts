import { expect, test } from "vitest";
import { startInTerminal } from "./fixtures/pseudo-terminal.ts";

const CTRL_C = "\x03";

test("Ctrl-C clears the line that is being typed", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("something wrong");
  await terminal.see("something wrong");
  terminal.type(`${CTRL_C}right\r`);
  await terminal.see('asked "right"');
});

test("Ctrl-C clears the lines before it too", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`one\\\r${CTRL_C}two\r`);
  await terminal.see('asked "two"');
});

test("one Ctrl-C on an empty line says what another does, and the other leaves with exit code 0", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(CTRL_C);
  await terminal.see("Ctrl-C again leaves");
  terminal.type(`still here\r`);
  await terminal.see('asked "still here"');
  await terminal.see("› ");
  terminal.type(CTRL_C);
  await terminal.see("Ctrl-C again leaves");
  terminal.type(CTRL_C);
  expect(await terminal.exitCode).toBe(0);
});

test("a Ctrl-C that comes when the turn has just ended does not leave", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("hello\r");
  await terminal.see('asked "hello"');
  terminal.type(CTRL_C);
  await terminal.see("› ");
  terminal.type("go on\r");
  await terminal.see('asked "go on"');
});

test.each([
  ["while text streams", "stream", "word3"],
  ["while it waits to try again", "retry", "Trying again in 60 s."],
  ["while a tool runs", "tool", "bash sleep 60"],
])("Ctrl-C %s stops the turn, and the prompt is back", async (_, request, sign) => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`${request}\r`);
  await terminal.see(sign);
  terminal.type(CTRL_C);
  await terminal.see("stopped\n\nusage unknown · ");
  await terminal.see(" s\n\n› ");
  terminal.type("go on\r");
  await terminal.see('asked "go on"');
});

test("Ctrl-C right behind an Enter, in one read, stops the turn that the Enter starts", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type(`stream\r${CTRL_C}`);
  await terminal.see("stopped\n\nusage unknown · ");
  await terminal.see(" s\n\n› ");
  terminal.type("go on\r");
  await terminal.see('asked "go on"');
});

test("Ctrl-C keeps what was typed ahead, and does not send it", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("stream\r");
  await terminal.see("word3");
  terminal.type(`and then this\r${CTRL_C}`);
  await terminal.see("stopped\n\nusage unknown · ");
  await terminal.see(" s\n\n› ");
  await terminal.see("and then this");
  terminal.type(" or that\r");
  await terminal.see('asked "and then this or that"');
});

test("a turn that does not stop says how to leave, and a second Ctrl-C leaves with exit code 130", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("stuck\r");
  await terminal.see("nothing stops");
  terminal.type(CTRL_C);
  await terminal.see("Still stopping. Ctrl-C again leaves at once.");
  terminal.type(CTRL_C);
  expect(await terminal.exitCode).toBe(130);
  expect(terminal.drawn().endsWith("\x1b[?2004l")).toBe(true);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGQUIT", 131],
] as const)("%s at the prompt leaves with exit code %i", async (signal, exitCode) => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  process.kill(terminal.pid, signal);
  expect(await terminal.exitCode).toBe(exitCode);
  expect(terminal.drawn()).toContain("\x1b[?2004l");
});

test.skipIf(process.platform === "win32")(
  "a terminal that is closed at the prompt is left as SIGHUP says, and not as a bug",
  async () => {
    const terminal = startInTerminal();
    await terminal.see("› ");
    terminal.close();
    expect(await terminal.exitCode).toBe(129);
  },
);

test("SIGTERM during a turn stops it and leaves", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("tool\r");
  await terminal.see("bash sleep 60");
  process.kill(terminal.pid, "SIGTERM");
  await terminal.see("stopped by the user");
  expect(await terminal.exitCode).toBe(143);
});

test("Ctrl-C stops a request of the command line, with exit code 130", async () => {
  const terminal = startInTerminal(["stream"]);
  await terminal.see("word3");
  terminal.type(CTRL_C);
  await terminal.see("stopped");
  expect(await terminal.exitCode).toBe(130);
});
