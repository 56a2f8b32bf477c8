import type { Usage } from "@eightfold/core";
import { widthOf } from "./width.ts";

/** The replies of a turn, or of a session, and how long it took. */
export interface Used {
  readonly replies: { readonly usage: Usage; readonly costUsd?: number | undefined }[];
  milliseconds: number;
}

type Part = "input" | "cached" | "output" | "reasoning" | "cost";

/**
 * `1.2k in (800 cached) · 310 out (120 reasoning) · $0.0041 · 3.2 s · ctx 12 %`: where there is no room the brackets are
 * left out, and then it takes more lines.
 * @param fill the part of the model's window that is full
 */
export function usageLine(used: Used, columns: number, fill?: number): string {
  const context = fill === undefined ? [] : [`ctx ${Math.ceil(fill * 100)} %`];
  const time = duration(used.milliseconds);
  const [input, output] = [sumOf(used, "input", compact), sumOf(used, "output", compact)];
  if (input === UNKNOWN && output === UNKNOWN) return `usage unknown · ${time}`;
  const cost = sumOf(used, "cost", dollars);
  const detail = (part: "cached" | "reasoning") =>
    used.replies.some(({ usage }) => usage[part]) ? ` (${sumOf(used, part, compact)} ${part})` : "";
  const lineOf = (cached: string, reasoning: string) => [
    `${input} in${cached}`,
    `${output} out${reasoning}`,
    cost === UNKNOWN ? "cost unknown" : cost,
    time,
    ...context,
  ];
  const line = lineOf(detail("cached"), detail("reasoning")).join(" · ");
  return widthOf(line) < columns ? line : inLines(lineOf("", ""), columns);
}

function inLines(parts: readonly string[], columns: number): string {
  return parts.reduce((text, part) => {
    const last = text.slice(text.lastIndexOf("\n") + 1);
    return widthOf(`${last} · ${part}`) < columns ? `${text} · ${part}` : `${text} ·\n${part}`;
  });
}

/** The same as a table, for a whole session, in Markdown. */
export function usageReport(used: Used): string {
  const rows = [
    ["replies", String(used.replies.length)],
    ["input tokens", sumOf(used, "input", rounded)],
    ["of these cached", sumOf(used, "cached", rounded)],
    ["output tokens", sumOf(used, "output", rounded)],
    ["of these reasoning", sumOf(used, "reasoning", rounded)],
    ["cost", sumOf(used, "cost", dollars)],
    ["time", duration(used.milliseconds)],
  ].map((row) => `| ${row.join(" | ")} |`);
  const estimated = used.replies.some(({ usage }) => usage.estimated);
  return [
    "| this session | |",
    "|:--|--:|",
    ...rows,
    "",
    ...(estimated ? ["`~` marks an estimate: the provider does not count."] : []),
    ...(rows.some((row) => row.endsWith("+ |")) ? ["`+` marks a sum that lacks some replies."] : []),
  ]
    .join("\n")
    .trimEnd();
}

const UNKNOWN = "unknown";

/** The sum of what replies reported for a part, marked when it is an estimate, and when some replies are not in it. */
function sumOf({ replies }: Used, part: Part, show: (sum: number) => string): string {
  const told = replies.flatMap(({ usage, costUsd }) => (part === "cost" ? costUsd : usage[part]) ?? []);
  if (told.length === 0) return UNKNOWN;
  const sum = told.reduce((total, count) => total + count, 0);
  const estimated = replies.some(({ usage }) => usage.estimated) && !(part === "cost" && sum === 0);
  return `${estimated ? "~" : ""}${show(sum)}${told.length < replies.length ? "+" : ""}`;
}

/** 950, 1.2k, 12k, 1.2M. */
function compact(count: number): string {
  if (count < 1_000) return String(count);
  const [value, unit] = count < 999_500 ? [count / 1_000, "k"] : [count / 1_000_000, "M"];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/** Two digits that say something: $0.0041, $0.12, $3.50. */
function dollars(amount: number): string {
  if (amount === 0) return "$0";
  if (amount < 0.0001) return "<$0.0001";
  const digits = Math.max(2, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(digits)}`;
}

function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const rounded = (count: number) => Math.round(count).toLocaleString("en");
