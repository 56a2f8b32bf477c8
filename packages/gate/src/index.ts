/** What a command would do. */
import type { CommandPlan } from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";

export { type AskUser, type Box, boxFlags, openBox, type Reach } from "./box.ts";

/**
 * Finds out whether a command only reads, and only in the workspace, without running any of it. What cannot be proved is
 * "unproved", and a few commands are a "catastrophe". Bugs in a program that reads are left to the box.
 * @param outside whether the model asks for it to run outside of the box
 */
export async function inspectCommand(
  command: string,
  workspace: Workspace,
  outside?: boolean,
): Promise<CommandPlan> {
  const { inspectCommand } = await import("./inspect.ts"); // with unbash and the tables: it costs a start 20 ms
  return { ...(await inspectCommand(command, workspace)), ...(outside && { outside }) };
}
