import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAlive } from "../agent-process.ts";
import { CTRL_D } from "../agent-terminal.ts";
import { runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { lastUserText, resultsIn } from "../requests.ts";
import { callTools } from "../tool-turn.ts";
import { waitFor } from "../wait.ts";
import { expectTool } from "./tool.ts";

const git = async (folder: string, ...words: string[]) =>
  (await promisify(execFile)("git", ["-C", folder, ...words])).stdout;

export const chapter5: readonly Check[] = [
  check("5.1", "a timeout ends with the next call: a longer `timeout`, or less to do", async (bench) => {
    const [late, quick] = await callTools(bench, [
      runBash("echo begun; sleep 30", 1),
      runBash("echo quick", 1),
    ]);
    const [, after = ""] = late?.split("begun") ?? [];
    expectText(after, /\btimeout\b/i, "a result that names `timeout` behind the output");
    expectText(after, /600|long|more|high|large|rais|increas/i, "a result that says what to change in it");
    expectText(quick, "quick", "the result of a command that was in time");
    expectNoText(quick, [/\btimeout\b/i], "the result of a command that was in time");
  }),

  check("5.2", "every `git push` is refused, and other commands run", async (bench) => {
    const remote = join(bench.outside, "remote.git");
    await git(bench.outside, "init", "--quiet", "--bare", remote);
    await git(bench.folder, "init", "--quiet", "--initial-branch=main");
    await git(bench.folder, "remote", "add", "origin", remote);
    const me = ["-c", "user.name=You", "-c", "user.email=you@example.com"];
    await git(bench.folder, ...me, "commit", "--quiet", "--allow-empty", "--message=One");
    const results = await callTools(
      bench,
      [
        runBash("git push origin main:a"),
        runBash("true && git  push --quiet origin main:b"),
        runBash("git push --tags origin main:c"),
      ],
      [runBash("git status --short --branch"), runBash("git log --format=%s; echo pushed by nobody")],
    );
    expectEqual(
      await git(remote, "branch", "--format=%(refname:short)"),
      "",
      "the branches that were pushed",
    );
    const [status, log] = results.slice(3);
    expectText(status, "## main", "the result of git status");
    expectText(log, /One\npushed by nobody/, "the result of another command");
  }),

  check("5.3", "what is started with `background` outlives its turn, and not the agent", async (bench) => {
    const command = "echo $$ > pid.new; mv pid.new pid.txt; echo up; exec sleep 300";
    await bench.serve((request, index) => {
      const said = lastUserText(request);
      const knows = JSON.stringify(request.view.tools).includes('"background":');
      if (index === 0 && knows)
        return { calls: [{ name: "run_bash", input: { command, background: true } }] };
      if (said.includes("And now?") && index === 2)
        return { calls: [runBash("kill -0 $(cat pid.txt) && echo alive")] };
      return { text: said.includes("And now?") ? "It is up." : "Begun." };
    });
    const terminal = await bench.converse();
    await terminal.ask("Start it.");
    await terminal.shows("Begun.");
    expectTool(bench, "run_bash", ["background"]);
    await waitFor("the command to begin", () => existsSync(join(bench.folder, "pid.txt")));
    const pid = Number(String(await bench.read("pid.txt")));
    await terminal.ask("And now?");
    await terminal.shows("It is up.");
    expectText(
      resultsIn(bench.requests.at(-1)).at(-1),
      "alive",
      "a command of the next turn that looks for it",
    );
    await terminal.prompt();
    terminal.press(CTRL_D);
    expectEqual(await terminal.end(), 0, "exit code");
    await waitFor("the end of what it left", async () => !(await isAlive(pid)));
    expectThat(!(await isAlive(pid)), "nothing left running", pid);
  }),
];
