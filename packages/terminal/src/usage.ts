import { addUsage, type ReplyEnd, type Usage } from "@eightfold/core";
import { widthOf } from "./width.ts";

/** What can be told of a reply. */
type Part = "input" | "cached" | "output" | "reasoning" | "cost";

/** What replies used, added up, and how much of that is known. */
export interface Tally {
  replies: number;
  milliseconds: number;
  usage: Usage;
  /** US dollars. */
  cost: number;
  /** How many of the replies told each part: one that is absent is unknown. */
  readonly told: Partial<Record<Part, number>>;
}

export function startTally(): Tally {
  return { replies: 0, milliseconds: 0, usage: {}, cost: 0, told: {} };
}

export function addReply(tally: Tally, { usage, costUsd }: Pick<ReplyEnd, "usage" | "costUsd">): void {
  const { input, cached, output, reasoning } = usage;
  tally.replies++;
  tally.usage = addUsage(tally.usage, usage);
  tally.cost += costUsd ?? 0;
  for (const [part, count] of Object.entries({ input, cached, output, reasoning, cost: costUsd })) {
    if (count !== undefined) tally.told[part as Part] = (tally.told[part as Part] ?? 0) + 1;
  }
}

/**
 * `1.2k in (800 cached) · 310 out (120 reasoning) · $0.0041 · 3.2 s`: where there is no room the brackets are left
 * out, and then it takes more lines.
 */
export function usageLine(tally: Tally, columns: number): string {
  const { told, usage } = tally;
  const time = duration(tally.milliseconds);
  if (!told.input && !told.output) return `usage unknown · ${time}`;
  const cost = told.cost ? costOf(tally) : "cost unknown";
  const tokens = (part: TokenPart) => signed(tally, part, compact(usage[part] ?? 0));
  const detail = (part: TokenPart) => ((usage[part] ?? 0) > 0 ? ` (${tokens(part)} ${part})` : "");
  const [input, output] = [`${tokens("input")} in`, `${tokens("output")} out`];
  const line = [input + detail("cached"), output + detail("reasoning"), cost, time].join(" · ");
  return widthOf(line) < columns ? line : inLines([input, output, cost, time], columns);
}

function inLines(parts: readonly string[], columns: number): string {
  return parts.reduce((text, part) => {
    const last = text.slice(text.lastIndexOf("\n") + 1);
    return widthOf(`${last} · ${part}`) < columns ? `${text} · ${part}` : `${text} ·\n${part}`;
  });
}

/** The same as a table, for a whole session, in Markdown. */
export function usageReport(tally: Tally): string {
  const tokens = (part: TokenPart) => signed(tally, part, (tally.usage[part] ?? 0).toLocaleString("en"));
  const rows = [
    ["replies", String(tally.replies)],
    ["input tokens", tokens("input")],
    ["of these cached", tokens("cached")],
    ["output tokens", tokens("output")],
    ["of these reasoning", tokens("reasoning")],
    ["cost", costOf(tally)],
    ["time", duration(tally.milliseconds)],
  ];
  const notes = [
    tally.usage.estimated ? "`~` is an estimate: the provider does not count." : "",
    rows.some(([, value]) => value?.endsWith("+")) ? "`+` is a part: some replies did not say." : "",
  ].filter((note) => note !== "");
  const table = ["| this session | |", "|:--|--:|", ...rows.map((row) => `| ${row.join(" | ")} |`)];
  return [...table, "", ...notes].join("\n").trimEnd();
}

type TokenPart = Exclude<Part, "cost">;

function costOf(tally: Tally): string {
  return signed(tally, "cost", dollars(tally.cost));
}

/** A sum with the signs for an estimate, and for one that some replies did not add to. */
function signed({ replies, usage, told, cost }: Tally, part: Part, sum: string): string {
  const known = told[part] ?? 0;
  if (known === 0) return "unknown";
  const estimated = usage.estimated && !(part === "cost" && cost === 0);
  return `${estimated ? "~" : ""}${sum}${known < replies ? "+" : ""}`;
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
