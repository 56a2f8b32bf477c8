import type { Container } from "./line-start.ts";

/** An open block of code. */
export interface Fence {
  /** The backticks or tildes that began it. */
  readonly marks: string;
  /** Where they stood: so much of the indent of each line belongs to the list around. */
  readonly column: number;
  readonly containers: readonly Container[];
  /** How many of them are drawn already: the mark of an item may still have to stand before the first line. */
  kept: number;
}

/** What a line in a fence is: code, its end, or, when the quote around it has ended, nothing of it. */
export type FenceLine =
  | { readonly type: "code"; readonly rest: string }
  | { readonly type: "closing" }
  | { readonly type: "outside" };

/** Longer than any mark: what is held back of a line of nothing but backticks. */
const MAX_HELD = 200;

/** Opens a fence with its first line, or says that it is none: inline code may begin a line too. */
export function openFence(line: string): { readonly marks: string; readonly info: string } | undefined {
  const [, marks = "", info = ""] = /^(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  if (marks === "" || (marks.startsWith("`") && info.includes("`"))) return undefined;
  return { marks, info: info.trim() };
}

/** Reads the start of a line in a fence: undefined while only more of it can tell. */
export function readFenceLine(line: string, fence: Fence, ended: boolean): FenceLine | undefined {
  let column = 0;
  for (const { type } of fence.containers) {
    if (type !== "quote") continue;
    const [mark] = /^ *(?:>(?: |(?=[^ ]))|>$)/.exec(line.slice(column)) ?? [];
    if (mark === undefined) {
      const mayFollow = !ended && line.slice(column).trim() === "" && line.length < MAX_HELD;
      return mayFollow ? undefined : { type: "outside" };
    }
    if (!ended && mark.length + column === line.length && mark.endsWith(">")) return undefined;
    column += mark.length;
  }
  const inside = line.slice(column);
  const indent = Math.min(inside.length - inside.trimStart().length, Math.max(0, fence.column - column));
  const rest = inside.slice(indent);
  const [, marks] = /^ *(`*|~*) *$/.exec(rest) ?? [];
  if (marks === undefined || !fence.marks.startsWith(marks.slice(0, 1))) return { type: "code", rest };
  if (!ended && rest.length < MAX_HELD) return undefined;
  const closing = ended && marks.length >= fence.marks.length;
  return closing ? { type: "closing" } : { type: "code", rest };
}
