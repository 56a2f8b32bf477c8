import type { Workspace } from "../workspace/workspace.ts";
import type { CommandPlan } from "./reading/inspect.ts";
import type { CommandOptions, CommandOutcome } from "./run-command.ts";

export { describeEnding, type Ending } from "./ending.ts";
export { commandEnvironment } from "./environment.ts";
export type { CommandOptions, CommandOutcome, CommandPlan };

/**
 * Runs a command with bash and ends all that it started: when it is done, when its time is up, when `signal` is
 * aborted, and when our own process exits. After an abort it returns at once, and the ending goes on behind.
 * @param command a command, or the plan of one: a plan that reads is run as it was read
 * @throws an Error a model can act on, when the command cannot be started at all
 */
export async function runCommand(
  command: string | CommandPlan,
  options: CommandOptions,
): Promise<CommandOutcome> {
  // What starts processes is loaded with the first command: most sessions are on screen before they need it.
  const { runCommand } = await import("./run-command.ts");
  return runCommand(command, options);
}

/**
 * Finds out whether a command only reads, and only in the workspace, without running any of it. What cannot be proved
 * is "unproved"; few things are a "catastrophe". It is no sandbox: what a reading program itself may do wrong stays.
 */
export async function inspectCommand(command: string, workspace: Workspace): Promise<CommandPlan> {
  const { inspectCommand } = await import("./reading/inspect.ts");
  return inspectCommand(command, workspace);
}
