import { inspectCommand, openBox } from "@eightfold/gate";
import { openWorkspace } from "@eightfold/workspace";
import { type Decision, decide } from "./permissions.ts";

/** What the gate decides on a command in a folder, and why. Nothing is run: `pnpm phase 7 explain "git push"`. */
export async function explain(command: string, folder: string): Promise<Decision> {
  const workspace = await openWorkspace(folder);
  const [box, plan] = await Promise.all([openBox(workspace), inspectCommand(command, workspace)]);
  await box.notice; // it has been tried then
  const decision = decide(plan, { approval: "ask", always: new Set(), box });
  const where = decision.reach ? `, ${box.isHere ? "in the box" : "with no box here"}` : "";
  return { ...decision, reason: decision.reason + where };
}
