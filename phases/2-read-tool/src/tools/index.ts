import type { Tool } from "@eightfold/core/tool";
import type { Workspace } from "@eightfold/core/workspace";
import { readFile } from "./read-file.ts";

export function createTools(workspace: Workspace): Tool[] {
  return [readFile].map((tool) => tool(workspace));
}
