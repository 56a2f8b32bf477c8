import type { ToolCall, ToolResult } from "@eightfold/core";
import { type Format, NEWLINE, type StyledText } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";
import { clip, widthOf, wrap } from "./width.ts";

/** No terminal is this wide; what lies beyond is not even looked at. */
const FAR = 2_000;

/** An outcome that does not fit beside its call gets that many lines below it. */
const MAX_OUTCOME_LINES = 3;

/** A call in a few words: `bash npm test`. */
function callWords(call: ToolCall): string {
  return `${nameOf(call)} ${matterOf(call)}`.trimEnd();
}

/** A finished call: `• edit src/parse.ts +3 −1`, `• bash npm test → exit 1, 2.1 s`. */
export function callLine(call: ToolCall, result: ToolResult, columns: number): StyledText[] {
  const outcome = outcomeOf(result);
  const failed = hasFailed(result);
  const name = clip(nameOf(call), columns - 3);
  const matter = matterOf(call);
  const free = columns - 1 - widthOf(`• ${name} `);
  const head = (width: number): StyledText[] => [
    { text: "• ", format: [failed ? "red" : "cyan"] },
    { text: name, format: ["bold"] },
    { text: matter === "" || width < 1 ? "" : ` ${clip(matter, width)}`, format: [] },
  ];
  const beside = free - widthOf(textOf(outcome)) - 1;
  if (beside >= Math.min(widthOf(matter), LEAST_MATTER)) {
    return [...head(beside), { text: " ", format: [] }, ...outcome, NEWLINE];
  }
  const format: Format = failed ? ["red"] : ["dim"];
  const below = outcomeLines(textOf(outcome), columns - 3);
  return [...head(free), NEWLINE, ...below.flatMap((text) => [{ text: `  ${text}`, format }, NEWLINE])];
}

/** Less than this of what matters says nothing: then the outcome goes below. */
const LEAST_MATTER = 12;

const textOf = (texts: readonly StyledText[]) => texts.map(({ text }) => text).join("");

function outcomeLines(outcome: string, columns: number): string[] {
  const lines = wrap(outcome, columns);
  const kept = lines.slice(0, MAX_OUTCOME_LINES);
  return kept.map((line, index) => {
    const cut = index === kept.length - 1 && lines.length > kept.length;
    return clip(cut ? `${line} …` : line, columns);
  });
}

/** `read_file` is `read`, and `run_bash` is `bash`. */
function nameOf({ name }: ToolCall): string {
  return safeLine(name.slice(0, FAR)).replace(/^run_(?=.)|(?<=.)_files?$/g, "");
}

/** What a user wants to know of a call: the command, or what is looked for and where. */
function matterOf({ input }: ToolCall): string {
  const { command, pattern, path, glob, offset } = input;
  const regex = typeof pattern === "string" ? `/${pattern}/` : undefined;
  const place = typeof path === "string" && typeof offset === "number" ? `${path}:${offset}` : path;
  const known = [command, regex, place, glob].filter((value) => typeof value === "string");
  const text =
    known.length > 0 ? known.join(" ") : Object.values(input).find((value) => typeof value === "string");
  return safeLine(String(text ?? "").slice(0, FAR));
}

/** For whoever waits for green tests, a command that ends with another exit code than 0 has failed. */
function hasFailed({ isError, summary }: ToolResult): boolean {
  return isError || /^exit (?!0\b)/.test(summary);
}

/** A measure (`+3 −1`, `40 lines`) stands beside the call; what happened comes after an arrow. */
function outcomeOf(result: ToolResult): StyledText[] {
  const text = safeLine((result.summary || firstLine(result.text)).slice(0, FAR));
  if (hasFailed(result)) return [{ text: `→ ${text}`, format: ["red"] }];
  const [, added, removed] = /^(\+\d+) (−\d+)$/.exec(text) ?? [];
  if (added !== undefined && removed !== undefined) {
    return [
      { text: added, format: ["green"] },
      { text: " ", format: [] },
      { text: removed, format: ["red"] },
    ];
  }
  return [{ text: /^\d/.test(text) ? text : `→ ${text}`, format: ["dim"] }];
}

function firstLine(text: string): string {
  const [first = ""] = text.trimStart().split("\n", 1);
  return first;
}

/** The calls that run now, side by side, and what each of them is doing. */
export interface RunningCalls {
  start(call: ToolCall): void;
  progress(call: ToolCall, text: string): void;
  end(call: ToolCall): void;
  /** All of them on a line of so many columns; undefined when none runs. */
  words(columns: number): string | undefined;
}

const BETWEEN = " · ";

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
