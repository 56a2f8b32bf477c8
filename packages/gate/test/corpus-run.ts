import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import type { CommandPlan } from "@eightfold/core";
import { startCommand } from "@eightfold/shell/test/running";
import type { Workspace } from "@eightfold/workspace";
import { inspectCommand } from "../src/inspect.ts";

/** All that a command printed, and its exit code. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What each command says that may run without a question; undefined where somebody is asked. */
export async function runWhatReads(
  commands: readonly string[],
  workspace: Workspace,
): Promise<(Said | undefined)[]> {
  const plans = await Promise.all(commands.map((command) => inspectCommand(command, workspace)));
  const said = await runAll(
    plans.filter(({ verdict }) => verdict === "reads"),
    workspace.root,
  );
  return plans.map(({ verdict }) => (verdict === "reads" ? said.shift() : undefined));
}

/** The commands that may run without a question, and print what `isWrong`. */
export async function readingThat(
  isWrong: (output: string) => boolean,
  commands: readonly string[],
  workspace: Workspace,
): Promise<string[]> {
  const said = await runWhatReads(commands, workspace);
  return commands.filter((_, index) => {
    const { stdout, stderr } = said[index] ?? { stdout: "", stderr: "" };
    return isWrong(stdout + stderr);
  });
}

/** One argument of a program has at most 128 KB on Linux. */
const MOST = 100_000;

/**
 * Runs commands one after the other, each in a subshell of its own: a process for each would take most of the time.
 * They are started as `runCommand` starts them; all of them as plans, or all as they are written.
 */
export async function runAll(commands: readonly (string | CommandPlan)[], cwd: string): Promise<Said[]> {
  const mark = randomUUID();
  const scripts = commands.map((command) => `(\n${scriptOf(command)}\n)\n${ending(mark)}\n`);
  const said: Said[] = [];
  for (let first = 0; first < scripts.length; ) {
    let script = "";
    let next = first;
    while (next < scripts.length && (next === first || script.length + (scripts[next] ?? "").length < MOST)) {
      script += scripts[next++];
    }
    const [plan = ""] = commands;
    const group = await startCommand(withScript(plan, script), cwd);
    const [stdout, stderr] = await Promise.all([text(group.stdout), text(group.stderr), group.exited]);
    await group.end();
    const parts = said.length;
    said.push(...partsOf(stdout, stderr, mark));
    if (said.length - parts !== next - first)
      throw new Error(`The shell stopped at ${scripts[first + said.length - parts]}: ${stderr.slice(-500)}`);
    first = next;
  }
  return said;
}

function withScript(plan: string | CommandPlan, script: string): string | CommandPlan {
  return typeof plan === "string" || !plan.proved ? script : { ...plan, proved: { ...plan.proved, script } };
}

const scriptOf = (command: string | CommandPlan) =>
  typeof command === "string" ? command : (command.proved?.script ?? "");

const ending = (mark: string) => `printf '\\n%s %s\\n' ${mark} $?; printf '\\n%s\\n' ${mark} >&2`;

function partsOf(stdout: string, stderr: string, mark: string): Said[] {
  const errors = stderr.split(`\n${mark}\n`);
  const parts = [...stdout.matchAll(new RegExp(`(.*?)\n${mark} (\\d+)\n`, "gs"))];
  return parts.map(([, own = "", code], index) => ({
    code: Number(code),
    stdout: own,
    stderr: errors[index] ?? "",
  }));
}
