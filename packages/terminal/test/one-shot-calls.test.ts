import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startOnScreen } from "./fixtures/emulator.ts";
import { bareEnvironment } from "./fixtures/environment.ts";

const agent = fileURLToPath(new URL("fixtures/commands-agent.ts", import.meta.url));

async function run(...args: string[]) {
  const child = spawn(process.execPath, [agent, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: bareEnvironment(),
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (data: string) => {
      text[name] += data;
    });
  }
  const [exitCode] = await once(child, "close");
  return { ...text, exitCode, stderr: text.stderr.replace(/\d+\.\d s$/gm, "N s") };
}

test("in a pipe the answer is the Markdown as it was written, and the rest is on stderr", async () => {
  const { stdout, stderr, exitCode } = await run("work");
  expect(stdout).toBe("Let me look.\n\nIt is **fixed**.\n");
  expect(stderr).toBe(`Eightfold · phase 6, prompt
model   openai:gpt-5 · OPENAI_API_KEY is set · --model changes it
folder  /tmp/project

thinking: **Planning**

Where would it be?

• read src/parse.js 40 of 312 lines
• edit src/parse.js +2 −1
   8   function parse(text) {
   9 −   return text.split(",");
   9 +   const parts = text.split(",");
  10 +   return parts.map((part) => part.trim()).filter((part) => part !== "");
  11   }
  12
  13   export default parse;
• edit src/gone.js → src/gone.js does not exist.
• bash npm test → exit 1, N s

2.2k in · 50 out · cost unknown · N s
`);
  expect(exitCode).toBe(0);
});

test("tables, code and emphasis stay as they are in a pipe", async () => {
  const { stdout } = await run("markdown");
  expect(stdout).toContain("\n| File | Lines | Note |\n|---|---:|---|\n");
  expect(stdout).toContain("The *parser* in `src/parse.ts` forgets the **last**");
});

test("on a terminal the answer of a single request is rendered", async () => {
  const terminal = startOnScreen(["markdown"]);
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.page().at(-1)).toBe("usage unknown · N s");
  expect(terminal.page()).toContain("src/parse.js           40  漢字");
});

test("Ctrl-C stops a single request, with exit code 130", async () => {
  const terminal = startOnScreen(["wait"]);
  await terminal.until("thinking");
  terminal.type("\x03");
  expect(await terminal.exitCode).toBe(130);
  expect(terminal.lines()).toContain("stopped");
});

test.each([
  [["--max-steps", "0"], "--max-steps is 0, but must be a whole number, 1 or more."],
  [["--max-steps", "ten"], "--max-steps is ten, but must be a whole number, 1 or more."],
  [["--max-steps"], "--max-steps needs a value: --max-steps N"],
  [
    ["--max-step", "3"],
    "There is no flag --max-step. Did you mean --max-steps? A request with dashes in it goes after --.",
  ],
  [["--approval=al"], "--approval is al, but must be ask, auto or never."],
  [["--approval", "Auot"], "--approval is Auot, but must be ask, auto or never. Did you mean auto?"],
  [["--approval"], "--approval needs a value: --approval ask|auto|never"],
  [["--sessions=all"], "--sessions takes no value."],
])("%j is wrong usage", async (args, message) => {
  const { stderr, exitCode } = await run(...args);
  expect(stderr).toBe(`${message}\n`);
  expect(exitCode).toBe(2);
});

test("a flag that is all that is wanted needs no request, and leaves stdin alone", async () => {
  const { stdout, exitCode } = await run("--sessions", "--approval", "never");
  expect(stdout).toBe("sessions, never\n");
  expect(exitCode).toBe(0);
});

test("a phase's own flags are in its help, above --help, and the exit code that goes with them", async () => {
  const { stdout } = await run("--help");
  expect(stdout).toContain(`  --max-steps N              steps of a turn (default: 50)
  --approval ask|auto|never  who permits: the user, everything, or nothing but
                             what only reads (default: ask)
  --sessions                 list the sessions
  --help                     print this text
`);
  expect(stdout).toContain("  4    permission was needed, and nobody could be asked\n");
});

test("what a slash command says is the answer, where it is the request: it is on stdout", async () => {
  const { stdout, stderr, exitCode } = await run("/help");
  expect(stdout).toContain("- `/model` show or change the model\n");
  expect(stderr).not.toContain("/usage");
  expect(exitCode).toBe(0);
  expect(await run("/MODEL", "gpt-6")).toMatchObject({ stdout: "The model is **gpt-6**.\n", exitCode: 0 });
  expect(await run("/exit")).toMatchObject({ stdout: "", exitCode: 0 });
});

test.each([
  ["/modle", "There is no command `/modle`. Did you mean `/model`?\n"],
  ["/frobnicate now", "There is no command `/frobnicate`. `/help` lists them.\n"],
  ["/usage 2", "`/usage` takes no words after it.\n"],
])("a single request %j is wrong usage, with exit code 2", async (request, message) => {
  const { stdout, stderr, exitCode } = await run(request);
  expect(stderr).toContain(message);
  expect([stdout, exitCode]).toEqual(["", 2]);
});
