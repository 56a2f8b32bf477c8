import { expect, test } from "vitest";
import { startInTerminal } from "./fixtures/pseudo-terminal.ts";
import { runShell } from "./fixtures/run.ts";

const banner = `Eightfold · phase 5, shell
model   openai:gpt-5 · OPENAI_API_KEY is set · --model changes it
folder  /tmp/project
`;

async function shown(request: string, columns = 80): Promise<string> {
  const terminal = startInTerminal([request], { columns });
  await terminal.exitCode;
  return terminal.text().replace(/usage unknown · \d+\.\d s/, "usage unknown · N s");
}

test("text and tool lines are set apart by one blank line, never glued", async () => {
  expect(await shown("work")).toBe(`${banner}
thinking: Where would it be?

Let me look.

• read src/parse.ts 42 lines
• bash npm test\\necho \\x1b[2J → exit 1, 2.1 s

It is
in line 3.

usage unknown · N s
`);
});

test("a tool line after half a line of text starts its own", async () => {
  expect(await shown("interrupted-text")).toBe(`${banner}
half a line

• read a.ts 1 line
`);
});

test("what failed is set apart from what came before", async () => {
  expect(await shown("fail")).toBe(`${banner}
half

The model is overloaded.
Try again in a minute.

usage unknown · N s
`);
});

test("notices and the banner fit a narrow terminal", async () => {
  const lines = (await shown("fail", 30)).split("\n");
  expect(lines.slice(0, 5)).toEqual([
    "Eightfold · phase 5, shell",
    "model   openai:gpt-5 ·",
    "        OPENAI_API_KEY is set",
    "        · --model changes it",
    "folder  /tmp/project",
  ]);
});

test("a bug is one line, with the place in the code and no stack", async () => {
  const { stdout, stderr, exitCode } = await runShell("agent bug");
  expect(exitCode).toBe(1);
  expect(stdout).toBe("so far\n");
  const [line, ...more] = stderr.slice(banner.length).trim().split("\n");
  expect(line).toMatch(
    /^unexpected: something broke \(test\/fixtures\/agent\.ts:\d+\)\. This is a bug in Eightfold/,
  );
  expect(more).toEqual([]);
});

test("a rejection that nobody handles is the same", async () => {
  const { stderr, exitCode } = await runShell("agent stray");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("unexpected: nobody caught this (");
  expect(stderr).not.toContain("    at ");
});

test("a bug in a conversation gives the terminal back", async () => {
  const terminal = startInTerminal();
  await terminal.see("› ");
  terminal.type("bug\r");
  expect(await terminal.exitCode).toBe(1);
  expect(terminal.text()).toContain("\nso far\n");
  expect(terminal.drawn()).toContain("\x1b[?2004l");
});
