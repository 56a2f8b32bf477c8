/** The windows of a run's requests as columns, in as many shapes as there are colours: a run has hundreds. */
import { tokensOf } from "./outline.ts";
import { type Category, categories } from "./parts.ts";
import type { Step } from "./run.ts";

export interface Column {
  readonly x: number;
  readonly width: number;
  /** From one column to the next. */
  readonly pitch: number;
}

export interface DrawnWindows {
  readonly columns: readonly Column[];
  /** For each category one path, over all columns. */
  readonly areas: Readonly<Record<Category, string>>;
  /** What came from a cache, from the bottom: a cache knows the beginning of a prompt. */
  readonly cached: string;
  readonly hasCached: boolean;
  /** A sign over each request whose beginning is not that of the one before. */
  readonly breaks: string;
  /** The largest request, in tokens. */
  readonly largest: number;
  readonly isEstimated: boolean;
  /** What a request may take, where the agent watches it; `y` when it is on the scale. */
  readonly budget: { readonly limit: number; readonly y: number | undefined } | undefined;
}

const WIDEST = 26;

/** A budget further off would leave the columns no height. */
const FARTHEST = 4;

export function drawWindows(
  steps: readonly Step[],
  { width, height }: { readonly width: number; readonly height: number },
): DrawnWindows {
  const windows = steps.map((step) => tokensOf(step.outline, step.exchange.usage?.usage.input));
  const totals = windows.map((shares) => categories.reduce((sum, category) => sum + shares[category], 0));
  const largest = Math.max(1, ...totals);
  const limit = steps.findLast((step) => step.window)?.window?.limit;
  const isOnScale = limit !== undefined && limit <= largest * FARTHEST;
  const top = (isOnScale ? Math.max(limit, largest) : largest) * 1.04;
  const pitch = Math.min(WIDEST, width / Math.max(1, steps.length));
  const gap = pitch > 8 ? 3 : pitch > 3 ? 1 : 0;
  const columns = steps.map((_, index) => ({ x: index * pitch, width: pitch - gap, pitch }));
  const yOf = (count: number) => SIGNS + height - (count / top) * height;

  const areas: Record<Category, string> = { system: "", tools: "", history: "", results: "", summary: "" };
  let [cached, breaks] = ["", ""];
  for (const [index, step] of steps.entries()) {
    const column = columns[index];
    const shares = windows[index];
    if (!column || !shares) continue;
    let below = 0;
    for (const category of categories) {
      areas[category] += box(column, yOf(below + shares[category]), yOf(below));
      below += shares[category];
    }
    cached += box(column, yOf(step.exchange.usage?.usage.cached ?? 0), yOf(0));
    if (step.outline.broken) breaks += sign(column, yOf(below) - 6);
  }
  const budget = limit === undefined ? undefined : { limit, y: isOnScale ? yOf(limit) : undefined };
  const hasCached = steps.some(({ exchange }) => (exchange.usage?.usage.cached ?? 0) > 0);
  const isEstimated = steps.every(
    ({ exchange }) => exchange.usage?.usage.input === undefined || exchange.usage.usage.estimated,
  );
  return { columns, areas, cached, hasCached, breaks, largest, isEstimated, budget };
}

/** Room for the signs over the tallest column. */
const SIGNS = 12;

function box({ x, width }: Column, top: number, bottom: number): string {
  return bottom - top < 0.05
    ? ""
    : `M${round(x)} ${round(top)}h${round(width)}V${round(bottom)}h${round(-width)}z`;
}

/** ≠, drawn, as wide as the column allows. */
function sign({ x, width }: Column, y: number): string {
  const middle = x + width / 2;
  const half = Math.min(4, Math.max(1, width / 2));
  const line = (at: number) => `M${round(middle - half)} ${round(at)}H${round(middle + half)}`;
  return `${line(y - 1.5)}${line(y + 1.5)}M${round(middle - 2)} ${round(y + 4)}L${round(middle + 2)} ${round(y - 4)}`;
}

const round = (number: number) => Math.round(number * 10) / 10;
