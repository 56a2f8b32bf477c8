import { firstRecord, type JournalRecord, lastRecord, listJournals, noSessionIn } from "@eightfold/journal";
import { chooseRow, drawTable } from "@eightfold/terminal";

interface SessionRow {
  readonly id: string;
  /** When it was last used. */
  readonly changedAt: Date;
  readonly turns: number;
  /** US dollars, as far as they are known. */
  readonly costUsd?: number | undefined;
  /** The first one. */
  readonly request: string;
}

/** What is on disk; a damaged line may hold anything in its fields. */
interface SavedRecord extends JournalRecord {
  readonly message?: { readonly text?: unknown } | null;
  readonly total?: { readonly turns?: unknown; readonly costUsd?: unknown } | null;
}

/** The sessions of a workspace, the last used first: a table as wide as the screen, or a JSON object a line. */
export async function listSessions(
  root: string,
  output: "text" | "json" = "text",
  columns: number = process.stdout.columns ?? 120,
): Promise<string> {
  const rows = await sessionRows(root);
  if (output === "json") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (rows.length === 0) return `${await noSessionIn(root)}\n`;
  return drawTable([["session", ...HEAD], ...rows.map((row) => [row.id, ...cellsOf(row)])], columns);
}

/** The id of the session that the user chooses; where there is none, what resuming it says so. */
export async function chooseSession(root: string): Promise<string> {
  const rows = await sessionRows(root);
  const at = rows.length > 0 ? await chooseRow([HEAD, ...rows.map(cellsOf)]) : 0;
  return rows[at]?.id ?? "latest";
}

/** Reads the first `message` record of each session, and the last `turn_end`. */
async function sessionRows(root: string): Promise<SessionRow[]> {
  return (await listJournals(root)).map(({ id, file, changedAt }) => {
    const text = firstRecord<SavedRecord>(file, "message")?.message?.text;
    const { turns, costUsd } = lastRecord<SavedRecord>(file, "turn_end")?.total ?? {};
    return {
      id,
      changedAt,
      turns: typeof turns === "number" ? turns : 0,
      ...(typeof costUsd === "number" && { costUsd }),
      request: typeof text === "string" ? text : "",
    };
  });
}

const HEAD = ["last used", "turns", "cost", "first request"];

function cellsOf({ changedAt, turns, costUsd, request }: SessionRow): string[] {
  const used = changedAt.toLocaleString("sv").slice(0, "2026-11-20 15:28".length);
  const [line = ""] = request.trim().split("\n");
  return [used, String(turns), costUsd === undefined ? "" : `$${costUsd.toFixed(2)}`, line];
}
