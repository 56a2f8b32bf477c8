import type { ToolCall } from "@eightfold/core";
import { safeLine } from "../safe-text.ts";
import { clip, widthOf } from "../width.ts";
import { callWords } from "./call-line.ts";

/** The calls that run now, side by side, and what each of them is doing. */
export interface RunningCalls {
  start(call: ToolCall): void;
  progress(call: ToolCall, text: string): void;
  end(call: ToolCall): void;
  /** All of them on a line of so many columns; undefined when none runs. */
  words(columns: number): string | undefined;
}

const BETWEEN = " · ";

/** No terminal is this wide. */
const FAR = 2_000;

export function runningCalls(): RunningCalls {
  const doing = new Map<string, string>();
  return {
    start: (call) => void doing.set(call.id, callWords(call)),
    progress: (call, text) => void (doing.has(call.id) && doing.set(call.id, safeLine(text.slice(0, FAR)))),
    end: (call) => void doing.delete(call.id),
    words(columns) {
      const all = [...doing.values()];
      if (all.length === 0) return undefined;
      const line = all.join(BETWEEN);
      if (widthOf(line) <= columns) return line;
      const share = Math.floor((columns - BETWEEN.length * (all.length - 1)) / all.length);
      return all.map((text) => clip(text, Math.max(1, share))).join(BETWEEN);
    },
  };
}
