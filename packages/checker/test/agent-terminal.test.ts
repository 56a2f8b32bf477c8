import { expect, onTestFinished, test } from "vitest";
import { startTerminal } from "../src/agent-terminal.ts";

test("what is typed behind a blank that a prompt draws and takes back is on the screen, letter by letter", async () => {
  const agent = String.raw`stty -echo; printf '> \0337 \0338'; read -r line; printf '%s\0337 \0338\n' "$line"`;
  const terminal = await startTerminal(["bash", "-c", agent], process.env);
  onTestFinished(() => terminal.kill());
  await terminal.ask("My name is Ada.");
  await terminal.shows("> My name is Ada.\r\n");
  expect(await terminal.end()).toBe(0);
});
