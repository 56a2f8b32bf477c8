import { type FileChange, landChange } from "./change.ts";
import { resolveFilePath } from "./guard.ts";
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
  requireText("content", content);
  const place = await resolveFilePath(workspace, path);
  return oneAtATime(place.absolute, async () => {
    const before = await loadIfThere(workspace, place);
    if (before) requireSeenWhole(workspace, place, before.fingerprint);
    return landChange(workspace, place, before, content);
  });
}
