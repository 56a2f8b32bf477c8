import { openDrawnLine } from "./drawn-line.ts";
import * as edited from "./edited-line.ts";
import type { History } from "./history.ts";
import type { Input } from "./keys.ts";
import { safeLine } from "./safe-text.ts";
import { typedRows } from "./typed-rows.ts";

/** How long a hint stays. */
const HINT_MS = 2_000;

export type LineEditor = ReturnType<typeof openLineEditor>;

/** What becomes of a line that is answered: it stays on the screen, or goes, with its prompt. */
type Traces = "stay" | "go";

interface Editing {
  readonly output: NodeJS.WriteStream;
  readonly traces: Traces;
  /** What is typed while nothing is asked for has changed. */
  readonly onTyped: () => void;
  readonly line: edited.EditedLine;
  readonly drawn: ReturnType<typeof openDrawnLine>;
  /** Requests that were ended before they were asked for. */
  readonly waiting: string[];
  readonly kept: Input[];
  asking?: { readonly prompt: string; answer(request?: string): void } | undefined;
  hint?: { readonly text: string; readonly timer: NodeJS.Timeout } | undefined;
  /** Something is done to the line. */
  busy?: boolean;
  /** Ctrl-D was the last key: the user leaves when nothing runs or waits any longer. */
  leaves?: boolean;
  closed?: boolean;
}

interface LineSetting extends Partial<Pick<Editing, "traces" | "onTyped">> {
  readonly history?: History | undefined;
}

/** Reads requests that are typed, also before they are asked for: during a turn, say. */
export function openLineEditor(
  output: NodeJS.WriteStream,
  { traces = "stay", onTyped = () => {}, history }: LineSetting = {},
) {
  const drawn = openDrawnLine(output, () => show(editing));
  const kept = { waiting: [], kept: [] };
  const editing: Editing = { output, traces, onTyped, line: edited.emptyLine(history), drawn, ...kept };
  const { line, waiting } = editing;

  return {
    /** Asks for a request; undefined when the user leaves with Ctrl-D, and once the editor is closed. */
    ask: (prompt: string) => ask(editing, prompt),
    /** What the keyboard gave. */
    take(input: Input): void {
      editing.kept.push(input);
      feed(editing);
    },
    /** Empties the request that is being typed; false when there was nothing to empty. */
    clear: () => clear(editing),
    /** Something is typed for the next request. */
    hasTyped: () => line.text !== "" || waiting.length > 0,
    /** What is typed while nothing is asked for, as rows of the screen. */
    rows: (columns: number, most: number) => rowsOf(editing, columns, most),
    /** Gives the first of the requests that wait, for as long as they are of that kind: as shown, and whole. */
    handOver: (isKind: (request: string) => boolean) => handOver(editing, isKind),
    /** What waits will wait for an Enter of its own: it is one request, and not submitted. */
    hold: () => hold(editing),
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
    during: (work: Promise<void>) => void during(editing, work),
    /** Writes something above the line that is being typed. */
    above: (write: () => void) => above(editing, write),
    /** The screen was used by somebody else, and the cursor is at the start of a row. */
    redraw(): void {
      drawn.forget();
      show(editing);
    },
    close: () => close(editing),
  };
}

function rowsOf({ asking, closed, leaves, line, waiting }: Editing, columns: number, most: number): string[] {
  if (asking || closed) return [];
  const { text, cursor } = line;
  return typedRows({ waiting, text, cursor, leaves }, columns, most);
}

function hold(editing: Editing): void {
  const { line, waiting } = editing;
  edited.replaceLine(line, [...waiting.splice(0), line.text].filter((text) => text !== "").join("\n"));
  show(editing);
}

async function during(editing: Editing, work: Promise<void>): Promise<void> {
  editing.busy = true;
  try {
    await work;
  } finally {
    editing.busy = false;
    feed(editing);
  }
}

