import type { Tool } from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";
import { grep } from "./grep.ts";
import { listFiles } from "./list-files.ts";
import { readFile } from "./read-file.ts";

export function createTools(workspace: Workspace): Tool[] {
  return [readFile, listFiles, grep].map((tool) => tool(workspace));
}
