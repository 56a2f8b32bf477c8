import type { openCompletion } from "./completion.ts";
import type { openDrawnLine } from "./drawn-line.ts";
import * as edited from "./edited-line.ts";
import type { Input } from "./keys.ts";
import { paintFor } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";
import { typedRows } from "./typed-rows.ts";

/** How long a hint stays. */
const HINT_MS = 2_000;

/** What becomes of a line that is answered: it stays on the screen, or goes, with its prompt. */
type Traces = "stay" | "go";

export interface Editing {
  readonly output: NodeJS.WriteStream;
  readonly traces: Traces;
  /** What is typed while nothing is asked for has changed. */
  readonly onTyped: () => void;
  /** Not a command. */
  readonly isForModel: (request: string) => boolean;
  /** These commands waited, and will not be run. */
  readonly onHeld: (commands: readonly string[]) => void;
  readonly line: edited.EditedLine;
  readonly drawn: ReturnType<typeof openDrawnLine>;
  readonly completion: ReturnType<typeof openCompletion>;
  /** Lets the user go on with the request in their editor; undefined when nothing came of it. */
  readonly edit?: ((request: string) => Promise<string | undefined>) | undefined;
  /** Requests that were ended before they were asked for. */
  readonly waiting: string[];
  readonly kept: Input[];
  asking?: { readonly prompt: string; answer(request?: string): void } | undefined;
  hint?: { readonly text: string; readonly timer: NodeJS.Timeout } | undefined;
  /** Something is done to the line. */
  busy?: boolean;
  /** What is done has the screen: the user's editor, or a page of details. */
  isAway?: boolean;
  /** Ctrl-X was the last key. */
  isChord?: boolean;
  /** Ctrl-D was the last key: the user leaves when nothing runs or waits any longer. */
  leaves?: boolean;
  closed?: boolean;
}

export function show(editing: Editing): void {
  const { asking, hint, isAway, line, onTyped, output } = editing;
  if (isAway) return;
  if (!asking) {
    onTyped();
    return;
  }
  const [columns, rows] = [output.columns || 80, output.rows || 24];
  const below = offeredRows(editing, columns, Math.floor(rows / 3));
  draw(editing, line.text, line.cursor, hint?.text, below);
}

/** The second line of a request, and those that follow, begin below its first. */
const shownLines = (text: string) => text.split("\n").map(safeLine).join("\n  ");

function draw(
  { asking, drawn }: Editing,
  text: string,
  cursor = text.length,
  hint = "",
  below?: string[],
): void {
  const [before, after] = [shownLines(text.slice(0, cursor)), shownLines(text.slice(cursor)) + hint];
  drawn.draw(asking?.prompt ?? "", before, after, below);
}

export function rowsOf(editing: Editing, columns: number, most: number): string[] {
  const { asking, closed, leaves, line, waiting } = editing;
  if (asking || closed) return [];
  const { text, cursor } = line;
  const offered = offeredRows(editing, columns, Math.floor(most / 2));
  return typedRows({ waiting, text, cursor, leaves, offered }, columns, most);
}

function offeredRows({ completion, output }: Editing, columns: number, most: number): string[] {
  const rows = completion.rows(columns, most);
  return rows.length > 0 ? paintFor(output)(rows).split("\n") : [];
}

export function above(editing: Editing, write: () => void): void {
  if (editing.asking && !editing.isAway) editing.drawn.end(false);
  write();
  show(editing);
}

/** Draws a request behind the prompt, and answers with it. */
export function submit(editing: Editing, text: string): void {
  const { asking, drawn, line, traces } = editing;
  draw(editing, text);
  drawn.end(traces === "stay");
  edited.remember(line, text);
  editing.asking = undefined;
  asking?.answer(edited.expand(line, text));
}

export function hint(editing: Editing, text: string): boolean {
  if (editing.hint) return false;
  const timer = setTimeout(() => {
    endHint(editing);
    show(editing);
  }, HINT_MS);
  editing.hint = { text, timer };
  show(editing);
  return true;
}

export function endHint(editing: Editing): void {
  clearTimeout(editing.hint?.timer);
  editing.hint = undefined;
}

export function close(editing: Editing): void {
  if (editing.closed) return;
  editing.closed = true;
  const { asking, completion, drawn, line, traces } = editing;
  endHint(editing);
  completion.close();
  line.cursor = line.text.length;
  show(editing);
  if (asking) drawn.end(traces === "stay");
  drawn.close();
  editing.asking = undefined;
  asking?.answer();
}
