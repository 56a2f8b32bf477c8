import { createInterface, type Interface } from "node:readline";
import { Readable } from "node:stream";
import type { Input } from "./paste.ts";
import { type PastedTexts, pastedTexts } from "./pasted-texts.ts";
import { readlinePage } from "./readline-page.ts";

const CTRL_D = "\x04";
/** The keys that end a line. */
const ends: readonly string[] = ["\r", "\n", CTRL_D];

const ALT_ENTER = "\x1b\r";

/** To the end of the line, where a backslash says that another follows. */
const LINE_GOES_ON = "\x05\\\r";

/** Characters that a fast typist, on a slow line, has in one read. */
const MAX_TYPED_AT_ONCE = 8;

/** Reads requests that are typed. While none is asked for, what is typed is kept for the next, and not shown. */
export interface LineEditor {
  /**
   * Asks for a request: a line, or several where each but the last ends in a backslash. Undefined when the user
   * leaves with Ctrl-D, and once the editor is closed.
   */
  ask(prompts: Prompts): Promise<string | undefined>;
  /** What the keyboard gave. */
  take(input: Input): void;
  /** Empties the request that is being typed; false when there was nothing to empty. */
  clear(): boolean;
  /** Whether something is kept. */
  hasKept(): boolean;
  /** Drops what was kept. */
  forget(): void;
  /** What was kept will wait for an Enter of its own: shown as one request, and not submitted. */
  hold(): void;
  /** The line up to the cursor; undefined while nothing is asked for. */
  typed(): string | undefined;
  /** Replaces so many characters before the cursor. */
  replace(characters: number, text: string): void;
  /** Keys wait until this is done. */
  during(work: Promise<void>): void;
  /** Writes something above the line that is being typed. */
  above(write: () => void): void;
  redraw(): void;
  close(): void;
}

export interface Prompts {
  readonly first: string;
  /** For the lines after the first. */
  readonly next: string;
}

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
  asking?: { readonly prompts: Prompts; readonly answer: (request?: string) => void } | undefined;
  /** Something is done to the line. */
  busy: boolean;
  closed: boolean;
}

/** What becomes of a line that is answered: it stays on the screen, or goes, with its prompt. */
type Traces = "stay" | "go";

export function openLineEditor(output: NodeJS.WriteStream, traces: Traces = "stay"): LineEditor {
  const keys = new Readable({ read() {} });
  const page = readlinePage(output, () => editing.asking !== undefined);
  const readline = createInterface({ input: keys, output: page, terminal: true, historySize: 500 });
  const editing: Editing = {
    readline,
    keys,
    pastes: pastedTexts(),
    earlierLines: [],
    kept: [],
    traces,
    busy: false,
    closed: false,
  };
  const close = () => {
    closeEditor(editing, output);
    page.destroy();
  };
  readline.on("line", (line) => onLine(editing, line)).on("close", close);
  keys.on("keypress", (_, key: { name?: string }) => key.name === "backspace" && deleteBrokenMark(editing));

  return {
    ask: (prompts) => ask(editing, prompts),
    take(input) {
      editing.kept.push(input);
      feed(editing);
    },
    clear: () => clear(editing),
    hasKept: () => editing.kept.length > 0,
    forget: () => void editing.kept.splice(0),
    hold: () => hold(editing.kept),
    typed: () => (editing.asking ? readline.line.slice(0, readline.cursor) : undefined),
    replace(characters, text) {
      for (let left = characters; left > 0; left--) readline.write(null, { name: "backspace" });
      readline.write(text);
    },
    during(work) {
      editing.busy = true;
      void work.finally(() => {
        editing.busy = false;
        feed(editing);
      });
    },
    above: (write) => writeAbove(editing, write),
    redraw: () => editing.asking && readline.prompt(true),
    close,
  };
}

function ask(editing: Editing, prompts: Prompts): Promise<string | undefined> {
  if (editing.closed) return Promise.resolve(undefined);
  return new Promise((answer) => {
    editing.asking = { prompts, answer };
    prompt(editing.readline, prompts.first);
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
      insert(editing, input.text);
      continue;
    }
    const text = input.text.replaceAll(ALT_ENTER, LINE_GOES_ON);
    const [line] = /^.*?(\r\n?|\n)/s.exec(text) ?? [text];
    if (line.length < text.length) kept.unshift({ type: "keys", text: text.slice(line.length) });
    press(editing, line);
  }
}

/**
 * Keys go in one by one: readline loses count of the rows on the screen when several come at once. A run of text
 * that nobody types so fast is inserted as a paste, which it is on terminals that do not mark them.
 */
function press(editing: Editing, text: string): void {
  const [run = ""] = /^\P{Cc}*/u.exec(text) ?? [];
  const fast = run.length > MAX_TYPED_AT_ONCE ? run : "";
  if (fast !== "") insert(editing, fast);
  for (const key of text.slice(fast.length)) {
    if (editing.traces === "go" && ends.includes(key)) endWithoutTrace(editing, key);
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

/** Takes the line off the screen, with its prompt: the cursor is where that began. */
function erase(readline: Interface): void {
  readline.setPrompt("");
  readline.write(null, { ctrl: true, name: "e" });
  readline.write(null, { ctrl: true, name: "u" });
  readline.prompt(true);
}

function insert({ readline, pastes }: Editing, text: string): void {
  readline.write(pastes.insert(text));
}

function onLine(editing: Editing, line: string): void {
  const { asking, earlierLines, pastes, readline } = editing;
  if (!asking) return;
  if (line.endsWith("\\")) {
    earlierLines.push(pastes.expand(line.slice(0, -1)));
    prompt(readline, asking.prompts.next);
    return;
  }
  editing.asking = undefined;
  asking.answer([...earlierLines.splice(0), pastes.expand(line)].join("\n"));
}

function clear({ asking, readline, earlierLines }: Editing): boolean {
  if (!asking || (readline.line === "" && earlierLines.length === 0)) return false;
  earlierLines.length = 0;
  readline.setPrompt(asking.prompts.first);
  readline.write(null, { ctrl: true, name: "e" });
  readline.write(null, { ctrl: true, name: "u" });
  readline.prompt(true);
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
  for (const _ of line.slice(cursor)) readline.write(null, { name: "left" });
}

/** A mark that stands for a paste goes as a whole: its last character has just been deleted. */
function deleteBrokenMark({ readline, pastes }: Editing): void {
  const rest = pastes.brokenMarkAtEnd(readline.line.slice(0, readline.cursor));
  for (let left = rest.length; left > 0; left--) readline.write(null, { name: "backspace" });
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
