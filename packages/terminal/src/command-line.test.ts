import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tempFolder } from "@eightfold/workspace/test/temp-workspace";
import { expect, test, vi } from "vitest";
import { runShell, startAgent } from "../test/fixtures/run.ts";
import { readCommandLine } from "./command-line.ts";

test("--help goes to stdout and fits 80 columns", async () => {
  const { stdout, stderr, exitCode } = await runShell("agent --help");
  expect(exitCode).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).toContain("Usage: pnpm phase 5 start [flags] [request…]");
  for (const word of ["--cwd DIR", "OPENAI_API_KEY", "OLLAMA_CONTEXT", "NO_COLOR", "130  interrupted"]) {
    expect(stdout).toContain(word);
  }
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("-h is --help", async () => {
  const [short, long] = await Promise.all([runShell("agent -h"), runShell("agent --help")]);
  expect(short).toEqual(long);
});

test.each([
  ["--modle x", "There is no flag --modle. Did you mean --model? A request with dashes in it goes after --."],
  [
    "--frobnicate",
    "There is no flag --frobnicate. --help lists the flags. A request with dashes in it goes after --.",
  ],
  [
    "why does tar -x fail",
    "There is no flag -x. --help lists the flags. A request with dashes in it goes after --.",
  ],
  ["--cwd", "--cwd needs a value: --cwd DIR"],
  ["--cwd= hello", "--cwd needs a value: --cwd DIR"],
  ["--model --cwd . hello", "--model needs a value: --model PROVIDER[:NAME]"],
  ["--help=yes", "--help takes no value."],
])("%s is wrong usage", async (args, message) => {
  const { stdout, stderr, exitCode } = await runShell(`agent ${args}`);
  expect(stderr).toBe(`${message}\n`);
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
});

test("the words are one request, wherever the flags stand", async () => {
  const { stdout } = await runShell("agent why does --model openai it 'fail  now'");
  expect(stdout).toBe('asked "why does it fail  now"\n');
});

test("after -- everything is the request", async () => {
  const { stdout } = await runShell("agent -- --model is a flag");
  expect(stdout).toBe('asked "--model is a flag"\n');
});

test("without words, stdin is the request", async () => {
  const { stdout } = await runShell(String.raw`printf '\nwhat is\nthis?\n\n' | agent`);
  expect(stdout).toBe(`asked ${JSON.stringify("what is\nthis?")}\n`);
});

test("without words, a socket is read too: programs start their children so", async () => {
  const { child, ran } = startAgent([]);
  child.stdin.end("hello");
  expect((await ran).stdout).toBe('asked "hello"\n');
});

test.each(["agent", "agent <&-", "true | agent", "agent ''", "echo ' ' | agent"])(
  "nothing asked is wrong usage: %s",
  async (command) => {
    const { stderr, exitCode } = await runShell(command);
    expect(stderr).toBe("There is no request: stdin is empty. Give one as words, or start in a terminal.\n");
    expect(exitCode).toBe(2);
  },
);

test("words and a pipe make one request, the words first", async () => {
  const { stdout } = await runShell("echo 'Error: no' | agent explain this");
  expect(stdout).toBe(`asked ${JSON.stringify("explain this\n\nError: no")}\n`);
});

test("words and a file on stdin make one request", async () => {
  const file = join(await tempFolder(), "log");
  await writeFile(file, "line 1\nline 2\n");
  const { stdout } = await runShell(`agent explain < '${file}'`);
  expect(stdout).toBe(`asked ${JSON.stringify("explain\n\nline 1\nline 2")}\n`);
});

test.each(["agent hello </dev/null", "agent hello <&-", "true | agent hello"])(
  "words are enough: %s",
  async (command) => {
    const { stdout, exitCode } = await runShell(command);
    expect(stdout).toBe('asked "hello"\n');
    expect(exitCode).toBe(0);
  },
);

test("more than a model can read is refused, with a way to go on", async () => {
  const { stderr, exitCode } = await runShell("head -c 11000000 /dev/zero | agent explain");
  expect(stderr).toBe("stdin is over 10 MB. Save it as a file in the workspace and ask about that.\n");
  expect(exitCode).toBe(2);
});

test("with words, a socket that never ends is not waited for", async () => {
  const { ran } = startAgent(["hello"]);
  expect((await ran).stdout).toBe('asked "hello"\n');
});

test("with words, a pipe that says nothing is given up, and the user is told", async () => {
  const { stdout, stderr } = await runShell(
    "cd $(mktemp -d); mkfifo silent; sleep 60 > silent & agent hello < silent; kill $!",
  );
  expect(stdout).toBe('asked "hello"\n');
  expect(stderr).toContain("Nothing came on stdin for 3 s: continuing without it.");
});

test("reading flags listens to nothing: what a signal does is not the flags' concern", async () => {
  const listeners = () => ["SIGINT", "SIGTERM", "exit"].map((event) => process.listenerCount(event));
  const before = listeners();
  vi.spyOn(process, "argv", "get").mockReturnValue(["node", "main.ts", "--sessions", "--output", "json"]);
  const about = { phase: "8-context", title: "", summary: "" };
  const output = { name: "output", choices: ["text", "json"], text: "" } as const;
  const flags = await readCommandLine(about, [output, { name: "sessions", alone: true, text: "" }]);
  expect(flags).toEqual({ output: "json", sessions: "" });
  expect(listeners()).toEqual(before);
});

test.each([
  [["--resume"], { resume: "" }],
  [["--resume", "--model", "demo", "go on"], { resume: "", model: "demo", request: "go on" }],
  [["--resume", "latest", "go on"], { resume: "latest", request: "go on" }],
  [["--resume=latest"], { resume: "latest" }],
  [["--", "--resume"], { request: "--resume" }],
])("a value that may be left out: %j", async (words, flags) => {
  vi.spyOn(process, "argv", "get").mockReturnValue(["node", "main.ts", ...words]);
  vi.stubGlobal("process", Object.create(process, { stdin: { value: { isTTY: true } } }));
  const resume = { name: "resume", value: "[ID]", text: "" } as const;
  expect(await readCommandLine({ phase: "8-context", title: "", summary: "" }, [resume])).toEqual(flags);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
