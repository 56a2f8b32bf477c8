import type { ToolCall, ToolResult } from "@eightfold/core";
import { NEWLINE, type StyledText, styled, styledLines, textOf } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";
import { fitColumns, widthOf, wrap } from "./width.ts";

/** No terminal is this wide; what lies beyond is not even looked at. */
const FAR = 2_000;

/** An outcome that does not fit beside its call gets that many lines below it. */
const MAX_OUTCOME_LINES = 3;

/** Less than this of what matters says nothing: then the outcome goes below. */
const LEAST_MATTER = 12;

/** A call, and how it ended: `• edit src/parse.ts +3 −1`, `• bash npm test → exit 1, 2.1 s`. */
export function callLine(call: ToolCall, result: ToolResult | undefined, columns: number): StyledText[] {
  const outcome = result ? outcomeOf(result) : [];
  const failed = result !== undefined && hasFailed(result);
  const name = fitColumns(nameOf(call), columns - 3);
  const matter = matterOf(call);
  const free = columns - 1 - widthOf(`• ${name} `);
  const head = (width: number) => [
    styled("• ", failed ? "red" : "cyan"),
    styled(name, "bold"),
    styled(matter === "" || width < 1 ? "" : ` ${fitColumns(matter, width)}`),
  ];
  const beside = free - widthOf(textOf(outcome)) - 1;
  if (beside >= Math.min(widthOf(matter), LEAST_MATTER)) {
    return [...head(beside), styled(" "), ...outcome, NEWLINE];
  }
  const below = outcomeLines(textOf(outcome), columns - 3).map((line) => `  ${line}`);
  return [...head(free), NEWLINE, ...styledLines(below, failed ? "red" : "dim")];
}

function outcomeLines(outcome: string, columns: number): string[] {
  const lines = wrap(outcome, columns);
  const kept = lines.slice(0, MAX_OUTCOME_LINES);
  return kept.map((line, index) => {
    const cut = index === kept.length - 1 && lines.length > kept.length;
    return fitColumns(cut ? `${line} …` : line, columns);
  });
}

/** A command that the user typed behind a "!", and no call of the model's. */
export const isTyped = ({ id }: ToolCall) => id === "!";

/** `read_file` is `read`, and `run_bash` is `bash`. */
const nameOf = (call: ToolCall) =>
  isTyped(call) ? "!" : safeLine(call.name.slice(0, FAR)).replace(/^run_(?=.)|(?<=.)_files?$/g, "");

/** What a user wants to know of a call: the command, or what is looked for and where. */
function matterOf({ input }: ToolCall): string {
  const { command, pattern, path, glob, offset } = input;
  const regex = typeof pattern === "string" ? `/${pattern}/` : undefined;
  const place = typeof path === "string" && typeof offset === "number" ? `${path}:${offset}` : path;
  const isText = (value: unknown) => typeof value === "string";
  const known = [command, regex, place, glob].filter(isText);
  const text = known.length > 0 ? known.join(" ") : Object.values(input).find(isText);
  return safeLine((text ?? "").slice(0, FAR));
}

/** For whoever waits for green tests, a command that ends with another exit code than 0 has failed. */
export function hasFailed({ isError, summary }: ToolResult): boolean {
  return isError || /^exit (?!0\b)/.test(summary);
}

/** A measure (`+3 −1`, `40 lines`) is beside the call; what happened comes after an arrow. */
function outcomeOf(result: ToolResult): StyledText[] {
  const [firstLine = ""] = result.text.trimStart().split("\n", 1);
  const text = safeLine((result.summary || firstLine).slice(0, FAR));
  if (hasFailed(result)) return [styled(`→ ${text}`, "red")];
  const [, added, removed] = /^(\+\d+) (−\d+)$/.exec(text) ?? [];
  if (added !== undefined && removed !== undefined) {
    return [styled(added, "green"), styled(" "), styled(removed, "red")];
  }
  return [styled(/^\d/.test(text) ? text : `→ ${text}`, "dim")];
}

const BETWEEN = " · ";

export type RunningCalls = ReturnType<typeof runningCalls>;

/** The calls that run now, side by side, and what each of them is doing. */
export function runningCalls() {
  const doing = new Map<string, string>();
  return {
    start: (call: ToolCall) => void doing.set(call.id, `${nameOf(call)} ${matterOf(call)}`.trimEnd()),
    progress(call: ToolCall, text: string): void {
      if (doing.has(call.id)) doing.set(call.id, safeLine(text.slice(0, FAR)));
    },
    end: (call: ToolCall) => void doing.delete(call.id),
    /** All of them on a line of that many columns; undefined when none runs. */
    words(columns: number): string | undefined {
      const all = [...doing.values()];
      if (all.length === 0) return undefined;
      const line = all.join(BETWEEN);
      if (widthOf(line) <= columns) return line;
      const share = Math.floor((columns - BETWEEN.length * (all.length - 1)) / all.length);
      return all.map((text) => fitColumns(text, Math.max(1, share))).join(BETWEEN);
    },
  };
}
