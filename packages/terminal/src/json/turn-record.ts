import { nothingSpent, type Spent, type StopReason, spend } from "@eightfold/core";
import type { TurnEvent } from "../terminal.ts";

/** What is to be told of a turn when it has ended, and of one that is broken off. */
export interface TurnRecord extends Spent {
  stop?: StopReason;
  /** What the last reply said, as far as it came: the answer. */
  text: string;
  /** Replies of the model. */
  steps: number;
  error?: Failure;
}

export interface Failure {
  /** A ModelErrorKind, "usage" for a wrong command line, or "bug". */
  readonly kind: string;
  readonly message: string;
}

export function startRecord(): TurnRecord {
  return { text: "", steps: 0, ...nothingSpent() };
}

/** Adds what an event says. The text of a reply takes the place of that of the one before. */
export function recorder(record: TurnRecord): (event: TurnEvent) => void {
  let saying = false;
  return (event) => {
    spend(record, event);
    switch (event.type) {
      case "text_delta":
        record.text = (saying ? record.text : "") + event.text;
        saying = true;
        break;
      case "retry":
        record.text = "";
        break;
      case "reply_end":
        if (!saying) record.text = "";
        saying = false;
        record.steps++;
        delete record.error; // an agent may find a way on after a failure
        if (event.error) record.error = event.error;
    }
  };
}
