import { safeLine } from "../terminal/safe-text.ts";
import { clip } from "../terminal/width.ts";
import { listJournals } from "./files.ts";
import { firstRecord, type JournalRecord, lastRecord } from "./records.ts";

interface SessionRow {
  readonly id: string;
  /** When it was last used. */
  readonly changedAt: Date;
  /** The first one. */
  readonly request: string;
  readonly turns: number;
  /** US dollars, as far as they are known. */
  readonly costUsd?: number | undefined;
}

interface MessageRecord extends JournalRecord {
  /** Absent in a damaged line. */
  readonly message?: { readonly text?: string } | null;
}

interface TurnEndRecord extends JournalRecord {
  readonly total: Pick<SessionRow, "turns" | "costUsd">;
}

/**
 * The sessions of a workspace, the last used first: a line each, as wide as the screen. It reads the first `message`
 * record of each, and the last `turn_end`.
 */
export async function sessionsTable(root: string, columns = process.stdout.columns ?? 120): Promise<string> {
  const rows = (await listJournals(root)).map(({ id, file, changedAt }) => {
    const first = firstRecord<MessageRecord>(file, "message");
    const last = lastRecord<TurnEndRecord>(file, "turn_end");
    return { id, changedAt, request: first?.message?.text ?? "", ...(last?.total ?? { turns: 0 }) };
  });
  return rows.length > 0 ? drawSessions(rows, columns) : `No session has been saved in ${root}.\n`;
}

function drawSessions(rows: readonly SessionRow[], columns: number): string {
  const cells = [["session", "last used", "turns", "cost"], ...rows.map(cellsOf)];
  const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const requests = ["first request", ...rows.map(({ request }) => firstLine(request))];
  const lines = cells.map(([id = "", used = "", turns = "", cost = ""], line) =>
    [
      id.padEnd(width(0)),
      used.padEnd(width(1)),
      turns.padStart(width(2)),
      cost.padStart(width(3)),
      requests[line],
    ].join("  "),
  );
  return lines.map((line) => `${clip(line.trimEnd(), columns)}\n`).join("");
}

function cellsOf({ id, changedAt, turns, costUsd }: SessionRow): string[] {
  const used = changedAt.toLocaleString("sv").slice(0, "2026-11-20 15:28".length);
  return [id, used, String(turns), costUsd === undefined ? "" : `$${costUsd.toFixed(2)}`];
}

function firstLine(request: string): string {
  const [line = ""] = request.trim().split("\n");
  return safeLine(line);
}
