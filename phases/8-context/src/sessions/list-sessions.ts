import { firstRecord, type JournalRecord, lastRecord, listJournals, noSessionIn } from "@eightfold/journal";
import { chooseSessionRow, drawSessions, type SessionRow } from "@eightfold/terminal";
import { totalOf } from "./session.ts";

/** What is on disk; a damaged line may hold anything in its fields. */
interface SavedRecord extends JournalRecord {
  readonly message?: { readonly text?: unknown } | null;
  readonly total?: Parameters<typeof totalOf>[0] | null;
}

/** The sessions of a workspace, the last used first: a table as wide as the screen, or a JSON object a line. */
export async function listSessions(root: string, output: "text" | "json" = "text"): Promise<string> {
  const rows = await sessionRows(root);
  if (output === "json") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (rows.length === 0) return `${await noSessionIn(root)}\n`;
  return drawSessions(rows);
}

/** The id of the session that the user chooses; where there is none, what resuming it says so. */
export async function chooseSession(root: string): Promise<string> {
  const rows = await sessionRows(root);
  return rows.length > 0 ? chooseSessionRow(rows) : "latest";
}

/** Reads the first `message` record of each session, and the last `turn_end`. */
async function sessionRows(root: string): Promise<SessionRow[]> {
  return (await listJournals(root)).map(({ id, file, changedAt }) => {
    const text = firstRecord<SavedRecord>(file, "message")?.message?.text;
    const total = totalOf(lastRecord<SavedRecord>(file, "turn_end")?.total ?? {});
    return { id, changedAt, ...total, request: typeof text === "string" ? text : "" };
  });
}
