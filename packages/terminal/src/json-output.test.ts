import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { runShell, startAgent } from "../test/fixtures/run.ts";

const program = fileURLToPath(new URL("../test/fixtures/json-agent.ts", import.meta.url));
const shell = (command: string) => runShell(command, {}, program);

/** Every line of stdout, which holds nothing but JSON. */
function valuesOf(stdout: string): Record<string, unknown>[] {
  expect(stdout.endsWith("\n")).toBe(true);
  return stdout
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line));
}

const session = {
  type: "session",
  version: 1,
  phase: 8,
  provider: "openai",
  model: "gpt-6-sol",
  cwd: "/tmp/project",
  sessionId: "s1",
};

let worked: ReturnType<typeof shell> | undefined;

/** One run for all that is to be seen of it. */
const work = () => (worked ??= shell("agent --output json work"));

test("a turn is a session, its events as they came, and a result; nothing is on stderr", async () => {
  const { stdout, stderr, exitCode } = await work();
  const values = valuesOf(stdout);
  expect(values[0]).toEqual(session);
  expect(values.map(({ type }) => type)).toEqual([
    "session",
    "reasoning_delta",
    "text_delta",
    "reply_end",
    "tool_start",
    "tool_progress",
    "tool_end",
    "text_delta",
    "retry",
    "text_delta",
    "text_delta",
    "reply_end",
    "result",
  ]);
  expect(values[6]).toEqual({
    type: "tool_end",
    call: { id: "1", name: "read_file", input: { path: "a\u2028.ts" } },
    result: expect.objectContaining({ role: "tool", text: "one\ntwo", summary: "2 lines" }),
  });
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test("the result has the last reply's answer, without what a retry made void, and the sums", async () => {
  const { stdout } = await work();
  expect(valuesOf(stdout).at(-1)).toEqual({
    type: "result",
    stop: "done",
    exitCode: 0,
    text: "It is here.",
    steps: 2,
    usage: { input: 2200, cached: 1800, output: 50 },
    costUsd: 0.00166,
  });
});

test("what is said to a user is on stderr", async () => {
  const { stdout, stderr } = await shell("agent --output json say");
  expect(stderr).toBe("This session is not saved.\\x07\n");
  expect(valuesOf(stdout).map(({ type }) => type)).toEqual(["session", "reply_end", "result"]);
});

test("a line is a line for every reader: what some take for its end is escaped", async () => {
  const { stdout } = await work();
  expect(stdout).toContain(String.raw`"path":"a\u2028.ts"`);
  expect(stdout).not.toContain("\u2028");
});

const bug = (what: string) => ({
  kind: "bug",
  message: expect.stringMatching(`^unexpected: ${what} .*This is a bug`),
});
const overloaded = expect.objectContaining({ kind: "overloaded", message: "The model is overloaded." });

test.each([
  ["mute", "step_limit", 3, "", undefined],
  ["denied", "denied", 4, "", undefined],
  ["fail", "error", 1, "so far", overloaded],
  ["overflow", "done", 0, "on we go", undefined],
  ["bug", "error", 1, "so far", bug("something broke")],
  ["stray", "error", 1, "so far", bug("nobody caught this")],
])("the turn %s has a result: %s, exit code %i", async (request, stop, code, text, error) => {
  const { stdout, stderr, exitCode } = await shell(`agent --output json ${request}`);
  const values = valuesOf(stdout);
  expect(values[0]).toEqual(session);
  expect(values.filter(({ type }) => type === "result")).toEqual([
    expect.objectContaining({ stop, exitCode: code, text }),
  ]);
  expect(values.at(-1)?.error).toEqual(error);
  expect(exitCode).toBe(code);
  expect(stderr === "").toBe(error === undefined);
});

test.each([
  ["--output json --bogus", "There is no flag --bogus."],
  ["--bogus --output=json", "There is no flag --bogus."],
  ["--output json /modle", "There is no command `/modle`."],
  ["--output json /usage", "/usage is a slash command, and answers in text. Leave out --output json."],
  ["--output json /usage 2", "`/usage` takes no words after it."],
  ["--output json --model gone hello", "There is no model gone."],
  ["--output json", "There is no request: stdin is empty."],
])("%s fails before the turn, with a result", async (args, message) => {
  const { stdout, stderr, exitCode } = await shell(`agent ${args}`);
  expect(valuesOf(stdout)).toEqual([
    { type: "session", version: 1, phase: 8 },
    {
      type: "result",
      stop: "error",
      exitCode: 2,
      text: "",
      steps: 0,
      usage: {},
      error: { kind: "usage", message: expect.stringContaining(message) },
    },
  ]);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});

test.each(["--output text --bogus", "--output jsn x", "--help --output json", "--sessions --output json"])(
  "%s writes no JSON",
  async (args) => {
    const { stdout } = await shell(`agent ${args}`);
    expect(stdout).not.toContain('"type"');
  },
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s stops the turn, whose result has what was said", async (signal, code) => {
  const { child, text, ran } = startAgent(["--output", "json", "wait"], program);
  child.stdin.end();
  await vi.waitFor(() => expect(text.stdout).toContain("so far"), 60_000);
  child.kill(signal);
  const { stdout, exitCode } = await ran;
  expect(valuesOf(stdout).at(-1)).toMatchObject({
    type: "result",
    stop: "aborted",
    exitCode: code,
    text: "so far",
  });
  expect(exitCode).toBe(code);
});

test("a second SIGINT leaves at once, and there is a result", async () => {
  const { child, text, ran } = startAgent(["--output", "json", "stuck"], program);
  await vi.waitFor(() => expect(text.stdout).toContain("nothing stops me"), 60_000);
  child.kill("SIGINT");
  await vi.waitFor(() => expect(text.stderr).toContain("Still stopping."), 60_000);
  child.kill("SIGINT");
  const { stdout, exitCode } = await ran;
  expect(valuesOf(stdout).at(-1)).toMatchObject({ type: "result", stop: "aborted", exitCode: 130 });
  expect(exitCode).toBe(130);
});

test("SIGINT while the request is still coming has a result too", async () => {
  const { child, ran } = startAgent(["--output", "json"], program);
  await new Promise((resolve) => child.stdin.write("x".repeat(2_000_000), resolve)); // it has begun to read
  child.kill("SIGINT");
  expect(valuesOf((await ran).stdout).at(-1)).toMatchObject({
    type: "result",
    stop: "aborted",
    exitCode: 130,
  });
});

test("a reader that is slow gets everything", async () => {
  const { stdout } = await shell("agent --output json flood | (sleep 1; tail -1 | cut -c1-60; )");
  expect(stdout).toContain('{"type":"result","stop":"done","exitCode":0,"text":"line 0 x');
});

test("a reader that closes the pipe ends the turn, quietly", async () => {
  const { stdout, stderr } = await shell(
    "set -o pipefail; agent --output json flood | head -1; echo ended with $?",
  );
  expect(stdout).toBe(`${JSON.stringify(session)}\nended with 141\n`);
  expect(stderr).toBe("");
});
