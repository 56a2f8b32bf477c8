import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runShell, startAgent } from "./fixtures/run.ts";

const withoutTime = (text: string) => text.replace(/usage unknown · \d+\.\d s/, "usage unknown · N s");

test("answers go to stdout, and everything else to stderr", async () => {
  const { stdout, stderr, exitCode } = await runShell("agent work");
  expect(stdout).toBe("Let me look.\n\nIt is\nin line 3.\n");
  expect(withoutTime(stderr)).toBe(`Eightfold · phase 5, shell
model   openai:gpt-5 · OPENAI_API_KEY is set · --model changes it
folder  /tmp/project

thinking: Where would it be?

• read src/parse.ts 42 lines
• bash npm test\\necho \\x1b[2J → exit 1, 2.1 s

usage unknown · N s
`);
  expect(exitCode).toBe(0);
});

test.skipIf(!existsSync("/dev/full"))(
  "an answer that a full disk does not take is told, and exits with 1",
  async () => {
    const { stderr, exitCode } = await runShell("agent work > /dev/full");
    expect(stderr).toMatch(/The answer could not be written to stdout: no space left on device\.\n/);
    expect(exitCode).toBe(1);
  },
);

test("the demo model says first of all that it is a script", async () => {
  const { stderr } = await runShell("agent --model demo hello");
  expect(stderr.split("\n")[0]).toBe("Demo: a script, not a language model.");
});

test.each([
  ["done", 0, ""],
  ["refused", 1, "The model refused to answer. Try rephrasing the request."],
  ["length", 3, "The reply was cut off at the model's length limit. Ask it to go on."],
  ["step_limit", 3, "Stopped at the step limit. Ask it to go on."],
  ["loop", 3, "Stopped: the model was repeating itself. Tell it what to do differently."],
  [
    "denied",
    4,
    "Something needed permission, and nobody could be asked. Run it in a terminal,\nor with --approval auto.",
  ],
  ["aborted", 130, "stopped"],
])("a turn that ends with %s exits with %i", async (stop, expected, words) => {
  const { stdout, stderr, exitCode } = await runShell(`agent stop:${stop}`);
  expect(exitCode).toBe(expected);
  expect(stdout).toBe("so far\n");
  const said = stderr
    .split("\n\n")
    .slice(1)
    .map((part) => withoutTime(part.trim()));
  expect(said).toEqual([...(words === "" ? [] : [words]), "usage unknown · N s"]);
});

test("an error shows its message and what to do, and exits with 1", async () => {
  const { stdout, stderr, exitCode } = await runShell("agent fail");
  expect(stdout).toBe("half\n");
  expect(withoutTime(stderr)).toMatch(
    /\n\nThe model is overloaded\.\nTry again in a minute\.\n\nusage unknown · N s\n$/,
  );
  expect(exitCode).toBe(1);
});

test("a reply without a word is not passed over in silence", async () => {
  const { stdout, stderr } = await runShell("agent silence");
  expect(stdout).toBe("");
  expect(stderr).toContain("\n\nThe model said nothing.\n");
});

test("control characters in an answer are shown, never obeyed, wherever the pieces are cut", async () => {
  const { stdout } = await runShell("agent hostile");
  expect(stdout).toBe("a\\x1b[31mred\\x07 😀 tab\there\nnext \\u202egnorw\\x9b2J\n");
});

test("a reader that closes the pipe ends the turn, quietly", async () => {
  const { stdout, stderr } = await runShell("set -o pipefail; agent flood | head -1; echo ended with $?");
  expect(stdout).toBe(`line 0 ${"x".repeat(80)}\nended with 141\n`);
  expect(withoutTime(stderr).trim().split("\n").slice(3)).toEqual(["", "usage unknown · N s"]);
});

test("a reader that closes stderr as well changes nothing", async () => {
  const { stdout } = await runShell("set -o pipefail; agent flood 2>&1 | head -1; echo ended with $?");
  expect(stdout).toBe("Eightfold · phase 5, shell\nended with 141\n");
});

test("a reader that is slow gets everything", async () => {
  const { stdout } = await runShell("agent flood 2>/dev/null | (sleep 1; wc -l)");
  expect(stdout.trim()).toBe("20000");
});

test("a reader that has stopped reading does not keep SIGINT from stopping the turn", async () => {
  const { child, text, ran } = startAgent(["flood"]);
  child.stdout.pause();
  await vi.waitFor(() => expect(child.stdout.readableLength).toBeGreaterThan(60_000), 60_000);
  child.kill("SIGINT");
  await vi.waitFor(() => expect(text.stderr).toContain("stopped"), 60_000);
  child.stdout.resume();
  expect((await ran).exitCode).toBe(130);
});

test("SIGINT stops the turn, with exit code 130", async () => {
  const { child, ran } = startAgent(["stream"]);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const { stderr, exitCode } = await ran;
  expect(exitCode).toBe(130);
  expect(withoutTime(stderr)).toMatch(/\n\nstopped\n\nusage unknown · N s\n$/);
});

test("a second SIGINT leaves at once, with exit code 130", async () => {
  const { child, text, ran } = startAgent(["stuck"]);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  await vi.waitFor(() => expect(text.stderr).toContain("Still stopping."), 60_000);
  child.kill("SIGINT");
  expect((await ran).exitCode).toBe(130);
});

test("SIGTERM stops the turn and leaves with exit code 143", async () => {
  const { child, ran } = startAgent(["stream"]);
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect((await ran).exitCode).toBe(143);
});

test.each(["/help", "/exit"])(
  "a single request %s is for the model, where an agent has no commands",
  async (request) => {
    const { stdout, exitCode } = await runShell(`agent ${request}`);
    expect(stdout).toBe(`asked "${request}"\n`);
    expect(exitCode).toBe(0);
  },
);
