import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, secondsToBegin, temporaryFolder } from "./running.ts";

/** Waits until there is no child left, as process managers, test runners and init programs do. */
const NODE_WAITS = `if (process.platform === "linux") {
  const { readFileSync } = require("node:fs");
  const task = "/proc/self/task/" + process.pid + "/children";
  console.log("children: " + (readFileSync(task, "latin1").trim() || "none"));
}`;

const PERL_WAITS = `perl -e 'if (!fork) { exit 0 } 1 while wait != -1; print "done\\n"'`;

test.each([
  ["perl", PERL_WAITS],
  ["perl, behind other commands", `echo start >/dev/null; ${PERL_WAITS}`],
  ["perl, in the place of the shell", `exec ${PERL_WAITS}`],
  ["perl, through env and nice", `env X=1 nice ${PERL_WAITS}`],
  ["perl, in a subshell", `(${PERL_WAITS})`],
  ["perl, in a pipe", `${PERL_WAITS} | cat`],
  ["bash", "sleep 0.1 & wait; echo done"],
  ["bash, with nothing to wait for", "wait; echo done"],
  ["bash, with a trap", "trap 'echo done' EXIT; sleep 0.1 & wait -n; wait"],
  ["bash, by wait -n", "true & while wait -n; do :; done; echo done"],
])("a program that waits for all of its children ends: %s", async (_, command) => {
  expect(await run(command, { timeoutSeconds: 60 })).toMatchObject({
    ending: { type: "exit", code: 0 },
    stdout: "done",
    stderr: "",
  });
});

test("a program is started without children that it does not know", async () => {
  expect(await run(`node -e '${NODE_WAITS}'; jobs -p`)).toMatchObject({ stdout: "children: none" });
  expect((await run("cat /proc/$$/task/$$/children; echo")).stdout.trim()).toMatch(/^\d+$/); // that cat
});

test("a script that waits for all of its children ends", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "script.sh"), `#!/usr/bin/env bash\nset -e\n(echo one) &\nwait\n${PERL_WAITS}\n`);
  await chmod(join(cwd, "script.sh"), 0o755);
  expect(await run("./script.sh", { cwd, timeoutSeconds: 60 })).toMatchObject({
    ending: { type: "exit", code: 0 },
    stdout: "one\ndone",
  });
});

test("both streams are whole, apart and in order, however fast the program ends", async () => {
  const cwd = await temporaryFolder();
  const { ending, stdout, stderr } = await run("seq 700000; seq 700000 >&2; exit 7", { cwd });
  expect(ending).toEqual({ type: "exit", code: 7 });
  expect(stdout).toMatch(/^1\n2\n[\s\S]*\n699999\n700000$/);
  expect(stderr).toMatch(/^1\n2\n[\s\S]*\n699999\n700000$/);
});

test("a pipe that is full when the command is ended is read to its end", async () => {
  const command = "trap 'echo bye; exit' TERM; head -c 60000 /dev/zero | tr '\\0' x; echo; sleep 60 & wait";
  const timeoutSeconds = await secondsToBegin();
  const { stdout } = await run(command, { cwd: await temporaryFolder(), timeoutSeconds });
  expect(stdout).toMatch(/x\nbye$/);
});
