import { execFileSync } from "node:child_process";
import type { CommandPlan } from "@eightfold/core";
import { type CommandOutcome, runCommand } from "@eightfold/shell";
import type { Workspace } from "@eightfold/workspace";
import { type AskUser, openBox, type Reach } from "../src/box.ts";

export const hasBox = makesBox();

function makesBox(): boolean {
  try {
    const options = ["--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "--proc", "/proc", "true"];
    execFileSync("bwrap", options, { stdio: "ignore" });
    return process.platform === "linux";
  } catch {
    return false;
  }
}

type Options = Parameters<typeof openBox>[1];

/** Runs a command in the box as it is written, or as the plan says: the gate is out of the way. */
export async function runInBox(
  workspace: Pick<Workspace, "root">,
  reach: Reach,
  command: string | CommandPlan,
  options?: Options,
  ask?: AskUser,
): Promise<CommandOutcome> {
  const boxed = await boxedPlan(workspace, reach, command, options, ask);
  return runHere(workspace, boxed);
}

/** Runs a command or a plan as the shell does. */
export function runHere({ root }: Pick<Workspace, "root">, command: string | CommandPlan) {
  return runCommand(command, { cwd: root, signal: new AbortController().signal, timeoutSeconds: 60 });
}

export async function boxedPlan(
  { root }: Pick<Workspace, "root">,
  reach: Reach,
  command: string | CommandPlan,
  options?: Options,
  ask?: AskUser,
): Promise<CommandPlan> {
  const unproved = { type: "command", verdict: "unproved", reason: "" } as const;
  const plan = typeof command === "string" ? { ...unproved, command } : command;
  const box = await openBox({ root, lastRead: new Map() }, options);
  const call = { call: { id: "1", name: "run_bash", input: {} }, input: {}, plan, run: notRun };
  const boxed = (await box.enclose(call, reach, ask)).plan;
  if (boxed?.type !== "command" || !boxed.box) throw new Error(`No box: ${box.note ?? (await box.notice)}`);
  return boxed;
}

const notRun = () => Promise.reject(new Error("It is the plan that runs."));