function above(editing: Editing, write: () => void): void {
  if (editing.asking) editing.drawn.end(false);
  write();
  show(editing);
}

function ask(editing: Editing, prompt: string): Promise<string | undefined> {
  if (editing.closed) return Promise.resolve(undefined);
  return new Promise((answer) => {
    editing.asking = { prompt, answer };
    const next = editing.waiting.shift();
    if (next !== undefined) submit(editing, next);
    else if (editing.leaves) close(editing);
    else show(editing);
  });
}

function show(editing: Editing): void {
  const { asking, hint, line, onTyped } = editing;
  if (asking) draw(editing, line.text, line.cursor, hint?.text);
  else onTyped();
}

/** The second line of a request, and those that follow, begin below its first. */
const shownLines = (text: string) => text.split("\n").map(safeLine).join("\n  ");

function draw({ asking, drawn }: Editing, text: string, cursor = text.length, hint = ""): void {
  drawn.draw(asking?.prompt ?? "", shownLines(text.slice(0, cursor)), shownLines(text.slice(cursor)) + hint);
}

/** Does what was typed to the line. */
function feed(editing: Editing): void {
  const { kept, line } = editing;
  while (!editing.busy && !editing.closed) {
    const input = kept.shift();
    if (!input) return;
    endHint(editing);
    editing.leaves = false;
    if (input.type === "paste") edited.paste(line, input.text);
    else if (input.type === "text") {
      const [typed = ""] = /^[^\r]*\r?/.exec(input.text) ?? [];
      if (typed.length < input.text.length)
        kept.unshift({ type: "text", text: input.text.slice(typed.length) });
      edited.paste(line, typed.replace("\r", "")); // what nobody types so fast is a paste, which some terminals do not mark
      if (typed.endsWith("\r")) enter(editing);
    } else press(editing, input.text);
    show(editing);
  }
}

function press(editing: Editing, key: string): void {
  const { asking, drawn, line, output, traces, waiting } = editing;
  const isUp = key === "up" || key === "ctrl-p";
  if (key === "ctrl-d" && line.text === "") {
    if (asking) close(editing);
    else editing.leaves = true;
  } else if (key === "ctrl-l" && asking) {
    output.write("\x1b[2J\x1b[H");
    drawn.forget();
  } else if (key === "alt-enter" && traces === "stay") edited.breakLine(line);
  else if (isUp && !asking && waiting.length > 0 && edited.isOnFirstLine(line)) {
    const taken = waiting.pop() ?? "";
    edited.replaceLine(line, line.text === "" ? taken : `${taken}\n${line.text}`);
  } else edited.press(line, key);
}

/** Ends the line, if no backslash continues it on the next: it is the request that is asked for, or waits. */
function enter(editing: Editing): void {
  const { asking, line, traces, waiting } = editing;
  const { text } = line;
  if (traces === "stay" && text.endsWith("\\")) {
    edited.replaceLine(line, text.slice(0, -1));
    edited.breakLine(line);
    return;
  }
  edited.replaceLine(line, "");
  if (asking) submit(editing, text);
  else if (text.trim() !== "") waiting.push(text);
}

/** Draws a request behind the prompt, and answers with it. */
function submit(editing: Editing, text: string): void {
  const { asking, drawn, line, traces } = editing;
  draw(editing, text);
  drawn.end(traces === "stay");
  edited.remember(line, text);
  editing.asking = undefined;
  asking?.answer(edited.expand(line, text));
}

function handOver({ line, onTyped, waiting }: Editing, isKind: (request: string) => boolean) {
  const found = waiting.findIndex((shown) => !isKind(edited.expand(line, shown)));
  const taken = waiting.splice(0, found < 0 ? waiting.length : found);
  for (const shown of taken) edited.remember(line, shown);
  onTyped();
  return taken.map((shown) => ({ shown, text: edited.expand(line, shown) }));
}

function clear(editing: Editing): boolean {
  const { asking, line } = editing;
  if (!asking || line.text === "") return false;
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
