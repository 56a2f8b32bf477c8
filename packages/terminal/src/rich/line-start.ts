/** What a line stands in. Columns are those of the source. */
export type Container = { readonly type: "quote" } | Item;

/** An item of a list. */
export interface Item {
  readonly type: "item";
  /** Where its mark stands, and where its text begins. */
  readonly mark: number;
  readonly text: number;
  /** "•" or "1.": what is shown before its first line. */
  readonly shown: string;
}

export type LineKind = "blank" | "text" | "heading" | "rule" | "fence" | "row" | "code";

/** How a line begins, and what of it is left. */
export interface LineStart {
  readonly kind: LineKind;
  readonly containers: readonly Container[];
  /** How many of the containers go on from the line before; the others begin here. */
  readonly kept: number;
  readonly rest: string;
  /** Where `rest` stands. */
  readonly column: number;
  /** Of a heading: 1 to 6. */
  readonly level: number;
}

export interface LineContext {
  readonly containers: readonly Container[];
  /** What the line before was. */
  readonly after: LineKind | undefined;
  /** The line is complete. */
  readonly ended: boolean;
}

/** Beyond these nothing is a mark: hostile lines stay quick to read. */
const MAX_DEPTH = 12;
const MAX_MARK = 100;

/** Reads how a line begins: undefined while only more of it can tell. */
export function readLineStart(line: string, context: LineContext): LineStart | undefined {
  const source = expandTabs(line);
  const { ended } = context;
  const going = matchContainers(source, context.containers);
  const containers = [...going.containers];
  let { column } = going;
  for (;;) {
    const rest = source.slice(column).trimStart();
    const start = source.length - rest.length;
    if (rest === "" && !ended) return undefined;
    if (containers.length >= MAX_DEPTH) return finish(rest, start, column, containers, going, context);
    if (rest.startsWith(">")) {
      if (rest.length === 1 && !ended) return undefined;
      containers.push({ type: "quote" });
      column = start + (rest[1] === " " ? 2 : 1);
      continue;
    }
    if (rest.length < MAX_MARK && mayBecomeMark(rest) && !ended) return undefined;
    const item = isRule(rest) ? undefined : readItem(rest, start, containers);
    if (item) {
      containers.push(item);
      column = Math.min(item.text, source.length);
      continue;
    }
    return finish(rest, start, column, containers, going, context);
  }
}

function finish(
  rest: string,
  start: number,
  column: number,
  containers: readonly Container[],
  going: Going,
  { containers: earlier, after }: LineContext,
): LineStart {
  const kept = going.containers.length;
  const opened = containers.length > kept;
  const base = { containers, kept, rest, column: start, level: 0 };
  if (rest === "" && !opened) return { ...base, kind: "blank", containers: earlier };
  const indent = start - column;
  if (indent >= 4 && after !== "text" && !containers.some(({ type }) => type === "item")) {
    return { ...base, kind: "code", rest: `${" ".repeat(indent - 4)}${rest}` };
  }
  if (isRule(rest)) return { ...base, kind: "rule" };
  const [marks, { length: level } = ""] = /^(#{1,6})(?: +|$)/.exec(rest) ?? [];
  if (marks !== undefined) return { ...base, kind: "heading", rest: rest.slice(marks.length), level };
  if (/^(?:```|~~~)/.test(rest)) return { ...base, kind: "fence" };
  if (rest.startsWith("|")) return { ...base, kind: "row" };
  return { ...base, kind: "text" };
}

interface Going {
  readonly containers: readonly Container[];
  /** Where the line goes on after their marks. */
  readonly column: number;
}

/** How far the containers of the line before go on in this one. */
function matchContainers(source: string, containers: readonly Container[]): Going {
  const going: Container[] = [];
  let column = 0;
  for (const container of containers) {
    const start = source.length - source.slice(column).trimStart().length;
    if (container.type === "item") {
      if (start < container.mark + 2) break;
      column = Math.min(start, container.text);
    } else {
      if (source[start] !== ">" || start - column > 3) break;
      column = start + (source[start + 1] === " " ? 2 : 1);
    }
    going.push(container);
  }
  return { containers: going, column };
}

/** A rule, an item or a heading may still come of it. */
function mayBecomeMark(rest: string): boolean {
  return /^(?:([-*_=])(?: *\1)* *|\+|\d{1,9}[.)]?|#{1,6}|`{1,2}|~{1,2})$/.test(rest);
}

/** A line of `===` below a heading is one too. */
function isRule(rest: string): boolean {
  return /^([-*_=])(?: *\1){2,} *$/.test(rest);
}

function readItem(rest: string, start: number, containers: readonly Container[]): Item | undefined {
  const match = /^([-+*]|\d{1,9}[.)])(?: {1,4}(?! )| |$)/.exec(rest);
  if (!match) return undefined;
  const [whole, mark = ""] = match;
  const depth = containers.filter(({ type }) => type === "item").length;
  const shown = mark.length > 1 ? mark : depth === 0 ? "•" : "◦";
  return { type: "item", mark: start, text: start + whole.length, shown };
}

/** Tabs at the start of a line reach to the next multiple of four. */
function expandTabs(line: string): string {
  const [indent = ""] = /^[ \t]*/.exec(line) ?? [];
  let spaces = "";
  for (const character of indent) spaces += character === "\t" ? " ".repeat(4 - (spaces.length % 4)) : " ";
  return spaces + line.slice(indent.length);
}
