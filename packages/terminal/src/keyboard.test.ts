import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";

const LEFT = "\x1b[D";

test("what was typed for the agent is not run by the shell when it has left", async () => {
  const through = '"$@"; read -t 2 -r line; echo "the shell read [$line]"';
  const folder = await mkdtemp(join(tmpdir(), "eightfold-leave-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { LEAVE_ONCE_THERE: join(folder, "go") };
  const terminal = startOnScreen([], { agent: "agent", through, env });
  await terminal.prompted(0);
  terminal.type("leave\r");
  await terminal.until("busy with it");
  terminal.type("rm -rf x\r");
  await sleep(300); // what is typed is nowhere to be seen
  await writeFile(env.LEAVE_ONCE_THERE, "");
  await terminal.until("the shell read []");
});

test("Ctrl-Z where no shell could go on with the agent stops nothing, and the keys are still its own", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("half");
  await terminal.until("› half");
  const before = terminal.drawn().length;
  terminal.type("\x1a");
  const [on, off] = ["\x1b[?2004h", "\x1b[?2004l"] as const; // marks of pastes, while the keyboard is the agent's own
  await terminal.until(() => terminal.drawn().slice(before).split(off)[1]?.includes(on) ?? false);
  terminal.type(` more${LEFT}${LEFT}${LEFT}${LEFT}and `);
  await terminal.until("› half and more");
  terminal.type("\r");
  await terminal.until('asked "half and more"');
});

test("Ctrl-Z stops the agent, and fg brings the prompt back with what was typed", async () => {
  const through = 'set -m; "$@"; echo "stopped, and $(stty -a | grep -o " -\\?echo ")"; read -r; fg';
  const terminal = startOnScreen([], { through });
  await terminal.prompted(0);
  terminal.type("half");
  await terminal.until("› half");
  terminal.type("\x1a");
  await terminal.until("stopped, and  echo");
  terminal.type("\r");
  await terminal.until((lines) => lines.at(-1) === "› half");
  terminal.type(" more\r");
  await terminal.until('asked "half more"');
});

test("200 lines that the terminal does not mark as a paste are one request", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  const lines = Array.from({ length: 200 }, (_, n) => `line ${n}`);
  terminal.type(lines.join("\r"));
  await terminal.until("[paste 1: 200 lines]");
  terminal.type("\r");
  await terminal.prompted(1);
  expect(terminal.page().filter((line) => line.startsWith("asked"))).toHaveLength(1);
});

test("lines that a script types are requests, one by one", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("one\rtwo\rthree\r");
  for (const word of ["one", "two", "three"]) await terminal.until(`asked "${word}"`);
});
