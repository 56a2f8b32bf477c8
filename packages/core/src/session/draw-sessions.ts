import { safeLine } from "../terminal/safe-text.ts";
import { clip } from "../terminal/width.ts";

export interface SessionRow {
  readonly id: string;
  /** When it was last used. */
  readonly changedAt: Date;
  /** The first one. */
  readonly request: string;
  readonly turns: number;
  /** US dollars, as far as they are known. */
  readonly costUsd?: number | undefined;
}

/** A line for each session, as wide as the screen: a long request is cut. */
export function drawSessions(rows: readonly SessionRow[], columns = process.stdout.columns ?? 120): string {
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
