import { type PreparedCall, refuseCall } from "@eightfold/core";
import { takeBack, type Workspace } from "@eightfold/workspace";
import type { Session } from "../sessions/session.ts";

/**
 * The step of a call before the last: how a change is taken back is written down before the change can land. One whose
 * file has changed since it was planned cannot land, so it is refused, and there is none to take back.
 */
export async function journalBeforeRun(session: Session, call: PreparedCall): Promise<PreparedCall> {
  const { plan } = call;
  if (plan?.type !== "change") return call;
  const stale = await plan.check().catch((error: Error) => error);
  if (stale) return refuseCall(call, stale.message);
  session.append({ type: "change", change: plan.reversal });
  return call;
}

/**
 * Puts back the files of the last turn whose tools changed any, and tells the model. What commands did stays.
 * @returns what was done, for the user
 * @throws when a file is no longer what the turn made of it; then none is touched
 */
export async function undo(session: Session, workspace: Workspace): Promise<string> {
  const last = session.changes.at(-1);
  if (!last) return "There is nothing to undo: no tool has changed a file.";
  const turn = session.changes.filter(({ turn }) => turn === last.turn).map(({ change }) => change);

  const files = await takeBack(workspace, turn);
  const lines = files.map(({ path, deleted }) => `- ${path}${deleted ? " is deleted" : " is as it was"}`);
  const report = lines.join("\n") || "- All files were as before already.";
  const text = `[The user undid your last changes of files:\n${report}]`;
  session.append({ type: "note", text, undoes: true });
  return `${report}\n\nWhat commands changed is not undone.`;
}
