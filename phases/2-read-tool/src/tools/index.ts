import type { Tool } from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";
import { readFile } from "./read-file.ts";

export function createTools(workspace: Workspace): Tool[] {
  return [readFile].map((tool) => tool(workspace));
}
