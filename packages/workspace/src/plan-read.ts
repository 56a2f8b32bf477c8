import type { ReadPlan } from "@eightfold/core";
import { resolvePath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

/** @throws for a path that the guard refuses */
export async function planRead(workspace: Workspace, path = "."): Promise<ReadPlan> {
  const { shown } = await resolvePath(workspace, path);
  return { type: "read", path: shown };
}
