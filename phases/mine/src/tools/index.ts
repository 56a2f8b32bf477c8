import type { Tool } from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";
import type { Agent } from "../agent.ts";
import { delegate } from "../helpers/delegate.ts";
import { editFile } from "./edit-file.ts";
import { grep } from "./grep.ts";
import { listFiles } from "./list-files.ts";
import { note } from "./note.ts";
import { readFile } from "./read-file.ts";
import { runBash } from "./run-bash.ts";
import { updatePlan } from "./update-plan.ts";
import { writeFile } from "./write-file.ts";

export function createTools(workspace: Workspace, agent: () => Agent, depth: number): Tool[] {
  return [
    ...[readFile, listFiles, grep, editFile, writeFile, runBash].map((tool) => tool(workspace)),
    ...[note, updatePlan].map((tool) => tool((change) => agent().session.remember(change))),
    delegate(agent, depth),
  ];
}
