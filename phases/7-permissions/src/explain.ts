import { inspectCommand } from "@eightfold/gate";
import { openWorkspace } from "@eightfold/workspace";
import { type Decision, decide } from "./permissions.ts";

/** What the gate decides on a command in a folder, and why. Nothing is run: `pnpm phase 7 explain "git push"`. */
export async function explain(command: string, folder: string): Promise<Decision> {
  const plan = await inspectCommand(command, await openWorkspace(folder));
  return decide(plan, { approval: "ask", always: new Set() });
}
