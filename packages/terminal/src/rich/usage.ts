import type { Usage } from "@eightfold/core";
import { widthOf } from "../width.ts";

/** What replies used, added up. */
export interface Tally {
  replies: number;
  /** Some of it was counted by us. */
  estimated: boolean;
  milliseconds: number;
  readonly input: Count;
  readonly cached: Count;
  readonly output: Count;
  readonly reasoning: Count;
  /** US dollars. */
  readonly cost: Count;
}

/** A sum, and whether some replies did not say their part, or none said it. */
interface Count {
  total: number;
  known: boolean;
  complete: boolean;
}

const nothing = (): Count => ({ total: 0, known: false, complete: true });

export function startTally(): Tally {
  return {
    replies: 0,
    estimated: false,
    milliseconds: 0,
    input: nothing(),
    cached: nothing(),
    output: nothing(),
    reasoning: nothing(),
    cost: nothing(),
  };
}

/** Adds one reply. A number that is absent is unknown, and stays so in the sum. */
export function addReply(tally: Tally, usage: Usage, cost: number | undefined): void {
  tally.replies++;
  if (usage.estimated) tally.estimated = true;
  const { input, cached, output, reasoning } = usage;
  for (const [name, value] of Object.entries({ input, cached, output, reasoning, cost })) {
    add(tally[name as "input" | "cached" | "output" | "reasoning" | "cost"], value);
  }
}

function add(count: Count, value: number | undefined): void {
  if (value === undefined) count.complete = false;
  else {
    count.total += value;
    count.known = true;
  }
}

/**
 * `1.2k in (800 cached) · 310 out (120 reasoning) · $0.0041 · 3.2 s`: where there is no room the brackets are left
 * out, and then it takes more lines.
 */
export function usageLine(tally: Tally, columns: number): string {
  const { input, cached, output, reasoning, estimated } = tally;
  const time = duration(tally.milliseconds);
  if (!input.known && !output.known) return `usage unknown · ${time}`;
  const cost = tally.cost.known ? costText(tally) : "cost unknown";
  const counts = [`${tokens(input, estimated)} in`, `${tokens(output, estimated)} out`] as const;
  const detail = (count: Count, name: string) =>
    count.total > 0 ? ` (${tokens(count, estimated)} ${name})` : "";
  const full = [counts[0] + detail(cached, "cached"), counts[1] + detail(reasoning, "reasoning"), cost, time];
  const line = full.join(" · ");
  return widthOf(line) < columns ? line : inLines([...counts, cost, time], columns);
}

function inLines(parts: readonly string[], columns: number): string {
  return parts.reduce((text, part) => {
    const last = text.slice(text.lastIndexOf("\n") + 1);
    return widthOf(`${last} · ${part}`) < columns ? `${text} · ${part}` : `${text} ·\n${part}`;
  });
}

/** The same as a table, for a whole session. */
export function usageReport(tally: Tally): string {
  const rows = [
    ["replies", String(tally.replies)],
    ["input tokens", exact(tally.input, tally.estimated)],
    ["of these cached", exact(tally.cached, tally.estimated)],
    ["output tokens", exact(tally.output, tally.estimated)],
    ["of these reasoning", exact(tally.reasoning, tally.estimated)],
    ["cost", costText(tally)],
    ["time", duration(tally.milliseconds)],
  ];
  const notes = [
    tally.estimated ? "`~` is an estimate: the provider does not count." : "",
    rows.some(([, value]) => value?.endsWith("+")) ? "`+` is a part: some replies did not say." : "",
  ].filter((note) => note !== "");
  const table = ["| this session | |", "|:--|--:|", ...rows.map((row) => `| ${row.join(" | ")} |`)];
  return [...table, "", ...notes].join("\n").trimEnd();
}

function tokens(count: Count, estimated: boolean): string {
  return marked(count, estimated, compact(count.total));
}

function exact(count: Count, estimated: boolean): string {
  return marked(count, estimated, count.total.toLocaleString("en"));
}

function costText({ cost, estimated }: Tally): string {
  return marked(cost, estimated && cost.total > 0, dollars(cost.total));
}

function marked({ known, complete }: Count, estimated: boolean, shown: string): string {
  return known ? `${estimated ? "~" : ""}${shown}${complete ? "" : "+"}` : "unknown";
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
