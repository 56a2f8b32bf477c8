import { type Choice, type Completable, completionOf } from "./completion.ts";
import { CTRL_O, ESCAPE, type Keyboard, TAB } from "./keyboard.ts";
import type { LineEditor } from "./line-editor.ts";
import { paintFor } from "./rich/ink.ts";
import type { Screen } from "./screen.ts";
import type { Stops } from "./turn.ts";

/** A line that begins with a slash, and what it does. */
export interface Command {
  readonly name: string;
  readonly help: string;
}

const help: Command = { name: "/help", help: "this list" };
const exit: Command = { name: "/exit", help: "leave (so does Ctrl-D)" };
const quit: Command = { name: "/quit", help: "leave" };

/** The commands of an agent, with those that a terminal answers itself. */
export function withOwnCommands(commands: readonly Command[]): Command[] {
  return [help, ...commands, exit, quit];
}

/**
 * Which of its own commands a terminal is given; undefined for any other line. Where an agent has commands too, one
 * with words behind it is still that command. Elsewhere it is a request.
 */
export function ownCommandIn(line: string, hasMore: boolean): "help" | "leave" | undefined {
  const [, name, words] = /^(\/[a-z]+)([ \t].*)?$/i.exec(line.trim()) ?? [];
  if (name === undefined || (words !== undefined && !hasMore)) return undefined;
  if (name.toLowerCase() === help.name) return "help";
  return [exit.name, quit.name].includes(name.toLowerCase()) ? "leave" : undefined;
}

/** What `/help` shows, as Markdown. */
export function commandHelp({ commands, completePath }: Completable): string {
  const list = commands.map(({ name, help }) => `- \`${name}\` ${help}`).join("\n");
  const paths = completePath ? " and, after `@`, paths" : "";
  return (
    `${list}\n\n\`Esc\` stops the turn · \`Tab\` completes commands${paths} · ` +
    "`Ctrl-O` shows all of the last tool result · `\\` at the end of a line continues it on the next · `Ctrl-D` leaves"
  );
}

/** Where requests are typed, and what the keys there work on. */
export interface Prompt {
  readonly screen: Screen;
  readonly stops: Stops;
  readonly keyboard: Keyboard;
  readonly editor: LineEditor;
  readonly completable: Completable;
  loadView(): Promise<KeysView>;
}

/** What the keys show. */
interface KeysView {
  /** What the Tab key may choose from. */
  choices(choices: readonly Choice[]): string;
  /** The whole result of the last call, as a terminal is sent it. */
  lastResult(): string;
  /** Shows it in the middle of a turn. */
  showResult(): void;
}

/** What the user types, request by request, until they leave. */
export async function* typedRequests(prompt: Prompt): AsyncGenerator<string> {
  const { screen, stops, editor } = prompt;
  const giveBack = prompt.keyboard.take({
    input: editor.take,
    interrupt() {
      if (editor.clear()) return;
      editor.hold();
      stops.interrupt();
    },
    resumed: editor.redraw,
    ended: editor.close,
    keys: keysOf(prompt),
  });
  stops.left.addEventListener("abort", editor.close);
  screen.unread.addEventListener("abort", editor.close);
  const mark = paintFor(process.stderr)([{ text: "›", ink: ["cyan"] }]);

  try {
    for (;;) {
      screen.beginPrompt();
      const request = await editor.ask(`${mark} `, "  ");
      if (request === undefined) return;
      if (request.trim() !== "") yield request;
    }
  } finally {
    editor.close();
    giveBack();
  }
}

/** Esc stops the turn, Tab completes, and Ctrl-O shows the whole result of the last tool, at the prompt and in a turn. */
function keysOf({ editor, screen, stops, completable, loadView }: Prompt) {
  const above = (text: string) => editor.above(() => screen.writeAtPrompt(text));

  async function complete(): Promise<void> {
    const line = editor.typed();
    if (line === undefined) return;
    const found = await completionOf(line, completable);
    if (!found || editor.typed() !== line) return;
    const { typed, text, choices } = found;
    if (text === typed) above((await loadView()).choices(choices));
    else if (text.startsWith(typed)) editor.replace(0, text.slice(typed.length));
    else editor.replace([...typed].length, text);
  }

  async function showResult(): Promise<void> {
    const view = await loadView();
    if (editor.typed() === undefined) view.showResult();
    else above(view.lastResult());
  }

  return {
    [ESCAPE]: () => void (stops.stopTurn() && editor.hold()),
    [TAB]: () => editor.during(complete()),
    [CTRL_O]: () => editor.during(showResult()),
  };
}
