import { expect, test } from "vitest";
import { pidsIn, run, secondsToBegin, stillRunning, temporaryFolder } from "../test/running.ts";

test("a background process neither delays the answer nor outlives it", async () => {
  const { ending, stdout } = await run("sleep 600 & echo $!");
  expect(ending).toEqual({ type: "exit", code: 0 });
  expect(pidsIn(stdout)).toHaveLength(1);
  expect(stillRunning(pidsIn(stdout))).toEqual([]);
});

test("one that is out of sight is ended too", async () => {
  const { stdout } = await run(
    "nohup sleep 600 >/dev/null 2>&1 & echo $!; (sleep 600 >/dev/null 2>&1 & echo $!)",
  );
  expect(pidsIn(stdout)).toHaveLength(2);
  expect(stillRunning(pidsIn(stdout))).toEqual([]);
});

test("one that keeps printing is cut off", async () => {
  const { stdout } = await run("while :; do echo tick; sleep 0.01; done & echo $!");
  expect(stdout).toContain("tick");
  expect(stillRunning(pidsIn(stdout))).toEqual([]);
});

test("one that will not be ended is killed", async () => {
  const { stdout } = await run("(trap '' TERM; while :; do sleep 1; done) & echo $!; sleep 0.2");
  expect(pidsIn(stdout)).toHaveLength(1);
  expect(stillRunning(pidsIn(stdout))).toEqual([]);
});

test.runIf(process.platform === "linux")("one that leaves the group is found", async () => {
  const { stdout } = await run(
    "setsid sh -c 'echo $$; exec sleep 600' & sleep 0.2; setsid -f sh -c 'echo $$; sleep 600' & sleep 0.2",
  );
  expect(pidsIn(stdout)).toHaveLength(2);
  expect(stillRunning(pidsIn(stdout))).toEqual([]);
});

test("what the last process of a pipe has to say is waited for", async () => {
  const { stdout } = await run("echo early > >(sleep 0.05; cat; echo late)");
  expect(stdout).toBe("early\nlate");
});

test("when time is up the whole family ends, however deep and stubborn", async () => {
  const command = "trap '' TERM; echo $$; bash -c 'echo $$; sleep 600; true' & echo $!; sleep 600; sleep 600";
  const seconds = await secondsToBegin();
  const { ending, stdout } = await run(command, { timeoutSeconds: seconds });
  expect(ending).toEqual({ type: "timeout", seconds });
  expect(new Set(pidsIn(stdout)).size).toBe(2);
  expect(stillRunning(pidsIn(stdout))).toEqual([]);
});

test("each process is asked to end once, so that it can do so in its own time", async () => {
  const background =
    "trap 'echo asked; asked=1' TERM; touch ready; until [ $asked ]; do sleep 0.05; done; sleep 0.5; echo ended";
  const command = `(${background}) & until [ -e ready ]; do sleep 0.05; done; echo ready`;
  const { stdout } = await run(command, { cwd: await temporaryFolder() });
  expect(stdout).toBe("ready\nasked\nended");
});

test("commands that run at the same time do not end each other", async () => {
  const [slow, fast] = await Promise.all([run("sleep 1; echo slow"), run("sleep 600 & echo fast")]);
  expect([slow.stdout, fast.stdout]).toEqual(["slow", "fast"]);
  expect(slow.ending).toEqual({ type: "exit", code: 0 });
});
