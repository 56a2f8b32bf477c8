import type { ChangePlan, FileChange } from "@eightfold/core";
import { planChange } from "./change.ts";
import { type ResolvedPath, resolveFilePath } from "./guard.ts";
import { loadIfThere } from "./load-text.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { requireText } from "./require-text.ts";
import { requireSeenWhole } from "./seen.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Writes a whole file, making its parent folders. The content is written as it is given.
 * @throws for an existing file unless all of it was read in this session, and it is still the same.
 */
export async function writeText(workspace: Workspace, path: string, content: string): Promise<FileChange> {
  const place = await resolveFilePath(workspace, path);
  return oneAtATime(place.absolute, async () => (await planAt(workspace, place, content)).land());
}

/** The same, to be looked at before it lands. */
export async function planWrite(workspace: Workspace, path: string, content: string): Promise<ChangePlan> {
  return planAt(workspace, await resolveFilePath(workspace, path), content);
}

async function planAt(workspace: Workspace, place: ResolvedPath, content: string): Promise<ChangePlan> {
  requireText("content", content);
  const before = await loadIfThere(workspace, place);
  if (before) requireSeenWhole(workspace, place, before.fingerprint);
  return planChange(workspace, place, before, content);
}
