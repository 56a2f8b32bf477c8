import { join, sep } from "node:path";
import { AGENT_FOLDER } from "./agent-folder.ts";
import { startFingerprint } from "./fingerprint.ts";
import type { ResolvedPath } from "./guard.ts";
import type { LoadedText } from "./load-text.ts";
import { type Reversal, reversalOf } from "./reversal.ts";
import { requireUnchanged, saveFile } from "./save.ts";
import { rememberChange } from "./seen.ts";
import type { Workspace } from "./workspace.ts";

export interface FileChange {
  /** Relative to the workspace. */
  readonly path: string;
  /** Unified, of the file before and after; without its lines when they are too long to keep. */
  readonly diff: string;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** The file did not exist before. */
  readonly created: boolean;
}

/** A change that is worked out, and can be looked at before it lands: its diff is whole, or longer than a model writes. */
export interface ChangePlan extends FileChange {
  readonly type: "change";
  /** How to take it back once it has landed. */
  readonly reversal: Reversal;
  /** Throws as `land` does when the file is not what it was. */
  check(): Promise<void>;
  /** Saves the file; throws, and changes nothing, when the file is not what it was when this was planned. */
  land(): Promise<FileChange>;
}

/**
 * Plans to give a file a new text.
 * @throws for a file in the agent's own folder: its sessions are there, this one too
 */
export async function planChange(
  workspace: Workspace,
  place: ResolvedPath,
  before: LoadedText | undefined,
  after: string,
): Promise<ChangePlan> {
  if (place.absolute.startsWith(join(workspace.root, AGENT_FOLDER) + sep)) {
    throw new Error(
      `${place.shown} is in ${AGENT_FOLDER}, which the agent keeps for itself. Write elsewhere.`,
    );
  }
  const { diffTexts, keptDiff } = await import("./diff.ts");
  const lines = diffTexts(place.shown, before?.text ?? "", after);
  const change = { path: place.shown, created: before === undefined };
  const fingerprint = (await startFingerprint()).update(after).digest("hex");
  return {
    type: "change",
    ...change,
    ...lines,
    reversal: reversalOf(workspace, place, before, { text: after, fingerprint }),
    check: () => requireUnchanged(place, before?.stats),
    async land() {
      await saveFile(place, after, before?.stats);
      rememberChange(workspace, place, fingerprint);
      return { ...change, ...keptDiff(place.shown, lines) };
    },
  };
}
