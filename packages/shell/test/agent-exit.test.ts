import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
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
])("no command outlives a program that %s", async (_, ending) => {
  const pids = await pidsAfter(ending);
  expect(pids).toHaveLength(2);
  await allGone(pids);
});

test("what starts processes is not loaded before the first command", async () => {
  const code = `await import("${SHELL}"); console.log(process.moduleLoadList.join("\\n"))`;
  const { stdout } = runNode(code, await temporaryFolder());
  expect(stdout).toContain("NativeModule path");
  expect(stdout).not.toMatch(/^NativeModule (child_process|crypto)$/m);
});
