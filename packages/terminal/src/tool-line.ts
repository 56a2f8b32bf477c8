import type { ToolCall, ToolResult } from "@eightfold/core";
import { safeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";
import { clip, widthOf } from "./width.ts";

/** No terminal is this wide; what lies beyond is not even looked at. */
const FAR = 2_000;

/** The line that announces a call: `• read_file src/parse.ts`. */
export function startLine(call: ToolCall, columns: number, style: Style): string {
  const name = clip(safeLine(call.name.slice(0, FAR)), columns - 3);
  const rest = columns - widthOf(name) - 4;
  const matter = rest > 0 ? clip(safeLine(whatMatters(call.input).slice(0, FAR)), rest) : "";
  return `${style.cyan("•")} ${style.bold(name)} ${matter}`.trimEnd();
}

/** The line below it: how the call went. */
export function endLine(result: ToolResult, columns: number, style: Style): string {
  const text = result.summary || firstLine(result.text);
  const line = `  ${clip(safeLine(text.slice(0, FAR)), columns - 3)}`;
  return result.isError ? style.red(line) : style.dim(line);
}

/** What a user wants to know of a call: the command, or what is looked for and where. */
function whatMatters(input: ToolCall["input"]): string {
  const { command, pattern, path, glob, offset } = input;
  const shown = [
    command,
    typeof pattern === "string" ? `/${pattern}/` : undefined,
    typeof path === "string" && typeof offset === "number" ? `${path}:${offset}` : path,
    glob,
  ].filter((value) => typeof value === "string");
  if (shown.length > 0) return shown.join(" ");
  return Object.values(input).find((value) => typeof value === "string") ?? "";
}

function firstLine(text: string): string {
  const [first = ""] = text.trimStart().split("\n", 1);
  return first;
}
