import type { ToolCall, ToolResult } from "../../conversation.ts";
import { safeLine } from "../safe-text.ts";
import { clip, widthOf, wrap } from "../width.ts";
import type { Ink, Run } from "./ink.ts";

/** No terminal is this wide; what lies beyond is not even looked at. */
const FAR = 2_000;

/** An outcome that does not fit beside its call gets that many lines below it. */
const MAX_OUTCOME_LINES = 3;

/** A call in a few words: `bash npm test`. */
export function callWords(call: ToolCall): string {
  return `${nameOf(call)} ${matterOf(call)}`.trimEnd();
}

/** A finished call: `• edit src/parse.ts +3 −1`, `• bash npm test → exit 1, 2.1 s`. */
export function callLine(call: ToolCall, result: ToolResult, columns: number): Run[] {
  const failed = result.isError || /^exit (?!0\b)/.test(result.summary);
  const name = clip(nameOf(call), columns - 3);
  const head: Run[] = [
    { text: "• ", ink: [failed ? "red" : "cyan"] },
    { text: name, ink: ["bold"] },
  ];
  const outcome = outcomeOf(result);
  const room = columns - 1 - widthOf(`• ${name} `);
  const matter = matterOf(call);
  const beside = room - widthOf(outcome.map(({ text }) => text).join("")) - 1;
  if (beside >= Math.min(widthOf(matter), 12)) {
    return [
      ...head,
      { text: spaced(clip(matter, beside)), ink: [] },
      { text: " ", ink: [] },
      ...outcome,
      newline,
    ];
  }
  const lines = wrap(outcome.map(({ text }) => text).join(""), columns - 3).slice(0, MAX_OUTCOME_LINES);
  const ink: Ink = failed ? ["red"] : ["dim"];
  return [
    ...head,
    { text: spaced(clip(matter, Math.max(1, room))), ink: [] },
    newline,
    ...lines.flatMap((line) => [{ text: `  ${clip(line, columns - 3)}`, ink }, newline]),
  ];
}

const newline: Run = { text: "\n", ink: [] };

const spaced = (text: string) => (text === "" ? "" : ` ${text}`);

/** `read_file` is `read`, and `run_bash` is `bash`. */
function nameOf({ name }: ToolCall): string {
  return safeLine(name.slice(0, FAR)).replace(/^run_(?=.)|(?<=.)_files?$/g, "");
}

/** What a user wants to know of a call: the command, or what is looked for and where. */
function matterOf({ input }: ToolCall): string {
  const { command, pattern, path, glob } = input;
  const shown = [command, typeof pattern === "string" ? `/${pattern}/` : undefined, path, glob];
  const known = shown.filter((value) => typeof value === "string");
  const text =
    known.length > 0 ? known.join(" ") : Object.values(input).find((value) => typeof value === "string");
  return safeLine(String(text ?? "").slice(0, FAR));
}

/** A measure (`+3 −1`, `40 lines`) stands beside the call; what happened comes after an arrow. */
function outcomeOf(result: ToolResult): Run[] {
  const text = safeLine((result.summary || firstLine(result.text)).slice(0, FAR));
  const failed = result.isError || /^exit (?!0\b)/.test(text);
  if (failed) return [{ text: `→ ${text}`, ink: ["red"] }];
  const [, added, removed] = /^(\+\d+) (−\d+)$/.exec(text) ?? [];
  if (added !== undefined && removed !== undefined) {
    return [
      { text: added, ink: ["green"] },
      { text: " ", ink: [] },
      { text: removed, ink: ["red"] },
    ];
  }
  return [{ text: /^\d/.test(text) ? text : `→ ${text}`, ink: ["dim"] }];
}

function firstLine(text: string): string {
  const [first = ""] = text.trimStart().split("\n", 1);
  return first;
}
