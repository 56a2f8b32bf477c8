import { openDrawnLine } from "./drawn-line.ts";
import * as edited from "./edited-line.ts";
import type { Input } from "./keys.ts";
import { safeLine } from "./safe-text.ts";

/** How long a hint stays. */
const HINT_MS = 2_000;

export type LineEditor = ReturnType<typeof openLineEditor>;

/** What becomes of a line that is answered: it stays on the screen, or goes, with its prompt. */
type Traces = "stay" | "go";

interface Editing {
  readonly output: NodeJS.WriteStream;
  readonly traces: Traces;
  readonly line: edited.EditedLine;
  readonly drawn: ReturnType<typeof openDrawnLine>;
  readonly earlierLines: string[];
  readonly kept: Input[];
  asking?: { readonly first: string; readonly next: string; answer(request?: string): void } | undefined;
  hint?: { readonly text: string; readonly timer: NodeJS.Timeout } | undefined;
  /** Something is done to the line. */
  busy?: boolean;
  closed?: boolean;
}

/** Reads requests that are typed. While none is asked for, what is typed is kept for the next, and not shown. */
export function openLineEditor(output: NodeJS.WriteStream, traces: Traces = "stay") {
  const drawn = openDrawnLine(output, () => show(editing));
  const editing: Editing = { output, traces, line: edited.emptyLine(), drawn, earlierLines: [], kept: [] };
  const { line } = editing;

  return {
    ask: (first: string, next: string) => ask(editing, first, next),
    /** What the keyboard gave. */
    take(input: Input): void {
      editing.kept.push(input);
      feed(editing);
    },
    /** Empties the request that is being typed; false when there was nothing to empty. */
    clear: () => clear(editing),
    hasKept: () => editing.kept.length > 0,
    /** What was kept will wait for an Enter of its own: shown as one request, and not submitted. */
    hold: () => hold(editing.kept),
    /** Says something in the place of the empty line for a while; false when something is said there. */
    hint: (text: string) => hint(editing, text),
    /** The line up to the cursor; undefined while nothing is asked for. */
    typed: () => (editing.asking ? line.text.slice(0, line.cursor) : undefined),
    /** Replaces so much before the cursor. */
    replace(length: number, text: string): void {
      edited.insert(line, text, length);
      show(editing);
    },
    /** Keys wait until this is done. */
    during(work: Promise<void>): void {
      editing.busy = true;
      void work.finally(() => {
        editing.busy = false;
        feed(editing);
      });
    },
    /** Writes something above the line that is being typed. */
    above(write: () => void): void {
      if (editing.asking) drawn.end(false);
      write();
      show(editing);
    },
    /** The screen was used by somebody else, and the cursor is at the start of a row. */
    redraw(): void {
      drawn.forget();
      show(editing);
    },
    close: () => close(editing),
  };
}

/**
 * Asks for a request behind the prompt: a line, or several, behind `next`, where each but the last ends in a
 * backslash. Undefined when the user leaves with Ctrl-D, and once the editor is closed.
 */
function ask(editing: Editing, first: string, next: string): Promise<string | undefined> {
  if (editing.closed) return Promise.resolve(undefined);
  return new Promise((answer) => {
    editing.asking = { first, next, answer };
    show(editing);
    feed(editing);
  });
}

function show({ asking, drawn, earlierLines, hint, line }: Editing): void {
  if (!asking) return;
  const { cursor, text } = line;
  const prompt = earlierLines.length > 0 ? asking.next : asking.first;
  drawn.draw(prompt, safeLine(text.slice(0, cursor)), safeLine(text.slice(cursor)) + (hint?.text ?? ""));
}

/** Hands over what was kept, up to the end of a line: what follows belongs to the next request. */
function feed(editing: Editing): void {
  const { kept, line } = editing;
  while (editing.asking && !editing.busy) {
    const input = kept.shift();
    if (!input) return;
    endHint(editing);
    if (input.type === "paste") edited.paste(line, input.text);
    else if (input.type === "text") {
      const [typed = ""] = /^[^\r]*\r?/.exec(input.text) ?? [];
      if (typed.length < input.text.length)
        kept.unshift({ type: "text", text: input.text.slice(typed.length) });
      edited.paste(line, typed.replace("\r", "")); // what nobody types so fast is a paste, which some terminals do not mark
      if (typed.endsWith("\r")) {
        enter(editing);
        continue;
      }
    } else press(editing, input.text);
    show(editing);
  }
}

function press(editing: Editing, key: string): void {
  const { drawn, line, output, traces } = editing;
  if (key === "ctrl-d" && line.text === "") close(editing);
  else if (key === "ctrl-l") {
    output.write("\x1b[2J\x1b[H");
    drawn.forget();
  } else if (key === "alt-enter" && traces === "stay") {
    line.text += "\\";
    enter(editing);
  } else edited.press(line, key);
}

/** Ends the line: it is the request, with the lines before it, or is continued. */
function enter(editing: Editing): void {
  const { asking, drawn, earlierLines, line, traces } = editing;
  const { text } = line;
  line.cursor = text.length;
  show(editing);
  drawn.end(traces === "stay");
  edited.endLine(line);
  if (traces === "stay" && text.endsWith("\\")) {
    earlierLines.push(edited.expand(line, text.slice(0, -1)));
    show(editing);
    return;
  }
  editing.asking = undefined;
  asking?.answer([...earlierLines.splice(0), edited.expand(line, text)].join("\n"));
}

function clear(editing: Editing): boolean {
  const { asking, earlierLines, line } = editing;
  if (!asking || (line.text === "" && earlierLines.length === 0)) return false;
  earlierLines.length = 0;
  edited.replaceLine(line, "");
  show(editing);
  return true;
}

function hint(editing: Editing, text: string): boolean {
  if (editing.hint) return false;
  const timer = setTimeout(() => {
    endHint(editing);
    show(editing);
  }, HINT_MS);
  editing.hint = { text, timer };
  show(editing);
  return true;
}

function endHint(editing: Editing): void {
  clearTimeout(editing.hint?.timer);
  editing.hint = undefined;
}

/** The end of a line becomes one that continues, and that of the last line goes. */
function hold(kept: Input[]): void {
  for (const [index, { type, text }] of kept.entries()) {
    if (type !== "text") continue;
    const last = index === kept.length - 1;
    kept[index] = { type, text: (last ? text.replace(/\r+$/, "") : text).replaceAll("\r", "\\\r") };
  }
}

function close(editing: Editing): void {
  if (editing.closed) return;
  editing.closed = true;
  const { asking, drawn, line, traces } = editing;
  endHint(editing);
  line.cursor = line.text.length;
  show(editing);
  if (asking) drawn.end(traces === "stay");
  drawn.close();
  editing.asking = undefined;
  asking?.answer();
}
