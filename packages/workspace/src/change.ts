import { join, sep } from "node:path";
import type { ChangePlan } from "@eightfold/core";
import { startFingerprint } from "./fingerprint.ts";
import type { ResolvedPath } from "./guard.ts";
import type { LoadedText } from "./load-text.ts";
import { reversalOf } from "./reversal.ts";
import { requireUnchanged, saveFile } from "./save.ts";
import { rememberChange } from "./seen.ts";
import type { Workspace } from "./workspace.ts";
import { AGENT_FOLDER } from "./workspace.ts";

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
