import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { processState } from "./process.ts";

test("a process that runs has a start, which stays the same", () => {
  expect(processState(process.pid)?.started).toMatch(process.platform === "linux" ? /^\d+$/ : /^$/);
  expect(processState(process.pid)).toEqual(processState(process.pid));
});

test.runIf(process.platform === "linux")("the leader of a group bears the group's number", async () => {
  const run = spawn("sleep", ["30"], { detached: true, stdio: "ignore" });
  onTestFinished(() => void run.kill("SIGKILL"));
  await once(run, "spawn");
  expect(processState(run.pid ?? 0)?.group).toBe(run.pid);
});

test("a process that is dead, and that its parent has not looked after, does not run", async () => {
  // It ends once its parent is no shell any more: a shell would look after it.
  const dies = '(until [ "$(ps -o comm= -p $$)" = sleep ]; do :; done)';
  const run = spawn("bash", ["-c", `${dies} & echo $!; exec sleep 30`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void run.kill("SIGKILL"));
  const [pid] = await once(run.stdout, "data");
  await expect.poll(() => processState(Number(pid))).toBeUndefined();
  expect(() => process.kill(Number(pid), 0)).not.toThrow();
});

test.runIf(process.platform === "linux" && process.geteuid?.() === 0)(
  "where /proc is not mounted (only root can unmount it), this process runs all the same",
  () => {
    const module = join(import.meta.dirname, "process.ts");
    const code = `import { processState } from "${module}"; console.log(JSON.stringify(processState(process.pid)))`;
    const script = 'umount --lazy /proc && exec "$@"';
    const node = [process.execPath, "--input-type=module", "-e", code];
    const said = execFileSync("unshare", ["--mount", "sh", "-c", script, "sh", ...node], {
      encoding: "utf8",
    });
    expect(said).toBe('{"started":""}\n');
  },
);
