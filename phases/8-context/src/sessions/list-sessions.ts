import { firstRecord, type JournalRecord, lastRecord, listJournals, noSessionIn } from "@eightfold/journal";
import { fitColumns, safeLine } from "@eightfold/terminal";

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
interface MessageRecord extends JournalRecord {
  readonly message?: { readonly text?: unknown } | null;
}

interface TurnEndRecord extends JournalRecord {
  readonly total?: { readonly turns?: unknown; readonly costUsd?: unknown } | null;
}

/**
 * The sessions of a workspace, the last used first: a table as wide as the screen, or a JSON object a line. It reads the
 * first `message` record of each, and the last `turn_end`.
 */
export async function listSessions(
  root: string,
  output: "text" | "json" = "text",
  columns: number = process.stdout.columns ?? 120,
): Promise<string> {
  const rows = (await listJournals(root)).map(({ id, file, changedAt }): SessionRow => {
    const text = firstRecord<MessageRecord>(file, "message")?.message?.text;
    const { turns, costUsd } = lastRecord<TurnEndRecord>(file, "turn_end")?.total ?? {};
    return {
      id,
      changedAt,
      turns: typeof turns === "number" ? turns : 0,
      ...(typeof costUsd === "number" && { costUsd }),
      request: typeof text === "string" ? text : "",
    };
  });
  if (output === "json") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return rows.length > 0 ? drawSessions(rows, columns) : `${await noSessionIn(root)}\n`;
}

function drawSessions(rows: readonly SessionRow[], columns: number): string {
  const cells = [["session", "last used", "turns", "cost"], ...rows.map(cellsOf)];
  const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const firstLines = rows.map(({ request }) => safeLine(request.trim().split("\n", 1).join("")));
  const requests = ["first request", ...firstLines];
  const lines = cells.map((row, line) => {
    const padded = row.map((cell, at) => (at < 2 ? cell.padEnd(width(at)) : cell.padStart(width(at))));
    return [...padded, requests[line]].join("  ");
  });
  return lines.map((line) => `${fitColumns(line.trimEnd(), columns)}\n`).join("");
}

function cellsOf({ id, changedAt, turns, costUsd }: SessionRow): string[] {
  const used = changedAt.toLocaleString("sv").slice(0, "2026-11-20 15:28".length);
  return [id, used, String(turns), costUsd === undefined ? "" : `$${costUsd.toFixed(2)}`];
}
