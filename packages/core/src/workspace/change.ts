import { startFingerprint } from "./fingerprint.ts";
import type { ResolvedPath } from "./guard.ts";
import type { LoadedText } from "./load-text.ts";
import { saveFile } from "./save.ts";
import { rememberChange } from "./seen.ts";
import type { Workspace } from "./workspace.ts";

export interface FileChange {
  /** Relative to the workspace. */
  readonly path: string;
  /** Unified, of the file before and after. */
  readonly diff: string;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** The file did not exist before. */
  readonly created: boolean;
}

/** Saves the new text of a file, counts it as seen, and says what changed. */
export async function landChange(
  workspace: Workspace,
  place: ResolvedPath,
  before: LoadedText | undefined,
  after: string,
): Promise<FileChange> {
  await saveFile(place, after, before?.stats);
  const fingerprint = (await startFingerprint()).update(after).digest("hex");
  rememberChange(workspace, place, fingerprint);
  const { diffTexts } = await import("./diff.ts");
  const diff = diffTexts(place.shown, before?.text ?? "", after);
  return { path: place.shown, ...diff, created: before === undefined };
}
