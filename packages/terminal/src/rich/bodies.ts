import { widthOf } from "../width.ts";
import { type Fence, type FenceLine, openFence } from "./fence.ts";
import { widthOfRuns } from "./flow.ts";
import { type Ink, NEWLINE } from "./ink.ts";
import { readInline } from "./inline.ts";
import type { LineStart } from "./line-start.ts";
import { beginLine, flushTable, type Page, type Place, type Prefix } from "./page.ts";

/** What takes the rest of a line, once its start is understood. */
export interface Body {
  more(text: string): void;
  end(): void;
  /** Something else was written in the middle of the line. */
  moved(): void;
}

/** Code is set in a little, and nothing else is done to it. */
const CODE_INDENT = "  ";

export function openBody(page: Page, start: LineStart): Body {
  if (start.kind !== "row") flushTable(page);
  const body = bodyOf(page, start);
  page.containers = start.containers;
  page.after = start.kind;
  body.more(start.rest);
  return body;
}

/** A line inside a fence. */
export function openFenceBody(page: Page, line: Exclude<FenceLine, { type: "outside" }>, fence: Fence): Body {
  if (line.type === "closing") {
    page.fence = undefined;
    return nothing;
  }
  const body = codeBody(page, fence);
  fence.kept = fence.containers.length;
  body.more(line.rest);
  return body;
}

const nothing: Body = { more() {}, end() {}, moved() {} };

function bodyOf(page: Page, start: LineStart): Body {
  switch (start.kind) {
    case "blank":
      page.gap = start.kept;
      return nothing;
    case "text":
      return textBody(page, beginLine(page, start), page.ink);
    case "heading":
      return headingBody(page, start);
    case "rule":
      return ruleBody(page, start);
    case "code":
      return codeBody(page, start);
    case "fence":
      return gather((line) => endFenceLine(page, start, line));
    case "row":
      return gather((line) => endRow(page, start, line));
  }
}

/** Text in words, with its emphasis, code and links. */
function textBody(page: Page, prefix: Prefix, ink: Ink): Body {
  let held = "";
  let before = "";
  page.flow.begin(prefix.first, prefix.hanging);

  function read(ended: boolean): void {
    const { runs, used } = readInline(held, { ink, ended, before, bare: page.bare });
    before = held[used - 1] ?? before;
    held = held.slice(used);
    for (const run of runs) page.flow.add(run);
  }

  return {
    more(text) {
      held += text;
      read(false);
    },
    end() {
      read(true);
      page.flow.end();
    },
    moved: page.flow.moved,
  };
}

function headingBody(page: Page, start: LineStart): Body {
  page.gap ??= 0;
  const { first, hanging } = beginLine(page, start);
  const ink: Ink = [...page.ink, "bold", ...(start.level === 1 ? (["underline"] as const) : [])];
  const marks = page.bare ? [{ text: `${"#".repeat(start.level)} `, ink }] : [];
  return textBody(page, { first: [...first, ...marks], hanging }, ink);
}

const MAX_RULE = 40;

function ruleBody(page: Page, start: LineStart): Body {
  const { first } = beginLine(page, start);
  const width = Math.min(MAX_RULE, page.columns() - widthOfRuns(first));
  const rule = { text: `${"─".repeat(Math.max(3, width))}`, ink: ["dim"] as const };
  for (const run of [...first, rule, NEWLINE]) page.put(run);
  return nothing;
}

/** Code is shown as it comes. A line that is too long is left to the terminal: copied, it is one line. */
function codeBody(page: Page, place: Place): Body {
  const { first, hanging } = beginLine(page, place);
  let prefix = first;
  let begun = false;
  let column = 0;

  return {
    more(text) {
      if (text === "") return;
      if (!begun) for (const run of [...prefix, { text: CODE_INDENT, ink: [] }]) page.put(run);
      begun = true;
      for (const part of text.split(/(\t)/)) {
        const shown = part === "\t" ? " ".repeat(4 - (column % 4)) : part;
        column += widthOf(shown);
        page.put({ text: shown, ink: page.ink });
      }
    },
    end() {
      if (!begun) for (const { text, ink } of prefix) page.put({ text: text.trimEnd(), ink });
      page.put(NEWLINE);
    },
    moved() {
      prefix = hanging;
      begun = false;
    },
  };
}

/** A line that is understood when it is complete. */
function gather(done: (line: string) => void): Body {
  const parts: string[] = [];
  return { more: (text) => void parts.push(text), end: () => done(parts.join("")), moved() {} };
}

function endFenceLine(page: Page, start: LineStart, line: string): void {
  const opened = openFence(line);
  if (!opened) {
    showAsText(page, start, line);
    return;
  }
  const { containers, kept, column } = start;
  page.fence = { marks: opened.marks, column, containers, kept };
  if (opened.info === "") return;
  const tag = { text: `${CODE_INDENT}${opened.info}`, ink: ["dim"] as const };
  for (const run of [...beginLine(page, start).first, tag, NEWLINE]) page.put(run);
  page.fence.kept = containers.length;
}

function endRow(page: Page, start: LineStart, line: string): void {
  const { containers, kept } = start;
  const goesOn =
    page.table && kept === containers.length && containers.length === page.table.place.containers.length;
  if (page.table && goesOn) page.table.lines.push(line);
  else {
    flushTable(page);
    page.table = { lines: [line], place: start };
  }
}

function showAsText(page: Page, start: LineStart, line: string): void {
  const body = textBody(page, beginLine(page, start), page.ink);
  page.after = "text";
  body.more(line);
  body.end();
}
