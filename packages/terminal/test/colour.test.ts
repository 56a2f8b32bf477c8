import { expect, test } from "vitest";
import { startInTerminal } from "./fixtures/pseudo-terminal.ts";
import { runShell } from "./fixtures/run.ts";

const ESC = "\x1b";

test("a pipe gets no escape codes", async () => {
  const { stdout, stderr } = await runShell("agent work");
  expect(stdout + stderr).not.toContain(ESC);
});

test("FORCE_COLOR colours the notices in a pipe, and leaves the answer alone", async () => {
  const { stdout, stderr } = await runShell("agent work", { FORCE_COLOR: "1" });
  expect(stderr).toContain(`${ESC}[1mread${ESC}[22m`);
  expect(stdout).not.toContain(ESC);
});

test("a terminal gets colours, errors in red", async () => {
  const terminal = startInTerminal(["work"]);
  await terminal.exitCode;
  expect(terminal.drawn()).toContain(`${ESC}[31m→ exit 1, 2.1 s${ESC}[39m`);
});

test.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("a terminal with %o gets none", async (env) => {
  const terminal = startInTerminal(["work"], { env });
  await terminal.exitCode;
  expect(terminal.drawn()).toContain(" → exit 1, 2.1 s");
  expect(terminal.drawn()).not.toContain(ESC);
});
