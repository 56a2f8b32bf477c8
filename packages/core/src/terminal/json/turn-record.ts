import type { StopReason, Usage } from "../../conversation.ts";
import type { ModelEvent } from "../../model/model.ts";
import type { ToolEvent } from "../../tool/index.ts";

/** What is to be told of a turn when it has ended, and of one that is broken off. */
export interface TurnRecord {
  stop?: StopReason;
  /** What the last reply said, as far as it came: the answer. */
  text: string;
  /** Replies of the model. */
  steps: number;
  /** The sum of what the replies reported. */
  usage: Usage;
  /** US dollars; absent when the price of a reply is not known. */
  costUsd?: number | undefined;
  error?: Failure;
}

export interface Failure {
  /** A ModelErrorKind, "usage" for a wrong command line, or "bug". */
  readonly kind: string;
  readonly message: string;
}

export function startRecord(): TurnRecord {
  return { text: "", steps: 0, usage: {}, costUsd: 0 };
}

/** Adds what an event says. The text of a reply takes the place of that of the one before. */
export function recorder(record: TurnRecord): (event: ModelEvent | ToolEvent) => Promise<void> {
  let saying = false;
  return async (event) => {
    switch (event.type) {
      case "text_delta":
        record.text = (saying ? record.text : "") + event.text;
        saying = true;
        break;
      case "retry":
        record.text = "";
        break;
      case "reply_end": {
        if (!saying) record.text = "";
        saying = false;
        record.steps++;
        record.usage = sum(record.usage, event.usage);
        if (event.error) record.error = event.error;
        const { costOf } = await import("../../model/prices.ts");
        const cost = costOf(event.provider, event.model, event.usage);
        record.costUsd = cost === undefined ? undefined : plus(record.costUsd, cost);
      }
    }
  };
}

/** Once unknown, a sum of prices stays so. Billionths of a dollar are noise. */
function plus(total: number | undefined, cost: number): number | undefined {
  return total === undefined ? undefined : Number((total + cost).toFixed(9));
}

function sum(total: Usage, usage: Usage): Usage {
  const counts: Record<string, number> = {};
  for (const [name, count] of [...Object.entries(total), ...Object.entries(usage)]) {
    if (typeof count === "number") counts[name] = (counts[name] ?? 0) + count;
  }
  return total.estimated || usage.estimated ? { ...counts, estimated: true } : counts;
}
