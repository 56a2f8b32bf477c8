import type { Tool } from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";
import { editFile } from "./edit-file.ts";
import { grep } from "./grep.ts";
import { listFiles } from "./list-files.ts";
import { readFile } from "./read-file.ts";
import { runBash } from "./run-bash.ts";
import { writeFile } from "./write-file.ts";

export function createTools(workspace: Workspace): Tool[] {
  return [readFile, listFiles, grep, editFile, writeFile, runBash].map((tool) => tool(workspace));
}
