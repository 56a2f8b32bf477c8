/** Where the time of a run went. */
import type { Call, Run, Step } from "./run.ts";

export type Activity = "model" | "tools" | "you" | "retry";

export interface Span {
  readonly activity: Activity;
  readonly from: number;
  readonly to: number;
  /** The row that it belongs to. */
  readonly key: string;
}

export function spansOf(run: Run): Span[] {
  return run.rows.flatMap((row): Span[] => {
    if (row.kind === "step") return [modelSpan(row, run.now)];
    if (row.kind === "call") return callSpans(row, run.now);
    if (row.kind !== "note" || row.line.type !== "retry") return [];
    const { t, waitMs } = row.line;
    return [{ activity: "retry", from: t, to: t + waitMs, key: row.key }];
  });
}

export function modelSpan({ exchange, key }: Step, now: number): Span {
  const { request, end, pieces, response } = exchange;
  const isOver = exchange.usage !== undefined || now > request.t;
  const last = Math.max(request.t, pieces.at(-1)?.t ?? 0, response?.t ?? 0);
  return {
    activity: "model",
    from: request.t,
    to: end?.t ?? exchange.usage?.t ?? (isOver ? last : now),
    key,
  };
}

/** The user's answer comes between the call and its run. */
export function callSpans({ line, decision, answer, result, key }: Call, now: number): Span[] {
  const waited = answer?.waited ?? 0;
  const from = Math.max(line.t, decision?.t ?? 0, answer?.t ?? 0);
  const you: Span[] = waited > 0 ? [{ activity: "you", from: from - waited, to: from, key }] : [];
  return [...you, { activity: "tools", from, to: Math.max(from, result?.t ?? now), key }];
}

/** The milliseconds that each activity took, in which others may have gone on beside it. */
export function totalsOf(spans: readonly Span[]): Record<Activity, number> {
  const totals: Record<Activity, number> = { model: 0, tools: 0, you: 0, retry: 0 };
  for (const activity of Object.keys(totals) as Activity[]) {
    let covered = 0;
    const own = spans
      .filter((span) => span.activity === activity)
      .sort((one, other) => one.from - other.from);
    for (const { from, to } of own) {
      totals[activity] += Math.max(0, to - Math.max(from, covered));
      covered = Math.max(covered, to);
    }
  }
  return totals;
}
