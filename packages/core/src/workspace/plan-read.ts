import { resolvePath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

/** What a tool that only reads would read: a file, or the names and texts below a folder. */
export interface ReadPlan {
  readonly type: "read";
  /** Relative to the workspace, with all links followed. */
  readonly path: string;
}

/** @throws for a path that the guard refuses */
export async function planRead(workspace: Workspace, path = "."): Promise<ReadPlan> {
  const { shown } = await resolvePath(workspace, path);
  return { type: "read", path: shown };
}
