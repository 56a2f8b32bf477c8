import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { run, secondsToBegin, temporaryFolder } from "../test/running.ts";
import { describeEnding } from "./index.ts";
import { checkedSeconds } from "./run-command.ts";

test("exit code, stdout and stderr come back apart", async () => {
  expect(await run("echo out; echo err >&2; exit 3")).toMatchObject({
    ending: { type: "exit", code: 3 },
    stdout: "out",
    stderr: "err",
  });
});

test.skipIf(process.platform === "win32")(
  "nothing is lost where PATH leads to no program at all",
  async () => {
    vi.stubEnv("PATH", "/no/such/folder");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await run("echo out; echo err >&2; exit 3")).toMatchObject({
      ending: { type: "exit", code: 3 },
      stdout: "out",
      stderr: "err",
    });
  },
);

test("what is printed is told while it runs, as plain text, its last words too", async () => {
  const gate = join(await temporaryFolder(), "gate");
  const told: string[] = [];
  const onPrint = (text: string) => {
    told.push(text);
    if (told.length === 1) writeFileSync(gate, "");
  };
  await run(`printf '\\033[31mone\\033[0m\\n'; until [ -e ${gate} ]; do sleep 0.05; done; printf two >&2`, {
    onPrint,
  });
  expect(told).toEqual(["one\n", "two"]);
});

test("of a flood the end is told", async () => {
  const told: string[] = [];
  await run("seq 1000000; echo over", { onPrint: (text) => void told.push(text) });
  expect(told.join("")).toMatch(/\n1000000\nover\n$/);
});

test("a command that is killed has no exit code", async () => {
  const { ending } = await run("kill -SEGV $$");
  expect(ending).toEqual({ type: "signal", signal: "SIGSEGV" });
});

test("endings are told apart in words", () => {
  expect(describeEnding({ type: "exit", code: 1 })).toBe("exit 1");
  expect(describeEnding({ type: "signal", signal: "SIGSEGV" })).toBe("killed by SIGSEGV");
  expect(describeEnding({ type: "timeout", seconds: 120 })).toBe("timed out after 120 s");
  expect(describeEnding({ type: "aborted" })).toBe("stopped by the user");
});

test("the shell is bash", async () => {
  const { stdout } = await run('[[ bash == b* ]] && echo "$0" <<<here');
  expect(stdout).toBe("bash");
});

test("a command may start with a dash", async () => {
  expect(await run("-x")).toMatchObject({
    ending: { type: "exit", code: 127 },
    stderr: "bash: line 1: -x: command not found",
  });
});

test("it runs in the folder, whatever the folder's name", async () => {
  const folder = join(await temporaryFolder(), "it's a $HOME; folder");
  await run(`mkdir -p '${folder.replaceAll("'", "'\\''")}'`);
  expect((await run("pwd", { cwd: folder })).stdout).toBe(folder);
});

test("nothing waits for input", async () => {
  expect((await run("cat; read answer || echo none")).stdout).toBe("none");
});

test("the streams can be opened by name", async () => {
  expect(
    await run("echo one >/dev/stdout; echo two >/dev/stderr; echo three | tee /dev/stderr"),
  ).toMatchObject({
    stdout: "one\nthree",
    stderr: "two\nthree",
  });
});

test("keys of the agent are not in the command's environment, and a node is on its PATH", async () => {
  vi.stubEnv("OPENAI_API_KEY", "secret");
  const { stdout } = await run('echo "[$OPENAI_API_KEY]"; node --print 1+1');
  vi.unstubAllEnvs();
  expect(stdout).toBe("[]\n2");
});

test("characters cut between two writes come out whole", async () => {
  expect((await run(String.raw`printf '\xf0\x9f'; sleep 0.1; printf '\x99\x82'`)).stdout).toBe("🙂");
});

test("when its time is up, what it printed is kept, its last words too", async () => {
  const command = "trap 'echo bye; exit' TERM; echo hello; sleep 60 & wait";
  const seconds = await secondsToBegin();
  expect(await run(command, { timeoutSeconds: seconds })).toMatchObject({
    ending: { type: "timeout", seconds },
    stdout: "hello\nbye",
  });
});

test("the time is 120 s unless said otherwise, and 600 s at most", () => {
  expect([undefined, 1, 600, 3600, Number.POSITIVE_INFINITY].map(checkedSeconds)).toEqual([
    120, 1, 600, 600, 600,
  ]);
});

test.each([0, -1, Number.NaN])("a timeout of %d is refused", async (timeoutSeconds) => {
  await expect(run("echo", { timeoutSeconds })).rejects.toThrow(
    `The timeout is ${timeoutSeconds}. It must be a number of seconds above 0, such as 120.`,
  );
});

test.each(["", "  \n\t"])("an empty command is refused", async (command) => {
  await expect(run(command)).rejects.toThrow(
    "The command is empty. Give the command to run, such as: npm test",
  );
});

test("a command with a NUL is refused", async () => {
  await expect(run("echo \0")).rejects.toThrow("The command holds a NUL character");
});

test("a folder that is gone is named", async () => {
  await expect(run("echo", { cwd: "/no/such/folder" })).rejects.toThrow(
    "Nothing can be run in /no/such/folder: the folder is not there any more.",
  );
});

test("a command too long for the system is refused with another way", async () => {
  await expect(run(`: ${"x".repeat(4 * 1024 * 1024)}`)).rejects.toThrow(
    "The command is too long to be started (4.0 MB). Write it to a script file and run that.",
  );
});
