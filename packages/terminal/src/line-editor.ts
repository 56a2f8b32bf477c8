import type { Completable } from "./choices.ts";
import { openCompletion } from "./completion.ts";
import { openDrawnLine } from "./drawn-line.ts";
import * as edited from "./edited-line.ts";
import { above, close, type Editing, endHint, hint, rowsOf, show, submit } from "./editing.ts";
import type { History } from "./history.ts";
import type { Input } from "./keys.ts";

export type LineEditor = ReturnType<typeof openLineEditor>;

interface LineSetting
  extends Partial<Pick<Editing, "traces" | "onTyped" | "edit" | "isForModel" | "onHeld">> {
  readonly history?: History | undefined;
  readonly completable?: Completable;
}

const UNSET = { onTyped() {}, onHeld() {}, isForModel: () => true };

/** Reads requests that are typed, also before they are asked for: during a turn, say. */
export function openLineEditor(
  output: NodeJS.WriteStream,
  { traces = "stay", history, completable, ...setting }: LineSetting,
) {
  const line = edited.emptyLine(history);
  const waiting: string[] = [];
  const drawn = openDrawnLine(output, () => show(editing));
  const completion = openCompletion(line, completable, () => editing.busy || show(editing));
  const parts = { output, traces, line, drawn, completion, waiting };
  const editing: Editing = { ...UNSET, ...setting, ...parts, kept: [] };

  return {
    /** Asks for a request; undefined when the user leaves with Ctrl-D, and once the editor is closed. */
    ask: (prompt: string) => ask(editing, prompt),
    /** What the keyboard gave. */
    take: (input: Input) => feed(editing, input),
    /** Empties the request that is being typed; false when there was nothing to empty. */
    clear: () => clear(editing),
    /** Something is typed for the next request. */
    hasTyped: () => line.text !== "" || waiting.length > 0,
    /** What is typed while nothing is asked for, as rows of the screen. */
    rows: (columns: number, most: number) => rowsOf(editing, columns, most),
    /** Gives the first of the requests that wait, for as long as they are for the model: as shown, and whole. */
    handOver: () => handOver(editing),
    /** What waits will wait for an Enter of its own: it is one request, and not submitted. No command is a part of it. */
    hold: () => hold(editing),
    /** Says something in the place of the empty line for a while; false when something is said there. */
    hint: (text: string) => hint(editing, text),
    /** Closes the list of what may be meant; false when none is shown. */
    dismiss: () => dismiss(editing),
    /** Something else has the screen until this is done. */
    away: (work: () => Promise<void>) => away(editing, work),
    /** Keys wait until this is done. */
    during: (work: Promise<void>) => void during(editing, work),
    /** Writes something above the line that is asked for; false, and nothing is written, when none is. */
    above: (write: () => void) => above(editing, write),
    /** The screen was used by somebody else, and the cursor is at the start of a row. */
    redraw(): void {
      drawn.forget();
      show(editing);
    },
    close: () => close(editing),
  };
}

function dismiss(editing: Editing): boolean {
  const isShown = editing.completion.dismiss();
  if (isShown) show(editing);
  return isShown;
}

function hold(editing: Editing): void {
  const { completion, isForModel, line, onHeld, waiting } = editing;
  completion.close();
  if (waiting.length > 0) {
    const typed = [...waiting.splice(0), line.text].filter((text) => text !== "");
    const requests = typed.filter((text) => isForModel(edited.expand(line, text)));
    const commands = typed.filter((text) => !requests.includes(text));
    for (const command of commands) edited.remember(line, command);
    edited.replaceLine(line, requests.join("\n"));
    if (commands.length > 0) onHeld(commands);
  }
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

/** Does what was typed to the line. */
function feed(editing: Editing, ...inputs: Input[]): void {
  const { completion, kept, line } = editing;
  kept.push(...inputs);
  while (!editing.busy && !editing.closed) {
    const input = kept.shift();
    if (!input) return;
    endHint(editing);
    editing.leaves = false;
    const { text, cursor, recalled } = line;
    if (input.type === "paste") edited.paste(line, input.text);
    else if (input.type === "text") {
      const [typed = ""] = /^[^\r]*\r?/.exec(input.text) ?? [];
      if (typed.length < input.text.length)
        kept.unshift({ type: "text", text: input.text.slice(typed.length) });
      edited.paste(line, typed.replace("\r", "")); // what nobody types so fast is a paste, which some terminals do not mark
      if (typed.endsWith("\r") && !(typed === "\r" && choose(editing, typed))) enter(editing);
    } else if (!choose(editing, input.text)) press(editing, input.text);
    completion.follow({ text, cursor, recalled });
    show(editing);
  }
}

/** Does what a key is for in the list of what may be meant; false when it is for the line. */
function choose(editing: Editing, key: string): boolean {
  const done = editing.completion.press(key);
  if (typeof done === "boolean") return done;
  void during(
    editing,
    done.then(() => show(editing)),
  );
  return true;
}

async function away(editing: Editing, work: () => Promise<void>): Promise<void> {
  if (editing.asking) editing.drawn.end(false);
  editing.isAway = true;
  try {
    await work();
  } finally {
    editing.isAway = false;
    show(editing);
  }
}

/** Lets the user go on with the line in their editor. */
function editOutside(editing: Editing): Promise<void> {
  const { completion, edit, line } = editing;
  const request = edited.expand(line, line.text);
  completion.close();
  return away(editing, async () => {
    const written = await edit?.(request);
    if (written !== undefined && written !== request) edited.replaceWhole(line, written);
  });
}

function press(editing: Editing, key: string): void {
  const { asking, drawn, isChord, line, output, traces, waiting } = editing;
  editing.isChord = key === "ctrl-x";
  const isUp = key === "up" || key === "ctrl-p";
  if (key === "ctrl-d" && line.text === "") {
    if (asking) close(editing);
    else editing.leaves = true;
  } else if (editing.edit && (key === "ctrl-g" || (isChord && key === "ctrl-e"))) {
    void during(editing, editOutside(editing));
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

function handOver({ isForModel, line, onTyped, waiting }: Editing) {
  const found = waiting.findIndex((shown) => !isForModel(edited.expand(line, shown)));
  const taken = waiting.splice(0, found < 0 ? waiting.length : found);
  for (const shown of taken) edited.remember(line, shown);
  onTyped();
  return taken.map((shown) => ({ shown, text: edited.expand(line, shown) }));
}

function clear(editing: Editing): boolean {
  const { asking, completion, line } = editing;
  if (!asking || line.text === "") return false;
  completion.close();
  edited.replaceLine(line, "");
  show(editing);
  return true;
}
