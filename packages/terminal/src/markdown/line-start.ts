import type { Format, StyledText } from "./styled-text.ts";

/** A quote, or an item of a list, that a line is inside of. Columns are those of the source. */
export interface Container {
  readonly type: "quote" | "item";
  /** Where its mark is, and where its text begins. */
  readonly mark: number;
  readonly text: number;
  /** "│", "•" or "1.": what is shown before its first line. */
  readonly shown: string;
}

/** How a line begins, and what of it is left. */
export interface LineStart {
  readonly kind: "blank" | "text" | "heading" | "rule" | "fence" | "row" | "code";
  readonly containers: readonly Container[];
  /** How many of the containers go on from the line before; the others begin here. */
  readonly kept: number;
  readonly rest: string;
  /** Where `rest` is. */
  readonly column: number;
}

export const startOfText: LineStart = { kind: "blank", containers: [], kept: 0, rest: "", column: 0 };

/** The first other character of a line tells how the line begins. Where there is none, all of it must be known. */
export const telling = /[^\s>\-+*_=#`~\d.)]/;

/** Beyond this depth nothing is a mark: hostile lines stay quick to read. */
const MAX_DEPTH = 12;

/** Reads how a line begins that follows another. */
export function readLineStart(line: string, previous: LineStart): LineStart {
  const source = expandTabs(line);
  const containers: Container[] = [];
  let kept = 0;
  let column = 0;
  for (;;) {
    const rest = source.slice(column).trimStart();
    const start = source.length - rest.length;
    const earlier = kept === containers.length ? previous.containers[kept] : undefined;
    const found = continued(earlier, start) ?? readContainer(rest, start, containers);
    if (!found) {
      if (rest === "" && containers.length === kept) return { ...previous, kind: "blank", kept };
      const inList = containers.some(({ type }) => type === "item");
      const isCode = start - column >= 4 && previous.kind !== "text" && !inList;
      if (!isCode) return { kind: kindOf(rest), containers, kept, rest, column: start };
      return { kind: "code", containers, kept, rest: source.slice(column + 4), column: start };
    }
    if (found === earlier || (found.type === "quote" && earlier?.type === "quote")) kept++;
    containers.push(found);
    column = Math.min(found === earlier ? start : source.length, found.text);
  }
}

/** The item that a line at this column still belongs to. */
function continued(earlier: Container | undefined, start: number): Container | undefined {
  return earlier?.type === "item" && start >= earlier.mark + 2 ? earlier : undefined;
}

function kindOf(rest: string): LineStart["kind"] {
  if (isRule(rest)) return "rule";
  if (/^#{1,6}(?: |$)/.test(rest)) return "heading";
  if (/^(?:`{3,}[^`]*|~{3,}.*)$/.test(rest)) return "fence"; // inline code may begin with three backticks too
  return rest.startsWith("|") ? "row" : "text";
}

/** A line of `===` below a heading is one too. */
function isRule(rest: string): boolean {
  return /^([-*_=])(?: *\1){2,} *$/.test(rest);
}

function readContainer(rest: string, mark: number, around: readonly Container[]): Container | undefined {
  if (around.length === MAX_DEPTH) return undefined;
  if (rest.startsWith(">")) {
    return { type: "quote", mark, text: mark + (rest[1] === " " ? 2 : 1), shown: "│" };
  }
  const [whole, sign = ""] = /^([-+*]|\d{1,9}[.)])(?: {1,4}(?! )| |$)/.exec(rest) ?? [];
  if (whole === undefined || isRule(rest)) return undefined;
  const bullet = around.some(({ type }) => type === "item") ? "◦" : "•";
  return { type: "item", mark, text: mark + whole.length, shown: sign.length > 1 ? sign : bullet };
}

/** What is drawn before a line for a container that begins with it, or goes on. */
export function markOf({ type, shown }: Container, begins: boolean, format: Format): StyledText {
  if (type === "quote") return { text: "│ ", format: [...format, "dim"] };
  return { text: begins ? `${shown} ` : " ".repeat(shown.length + 1), format };
}

/** Tabs at the start of a line reach to the next multiple of four. */
function expandTabs(line: string): string {
  const [indent = ""] = /^[ \t]*/.exec(line) ?? [];
  let spaces = "";
  for (const character of indent) spaces += character === "\t" ? " ".repeat(4 - (spaces.length % 4)) : " ";
  return spaces + line.slice(indent.length);
}

/** An open block of code. */
export interface Fence {
  /** The backticks or tildes that began it. */
  readonly marks: string;
  /** Where they were: so much of the indent of each line belongs to the list around. */
  readonly column: number;
}

/** A line inside a fence: its code; "end", as many marks of its kind; "outside" when the quote around has ended. */
export function readFenceLine(line: string, { marks, column }: Fence, containers: readonly Container[]) {
  let at = 0;
  for (const { type } of containers) {
    if (type !== "quote") continue;
    const [mark] = /^ *> ?/.exec(line.slice(at)) ?? [];
    if (mark === undefined) return "outside";
    at += mark.length;
  }
  const inside = line.slice(at);
  const indent = Math.min(inside.length - inside.trimStart().length, Math.max(0, column - at));
  const code = inside.slice(indent);
  return /^ *(?:`+|~+) *$/.test(code) && code.trimStart().startsWith(marks) ? "end" : { code };
}
