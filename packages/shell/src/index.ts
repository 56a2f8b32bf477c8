import type { CommandPlan } from "@eightfold/core";
import type { CommandOptions, CommandOutcome } from "./run-command.ts";

export { describeEnding, type Ending } from "./ending.ts";
export { programFolders, readingEnvironment } from "./reading-environment.ts";
export type { CommandOptions, CommandOutcome };

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
