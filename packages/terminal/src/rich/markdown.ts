import type { Prose } from "../prose.ts";
import { safeTextStream } from "../safe-text.ts";
import { type Body, openBody, openFenceBody } from "./bodies.ts";
import { readFenceLine } from "./fence.ts";
import { openFlow } from "./flow.ts";
import { type Ink, type Paint, type Run, showsInk } from "./ink.ts";
import { readLineStart } from "./line-start.ts";
import { flushTable, type Page } from "./page.ts";

export interface MarkdownLook {
  /** Where it is written. */
  put(text: string): void;
  readonly paint: Paint;
  /** Columns of the window, which may change. */
  columns(): number;
  /** The look of all of it. */
  readonly ink?: Ink;
}

export interface Markdown extends Prose {
  /** Something else was written in the middle of a line: what follows begins a new one. */
  moved(): void;
}

/**
 * Renders Markdown as it comes. What is written is never taken back: of a line only that is held back which more
 * text could change, a word, a mark without its other half, the rows of a table.
 */
export function openMarkdown(look: MarkdownLook): Markdown {
  const safe = safeTextStream();
  const drawn: Run[] = [];
  const put = (run: Run) => void drawn.push(run);
  const columns = () => Math.max(10, look.columns() - 1); // the last column stays free: terminals differ in it
  const page: Page = {
    put,
    columns,
    flow: openFlow({ put, columns }),
    ink: look.ink ?? [],
    bare: !showsInk(look.paint),
    containers: [],
    begun: false,
  };
  const reading: Reading = { page, line: "" };

  function flush(): void {
    if (drawn.length > 0) look.put(look.paint(drawn.splice(0)));
  }

  return {
    write(piece) {
      for (const part of safe(piece).split(/(\n)/)) {
        if (part === "\n") endLine(reading);
        else addText(reading, part);
      }
      flush();
    },
    end() {
      if (reading.body || reading.line !== "") endLine(reading);
      flushTable(page);
      flush();
    },
    moved: () => reading.body?.moved(),
  };
}

/** The line that is being read: how it begins is held in `line` until it is understood. */
interface Reading {
  readonly page: Page;
  line: string;
  body?: Body | undefined;
}

/** Nobody indents further: more spaces are not looked at. */
const MAX_INDENT = 200;

function addText(reading: Reading, text: string): void {
  let at = 0;
  for (; at < text.length && !reading.body; at++) {
    if (text[at] === " " && reading.line.length > MAX_INDENT && !reading.page.fence) continue;
    reading.line += text[at];
    reading.body = understand(reading, false);
  }
  if (at < text.length) reading.body?.more(text.slice(at));
}

function endLine(reading: Reading): void {
  const body = reading.body ?? understand(reading, true);
  reading.body = undefined;
  reading.line = "";
  body?.end();
}

/** Begins the line on the page once it is clear what it is. */
function understand({ page, line }: Reading, ended: boolean): Body | undefined {
  const { fence } = page;
  if (fence) {
    const found = readFenceLine(line, fence, ended);
    if (!found) return undefined;
    if (found.type !== "outside") return openFenceBody(page, found, fence);
    page.fence = undefined;
  }
  const start = readLineStart(line, { containers: page.containers, after: page.after, ended });
  return start && openBody(page, start);
}
