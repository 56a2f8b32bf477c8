import { clip, type Message, UsageError } from "@eightfold/core";
import { CLEAR, up } from "./drawn-line.ts";
import { openKeyboard } from "./keyboard.ts";
import { paintFor, styled } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";
import { fitColumns, widthOf } from "./width.ts";

/** A session, as a list of them shows it. */
export interface SessionRow {
  readonly id: string;
  /** When it was last used. */
  readonly changedAt: Date;
  readonly turns: number;
  /** US dollars, as far as they are known. */
  readonly costUsd?: number | undefined;
  /** The first one. */
  readonly request: string;
}

const HEAD = ["last used", "turns", "cost", "first request"];

function cellsOf({ changedAt, turns, costUsd, request }: SessionRow): string[] {
  const used = changedAt.toLocaleString("sv").slice(0, "2026-11-20 15:28".length);
  const [line = ""] = request.trim().split("\n");
  return [used, String(turns), costUsd === undefined ? "" : `$${costUsd.toFixed(2)}`, line];
}

/** Sessions as a table that is as wide as the screen. */
export const drawSessions = (rows: readonly SessionRow[], columns = process.stdout.columns || 120) =>
  drawTable([["session", ...HEAD], ...rows.map((row) => [row.id, ...cellsOf(row)])], columns);

/** The id of the session that the user chooses. The rows leave a narrow screen some room for the request. */
export async function chooseSessionRow(rows: readonly SessionRow[]): Promise<string> {
  const narrow = ([used = "", , ...more]: Cells) => [used.replace(/^\d+-/, ""), ...more];
  const at = await chooseRow([HEAD, ...rows.map(cellsOf)].map(narrow));
  return rows[at]?.id ?? "latest";
}

type Cells = readonly string[];

/** Rows of a table: each column as wide as its widest cell, numbers on the right, the last one cut where the screen ends. */
export const drawTable = (table: readonly Cells[], columns: number) =>
  `${tableRows(table, columns).join("\n")}\n`;

function tableRows(table: readonly Cells[], columns: number): string[] {
  const safe = table.map((row) => row.map(safeLine));
  const widths = safe.reduce<number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, widthOf(cell))),
    [],
  );
  const isNumber = (at: number) => safe.every((row, y) => y === 0 || /^[$\d.]*$/.test(row[at] ?? ""));
  const padded = (cell: string, at: number, row: Cells) => {
    const blanks = " ".repeat(at === row.length - 1 ? 0 : (widths[at] ?? 0) - widthOf(cell));
    return isNumber(at) ? blanks + cell : cell + blanks;
  };
  return safe.map((row) => fitColumns(row.map(padded).join("  ").trimEnd(), columns));
}

/**
 * Lets the user choose a row of a table whose first row is its head, with the arrows and Enter; Esc and Ctrl-C leave the
 * program. @returns its place among the others, from 0 @throws UsageError where nobody can choose
 */
async function chooseRow(table: readonly Cells[]): Promise<number> {
  const output = process.stderr;
  if (!process.stdin.isTTY || !output.isTTY || process.env.TERM === "dumb") {
    throw new UsageError(
      "--resume needs an id when nobody can choose from a list: --resume latest, or one that --sessions shows.",
    );
  }
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const last = table.length - 2;
  let at = 0;

  function draw(): void {
    const [columns, rows] = [output.columns || 80, output.rows || 24];
    const [head = "", ...lines] = tableRows(table, columns - 3);
    const room = Math.max(1, Math.min(lines.length, rows - 3));
    const top = Math.max(0, Math.min(at - Math.floor(room / 2), lines.length - room));
    const shown = lines.slice(top, top + room).map((line, index) => {
      const isChosen = top + index === at;
      return styled(`${isChosen ? "›" : " "} ${line}\n`, ...(isChosen ? (["cyan"] as const) : []));
    });
    const keys = fitColumns("  ↑ ↓ Enter chooses · Esc leaves", columns - 1);
    const list = paintFor(output)([styled(`  ${head}\n`, "dim"), ...shown, styled(keys, "dim")]);
    output.write(`${CLEAR}${list}\r${up(room + 1)}`);
  }

  const move = (by: number) => () => {
    at = Math.max(0, Math.min(last, at + by));
    draw();
  };
  const leave = () => resolve(undefined);
  const giveBack = openKeyboard(process.stdin, output).take({
    input: ({ type, text }) => type === "text" && text.endsWith("\r") && resolve(at),
    interrupt: leave,
    resumed: draw,
    ended: leave,
    keys: {
      ...{ up: move(-1), down: move(1), home: move(Number.NEGATIVE_INFINITY), end: move(last) },
      ...{ pageup: move(-10), pagedown: move(10), escape: leave, "ctrl-d": leave },
    },
  });
  output.on("resize", draw);
  draw();
  const chosen = await promise;
  output.off("resize", draw);
  output.write(CLEAR);
  giveBack();
  return chosen ?? process.exit(130);
}

/** How a conversation ended that is gone on with, as Markdown: its last two requests that were answered, and the answers. */
export function lastExchanges(log: readonly Message[]): string {
  const exchanges: { request: string; answer: string }[] = [];
  for (const { role, text } of log) {
    const last = exchanges.at(-1);
    if (role === "user") exchanges.push({ request: text, answer: "" });
    else if (role === "assistant" && text && last) last.answer = text;
  }
  const shown = exchanges.filter(({ answer }) => answer !== "").slice(-2);
  return shown
    .map(
      ({ request, answer }) => `> ${clip(request, 1000).replaceAll("\n", "\n> ")}\n\n${clip(answer, 4000)}`,
    )
    .join("\n\n");
}

const LONGEST_BAR = 24;

/** Of a line, beside the name and the bar: the number, two gaps, and what a block of code is indented by. */
const AROUND = 14;

/**
 * What a whole is made of, as a block of Markdown: a bar a part, and what is left.
 * @param unit what is counted
 */
export function drawShares(
  parts: Readonly<Record<string, number>>,
  whole: number,
  unit: string,
  columns = process.stderr.columns || 80,
): string {
  const used = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const rows = Object.entries({ ...parts, free: Math.max(0, whole - used) });
  const width = Math.max(...rows.map(([name]) => name.length));
  const longest = Math.max(4, Math.min(LONGEST_BAR, columns - width - AROUND));
  const lines = rows.map(([name, count]) => {
    const bar = (name === "free" ? "░" : "█").repeat(Math.ceil((Math.min(count, whole) / whole) * longest));
    return `${name.padEnd(width)}  ${bar.padEnd(longest)}  ${rounded(count).padStart(7)}`;
  });
  const head = `${rounded(used)} of ${rounded(whole)} ${unit}`;
  return ["```", head, "", ...lines, "```"].join("\n");
}

const rounded = (count: number) => Math.round(count).toLocaleString("en");
