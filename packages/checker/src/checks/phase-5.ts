import { existsSync } from "node:fs";
import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ScriptedCall } from "@eightfold/wire";
import { isAlive, tryKill } from "../agent-process.ts";
import { CTRL_C } from "../agent-terminal.ts";
import { runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { lastUserText, resultsIn } from "../requests.ts";
import { callTools, writesArguments } from "../tool-turn.ts";
import { waitFor } from "../wait.ts";
import type { Workbench } from "../workbench.ts";

/** A tool that runs commands: what comes back of them, what they may see, and what may stay behind. */
export const phase5: readonly Check[] = [
  check(
    "5.reports-commands",
    "a command's end, stdout and stderr come back, and it has nothing to read",
    async (bench) => {
      await bench.put({ "notes.txt": "" });
      const [ended, killed, silent, folder, stdin, coloured] = await callTools(bench, [
        runBash("echo to stdout; echo to stderr >&2; exit 3"),
        runBash("kill -SEGV $$"),
        runBash("true"),
        runBash("pwd; ls"),
        runBash("cat; read line; echo it goes on"),
        runBash("printf '\\033[31mred\\033[0m\\n'"),
      ]);
      expectText(
        ended,
        /^exit 3\nstdout:\nto stdout\n+stderr:\nto stderr\n*$/,
        "exit code, stdout and stderr",
      );
      expectText(killed, /^killed by SIGSEGV/, "the signal that ended a command");
      expectText(silent, /^exit 0\n/, "the end of a command that prints nothing");
      expectText(folder, `${bench.folder}\nnotes.txt`, "a command that runs in the workspace");
      expectText(stdin, "it goes on", "a command that reads from stdin, and finds the end of it");
      expectText(coloured, /stdout:\nred\s*$/, "output without its colours");
    },
  ),

  check("5.ends-what-it-started", "nothing that a command has started outlives it", async (bench) => {
    const [background, chatty, late] = await callTools(bench, [
      runBash("sleep 300 & echo $! > quiet.pid; echo hi"),
      runBash("while sleep 0.05; do echo more; done & echo $! > chatty.pid; echo hi"),
      runBash("sleep 300 & echo $! > child.pid; echo $$ > late.pid; wait", 1),
    ]);
    expectText(background, /^exit 0\nstdout:\nhi/, "the end of the command, not of what it left behind");
    expectText(chatty, /^exit 0\nstdout:\nhi/, "the end of the command, though its child goes on printing");
    expectText(late, /^timed out after 1 s/, "a timeout");
    for (const name of ["quiet", "chatty", "child", "late"]) await expectGone(bench, `${name}.pid`);
  }),

  check(
    "5.bounds-its-output",
    "output without end is cut in the middle, and kept whole in a file",
    async (bench) => {
      const [text] = await callTools(bench, [runBash("seq 1 200000")]);
      expectThat((text?.length ?? 0) < 60_000, "at most 60,000 characters of output", text?.length);
      expectText(text, /^exit 0\nstdout:\n1\n2\n3\n/, "the start of the output");
      expectText(text, /\n199999\n200000\n*$/, "the end of the output");
      const [, file = ""] = /is in (\/[^\s\]]+)/.exec(text ?? "") ?? [];
      expectText(file, /\w/, "the name of the file with all of it");
      const lines = (await bench.read(file)).toString().split("\n");
      expectEqual(lines.length, 200_001, "the lines in that file, the last one empty");
      expectEqual(await readdir(bench.folder), [], "files in the workspace");
    },
  ),

  check("5.goes-on", "no command, however hostile, ends the agent", async (bench) => {
    const hostile: [ScriptedCall, RegExp][] = [
      [runBash("kill -9 $$"), /SIGKILL/],
      [runBash("printf 'bytes \\377\\376 \\000 \\355\\240\\200'"), /exit 0/],
      [runBash("exec >&- 2>&-; exit 1"), /exit 1/],
      [runBash("kill -TERM 0"), /SIGTERM/],
      [runBash("if then fi"), /syntax/],
      [runBash("no-such-program --at-all"), /exit 127/],
      [runBash("echo $'\\u2028 \\r\\b\\a'"), /exit 0/],
      [runBash(""), /command/],
      [runBash("sleep 1", -5), /timeout/],
      [{ name: "run_bash", input: { command: ["echo", "hi"] } }, /command/],
      [{ name: "run_bash", input: {} }, /command/],
      [{ name: "run_shell", input: { command: "ls" } }, /run_bash/],
    ];
    if (writesArguments(bench)) {
      hostile.push([{ name: "run_bash", rawArguments: '{"command": "touch half' }, /JSON|arguments/i]);
    }
    const steps = hostile.map(([call]) => [call]);
    const results = await callTools(bench, ...steps, [runBash("ls; echo still here")]);
    for (const [index, [call, pattern]] of hostile.entries()) {
      expectText(results[index], pattern, `a result of ${JSON.stringify(call)}`);
    }
    expectText(results.at(-1), /^exit 0\nstdout:\nstill here/, "the command after all of them, and no file");
  }),

  check(
    "5.hides-keys",
    "a command sees the user's environment, and no key of a model's provider",
    async (bench) => {
      const key = "sk-that-nobody-should-see";
      const wire = await bench.serve([{ calls: [runBash("env")] }, { text: "done" }]);
      await bench.run(["go"], {
        env: {
          OPENAI_API_KEY: key,
          ANTHROPIC_API_KEY: key,
          GEMINI_API_KEY: key,
          ...wire.env,
          MY_SETTING: "kept",
        },
      });
      const [text] = resultsIn(bench.requests.at(-1));
      expectText(text, "MY_SETTING=kept", "the user's own settings");
      const keys = Object.entries(wire.env).flatMap(([name, value]) => (/KEY/.test(name) ? [value] : []));
      expectNoText(text, [key, ...keys, "EIGHTFOLD_MODEL="], "the environment of a command");
    },
  ),

  check("5.ctrl-c", "Ctrl-C ends a command and what it started, and the agent goes on", async (bench) => {
    await bench.serve((request) =>
      lastUserText(request).includes("And now?") ? { text: "On we go." } : { calls: [endless] },
    );
    const terminal = await bench.converse();
    await terminal.ask("Wait for ever.");
    await waitFor("the command", () => hasStarted(bench));
    terminal.press(CTRL_C);
    await terminal.ask("And now?");
    await terminal.shows("On we go.");
    for (const name of ["child.pid", "command.pid"]) await expectGone(bench, name);
    const [text] = resultsIn(bench.requests.at(-1));
    expectText(text, /stop|interrupt|abort|cancel/i, "a result that says that the command was stopped");
  }),

  check("5.signals", "an agent that is told to end leaves no command behind", async (bench) => {
    await bench.serve(() => ({ calls: [endless] }));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      const agent = bench.start(["go"]);
      await waitFor("the command", () => hasStarted(bench));
      agent.signal(signal);
      const { code } = await agent.end();
      if (signal === "SIGINT") expectEqual(code, 130, "exit code after SIGINT");
      for (const name of ["child.pid", "command.pid"]) await expectGone(bench, name);
      await rm(join(bench.folder, "command.pid"));
    }
  }),
];

/** A command that waits for ever, and so does its child. */
const endless = runBash(
  "sleep 300 & echo $! > child.pid; echo $$ > command.pid.new; mv command.pid.new command.pid; wait",
);

function hasStarted({ folder }: Workbench): boolean {
  return existsSync(join(folder, "command.pid"));
}

/**
 * Waits until the process whose id a file holds has gone, and ends it if it does not go. A box numbers its processes
 * by itself: on Linux a command's are found by the folder that they work in.
 */
async function expectGone(bench: Workbench, pidFile: string): Promise<void> {
  const pid = Number((await bench.read(pidFile)).toString());
  const left = async () =>
    process.platform === "linux" ? await processesIn(bench.folder) : (await isAlive(pid)) ? [pid] : [];
  try {
    await waitFor(`the process in ${pidFile} to be gone`, async () => (await left()).length === 0);
  } finally {
    for (const process of await left()) tryKill(process, "SIGKILL");
  }
}

/** The processes that work in a folder, without the agent, which works there as well: its own words name the folder. */
async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const isCommand = async (pid: number) =>
    (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === folder &&
    !(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes(`--cwd\0${folder}`);
  const found = await Promise.all(pids.map(isCommand));
  return pids.filter((_, index) => found[index]);
}
