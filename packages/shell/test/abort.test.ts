import { getEventListeners } from "node:events";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { allGone, pidsIn, run, stillRunning, temporaryFolder } from "./running.ts";

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Runs a command and aborts it once it has made the file "ready". */
async function runUntilReady(command: string) {
  const cwd = await temporaryFolder();
  const user = new AbortController();
  const outcome = run(command, { cwd, signal: user.signal });
  while (!(await isThere(join(cwd, "ready")))) await pause(20);
  user.abort();
  return outcome;
}

test("an aborted command ends with all it started, and what it printed is kept", async () => {
  const { ending, stdout } = await runUntilReady(
    "echo $$; sleep 600 & echo $!; sleep 0.2; touch ready; wait",
  );
  expect(ending).toEqual({ type: "aborted" });
  expect(pidsIn(stdout)).toHaveLength(2);
  await allGone(pidsIn(stdout));
});

test("the answer to an abort does not wait for a process that will not end, and yet it ends", async () => {
  const { ending, stdout } = await runUntilReady(
    "trap '' TERM; echo $$; sleep 0.2; touch ready; sleep 600; sleep 600",
  );
  expect(ending).toEqual({ type: "aborted" });
  expect(stillRunning(pidsIn(stdout))).toHaveLength(1);
  await allGone(pidsIn(stdout));
});

test("a command that is aborted before it starts does not start", async () => {
  const cwd = await temporaryFolder();
  expect(await run("touch ready", { cwd, signal: AbortSignal.abort() })).toMatchObject({
    ending: { type: "aborted" },
    stdout: "",
    stderr: "",
  });
  expect(await isThere(join(cwd, "ready"))).toBe(false);
});

test("a command that had ended when the user gave up on its leftovers keeps its exit code", async () => {
  const { ending, stdout } = await runUntilReady(
    "(trap '' TERM; sleep 0.2; touch ready; sleep 600) & echo $!; exit 4",
  );
  expect(ending).toEqual({ type: "exit", code: 4 });
  await allGone(pidsIn(stdout));
});

test("no listener stays on the signal", async () => {
  const { signal } = new AbortController();
  await run("true", { signal });
  await run("sleep 5", { signal, timeoutSeconds: 0.1 });
  await expect(run("", { signal })).rejects.toThrow();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
