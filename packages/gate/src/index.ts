/** What a command would do. */
import type { CommandPlan } from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";

/**
 * Finds out whether a command only reads, and only in the workspace, without running any of it. What cannot be proved
 * is "unproved"; few things are a "catastrophe". It is no sandbox: what a reading program itself may do wrong stays.
 */
export async function inspectCommand(command: string, workspace: Workspace): Promise<CommandPlan> {
  const { inspectCommand } = await import("./inspect.ts"); // with unbash and the tables: it costs a start 20 ms
  return inspectCommand(command, workspace);
}
