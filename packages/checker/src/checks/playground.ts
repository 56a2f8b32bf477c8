import { execFile } from "node:child_process";
import { chmod, cp } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { editFile, listFiles, readFile, runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText } from "../expect.ts";
import { resultsIn } from "../requests.ts";
import { callTools } from "../tool-turn.ts";
import type { Workbench } from "../workbench.ts";

const repo = join(import.meta.dirname, "../../../..");

/** Phase 5 at work: a failing test of the playground is found and fixed. */
export const playground: readonly Check[] = [
  check("5.fixes-a-test", "run the tests, read the failure, edit, run them again: green", async (bench) => {
    await cp(join(repo, "playground"), bench.folder, { recursive: true });
    const [, , red, , , green] = await callTools(
      bench,
      [listFiles()],
      [readFile("package.json")],
      [runBash("node --test")],
      [readFile("src/amount.js")],
      [editFile("src/amount.js", "return whole + top / bottom;", "return Number(whole) + top / bottom;")],
      [runBash("node --test")],
    );
    expectText(red, /^exit 1\n.*\b21 !== 3\b/s, "the tests before, and what fails");
    expectText(green, /^exit 0\n.*\bfail 0\b/s, "the tests after");
  }),

  check(
    "5.demo-fixes-a-test",
    "the demo model does the same without a key",
    async (bench) => {
      await cp(join(repo, "playground"), bench.folder, { recursive: true });
      const { code, stdout } = await bench.run(["--model", "demo", "Run the tests and fix what fails."]);
      expectEqual(code, 0, "exit code");
      expectText(stdout, /\w/, "an answer on stdout");
      await expectGreen(bench);
    },
    { ours: true },
  ),

  check(
    "5.own-programs",
    "commands run the user's programs, whatever pnpm has put on PATH",
    async (bench) => {
      await bench.put({ "../outside/node": "#!/bin/sh\necho the node of the user\n" });
      await chmod(join(bench.outside, "node"), 0o755);
      const path = [join(repo, "node_modules/.bin"), bench.outside, process.env.PATH].join(delimiter);
      const env = { PATH: path, npm_lifecycle_event: "phase", npm_config_user_agent: "pnpm", INIT_CWD: "/" };
      await bench.serve([{ calls: [runBash("node --version; env")] }, { text: "done" }]);
      await bench.run(["go"], { env });
      const [text] = resultsIn(bench.requests.at(-1));
      expectText(text, "the node of the user", "what `node` runs");
      expectNoText(text, [/^npm_/m, /^INIT_CWD/m], "the environment of a command");
    },
    { ours: true },
  ),
];

async function expectGreen({ folder }: Workbench): Promise<void> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = promisify(execFile)(process.execPath, ["--test"], { cwd: folder, env });
  const { output, code } = await run.then(
    ({ stdout }) => ({ output: stdout, code: 0 }),
    ({ stdout, code }: { stdout: string; code: number }) => ({ output: stdout, code }),
  );
  expectEqual(code, 0, `exit code of the playground's tests, which say\n${output}\n`);
}
