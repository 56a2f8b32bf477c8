import { createInterface, type Interface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { type Input, type PastedTexts, pastedTexts } from "./paste.ts";

const CTRL_D = "\x04";

const ALT_ENTER = "\x1b\r";

/** To the end of the line, where a backslash says that another follows. */
const LINE_GOES_ON = "\x05\\\r";

/** Characters that a fast typist, on a slow line, has in one read. */
const MAX_TYPED_AT_ONCE = 8;

export type LineEditor = ReturnType<typeof openLineEditor>;

/** What becomes of a line that is answered: it stays on the screen, or goes, with its prompt. */
type Traces = "stay" | "go";

interface Editing {
  /**
   * node:readline edits the line and is handed the keys through a stream. Pastes go around it, since it takes
   * them for typing: each newline would submit, and each character would draw the line again.
   */
  readonly readline: Interface;
  readonly keys: Readable;
  readonly pastes: PastedTexts;
  readonly earlierLines: string[];
  readonly kept: Input[];
  readonly traces: Traces;
  asking?: { readonly first: string; readonly next: string; answer(request?: string): void } | undefined;
  /** Something is done to the line. */
  busy?: boolean;
  closed?: boolean;
}

/** Reads requests that are typed. While none is asked for, what is typed is kept for the next, and not shown. */
export function openLineEditor(output: NodeJS.WriteStream, traces: Traces = "stay") {
  const keys = new Readable({ read() {} });
  const drawing = drawingOn(output, () => editing.asking !== undefined);
  const readline = createInterface({ input: keys, output: drawing, terminal: true, historySize: 500 });
  const editing: Editing = { readline, keys, traces, pastes: pastedTexts(), earlierLines: [], kept: [] };
  const close = () => closeEditor(editing, output);
  readline.on("line", (line) => onLine(editing, line)).on("close", close);
  readline.on("close", () => drawing.destroy());
  keys.on("keypress", (_, key: { name?: string }) => key.name === "backspace" && deleteBrokenMark(editing));

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
    /** The line up to the cursor; undefined while nothing is asked for. */
    typed: () => (editing.asking ? readline.line.slice(0, readline.cursor) : undefined),
    /** Replaces so many characters before the cursor. */
    replace(characters: number, text: string): void {
      press(readline, "backspace", characters);
      readline.write(text);
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
    above: (write: () => void) => writeAbove(editing, write),
    redraw: () => void (editing.asking && readline.prompt(true)),
    close,
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
    prompt(editing.readline, first);
    feed(editing);
  });
}

/** Hands over what was kept, up to the end of a line: what follows belongs to the next request. */
function feed(editing: Editing): void {
  const { kept } = editing;
  while (editing.asking && !editing.busy) {
    const input = kept.shift();
    if (!input) return;
    if (input.type === "paste") {
      editing.readline.write(editing.pastes.insert(input.text));
      continue;
    }
    const text = input.text.replaceAll(ALT_ENTER, LINE_GOES_ON);
    const [line] = /^.*?(\r\n?|\n)/s.exec(text) ?? [text];
    if (line.length < text.length) kept.unshift({ type: "keys", text: text.slice(line.length) });
    type(editing, line);
  }
}

/**
 * Keys go in one by one: readline loses count of the rows on the screen when several come at once. A run of text
 * that nobody types so fast is inserted as a paste, which it is on terminals that do not mark them.
 */
function type(editing: Editing, text: string): void {
  const [run = ""] = /^\P{Cc}*/u.exec(text) ?? [];
  const fast = run.length > MAX_TYPED_AT_ONCE ? run : "";
  if (fast !== "") editing.readline.write(editing.pastes.insert(fast));
  for (const key of text.slice(fast.length)) {
    if (editing.traces === "go" && ["\r", "\n", CTRL_D].includes(key)) endWithoutTrace(editing, key);
    else editing.keys.push(key);
  }
}

/** Enter, or Ctrl-D on an empty line, before readline moves on to the next one. */
function endWithoutTrace(editing: Editing, key: string): void {
  const { asking, pastes, readline } = editing;
  const { line } = readline;
  if (!asking || (key === CTRL_D && line !== "")) return;
  editing.asking = undefined;
  erase(readline);
  asking.answer(key === CTRL_D ? undefined : pastes.expand(line));
}

/** Takes the line off the screen, with its prompt: the cursor is where that began, behind another prompt if there is one. */
function erase(readline: Interface, prompt = ""): void {
  readline.setPrompt(prompt);
  readline.write(null, { ctrl: true, name: "e" });
  readline.write(null, { ctrl: true, name: "u" });
  readline.prompt(true);
}

function onLine(editing: Editing, line: string): void {
  const { asking, earlierLines, pastes, readline } = editing;
  if (!asking) return;
  if (line.endsWith("\\")) {
    earlierLines.push(pastes.expand(line.slice(0, -1)));
    prompt(readline, asking.next);
    return;
  }
  editing.asking = undefined;
  asking.answer([...earlierLines.splice(0), pastes.expand(line)].join("\n"));
}

function clear({ asking, readline, earlierLines }: Editing): boolean {
  if (!asking || (readline.line === "" && earlierLines.length === 0)) return false;
  earlierLines.length = 0;
  erase(readline, asking.first);
  return readline.line === ""; // a dumb terminal cannot take back what it shows
}

/** The end of a line becomes one that continues, and that of the last line goes. */
function hold(kept: Input[]): void {
  for (const [index, { type, text }] of kept.entries()) {
    const last = index === kept.length - 1;
    if (type === "keys")
      kept[index] = { type, text: (last ? text.replace(/[\r\n]+$/, "") : text).replace(/\r\n?|\n/g, "\\\r") };
  }
}

function writeAbove({ asking, readline }: Editing, write: () => void): void {
  if (!asking) {
    write();
    return;
  }
  const { line, cursor } = readline;
  const shown = readline.getPrompt();
  erase(readline);
  write();
  prompt(readline, shown);
  readline.write(line);
  press(readline, "left", [...line.slice(cursor)].length);
}

/** A mark that stands for a paste goes as a whole: its last character has just been deleted. */
function deleteBrokenMark({ readline, pastes }: Editing): void {
  const rest = pastes.brokenMarkAtEnd(readline.line.slice(0, readline.cursor));
  press(readline, "backspace", rest.length);
}

function press(readline: Interface, name: string, times: number): void {
  for (let left = times; left > 0; left--) readline.write(null, { name });
}

function closeEditor(editing: Editing, output: NodeJS.WriteStream): void {
  if (editing.closed) return;
  editing.closed = true;
  if (editing.asking && editing.traces === "go") erase(editing.readline);
  else if (editing.asking) output.write("\n");
  editing.asking?.answer();
  editing.asking = undefined;
  editing.readline.close();
}

function prompt(readline: Interface, text: string): void {
  readline.setPrompt(text);
  readline.prompt();
}

/** The output as readline sees it: when nothing is asked for, a window that changes its size draws no prompt. */
function drawingOn(output: NodeJS.WriteStream, isAsking: () => boolean): Writable {
  const drawing = new Writable({
    decodeStrings: false,
    write(text, _, done) {
      output.write(text);
      done();
    },
  });
  Object.defineProperty(drawing, "columns", { get: () => output.columns });
  const onResize = () => isAsking() && drawing.emit("resize");
  output.on("resize", onResize);
  drawing.on("close", () => output.off("resize", onResize));
  return drawing;
}
