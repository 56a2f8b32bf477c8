import type { Tool } from "@eightfold/core/tool";
import type { Workspace } from "@eightfold/core/workspace";
import { grep } from "./grep.ts";
import { listFiles } from "./list-files.ts";
import { readFile } from "./read-file.ts";

export function createTools(workspace: Workspace): Tool[] {
  return [readFile, listFiles, grep].map((tool) => tool(workspace));
}
