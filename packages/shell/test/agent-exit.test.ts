import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { processState } from "@eightfold/core";
import { expect, test } from "vitest";
import { leftRunning } from "../src/index.ts";
import { allGone, pidsIn, temporaryFolder } from "./running.ts";

const SHELL = pathToFileURL(join(import.meta.dirname, "../src/index.ts")).href;

function runNode(code: string, cwd: string) {
  return spawnSync(process.execPath, ["--input-type=module", "--eval", code], { cwd, encoding: "utf8" });
}

/** Starts a program that runs a command for ever, and then ends in its own way. */
async function pidsAfter(ending: string): Promise<number[]> {
  const cwd = await temporaryFolder();
  runNode(
    `import { runCommand } from "${SHELL}";
    import { existsSync } from "node:fs";
    const user = new AbortController();
    const command = "trap '' TERM; echo $$ >> pids; sleep 600 & echo $! >> pids; sleep 0.1; touch ready; sleep 600; sleep 600";
    const outcome = runCommand(command, { cwd: process.cwd(), signal: user.signal });
    while (!existsSync("ready")) await new Promise((resolve) => setTimeout(resolve, 20));
    ${ending}`,
    cwd,
  );
  return pidsIn(await readFile(join(cwd, "pids"), "utf8"));
}

test.each([
  ["exits", "process.exit(0)"],
  ["crashes", "throw new Error('crash')"],
  [
    "exits on a signal",
    "process.on('SIGTERM', () => process.exit(143)); process.kill(process.pid, 'SIGTERM')",
  ],
  ["comes to its end after an abort", "user.abort(); await outcome"],
  [
    "does so where the machine is so busy that the time to end a command is over at once",
    "let clock = 0; performance.now = () => (clock += 4_000); user.abort(); await outcome",
  ],
])("no command outlives a program that %s", async (_, ending) => {
  const pids = await pidsAfter(ending);
  expect(pids).toHaveLength(2);
  await allGone(pids);
});

test.runIf(process.platform === "linux")(
  "what outlives a program that is killed is named, with what ends it",
  async () => {
    const cwd = await temporaryFolder();
    const code = `import { leftRunning, runCommand } from "${SHELL}";
    import { existsSync } from "node:fs";
    void runCommand("sleep 599 & echo $! >> pids; touch ready; wait", { cwd: process.cwd(), signal: new AbortController().signal });
    while (!existsSync("ready")) await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(JSON.stringify(leftRunning(process.cwd())));
    process.kill(process.pid, "SIGKILL");`;
    const { stdout } = runNode(code, cwd);
    expect(stdout).toBe("[]\n"); // of an agent that runs nothing is left
    const [pid = 0] = pidsIn(await readFile(join(cwd, "pids"), "utf8"));
    const group = processState(pid)?.group;
    expect(leftRunning(cwd)).toEqual([
      expect.stringMatching(
        new RegExp(`^A command of it still runs: \`.*sleep 599.*\`; \`kill -- -${group}\` ends it\\.$`),
      ),
    ]);
    expect(leftRunning(await temporaryFolder())).toEqual([]);
    process.kill(-Number(group), "SIGKILL");
    await allGone([pid]);
  },
);

test("what starts processes is not loaded before the first command", async () => {
  const code = `await import("${SHELL}"); console.log(process.moduleLoadList.join("\\n"))`;
  const { stdout } = runNode(code, await temporaryFolder());
  expect(stdout).toContain("NativeModule path");
  expect(stdout).not.toMatch(/^NativeModule (child_process|crypto)$/m);
});
