import { existsSync } from "node:fs";
import { nearest, UsageError } from "@eightfold/core";
import { noteAsked } from "@eightfold/trace";
import type { Keyboard } from "./keyboard.ts";
import type { LineEditor } from "./line-editor.ts";
import { paintFor, type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import { exactLine, safeLine } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import type { Stops } from "./turn.ts";
import type { View } from "./view.ts";
import { fitColumns, widthOf } from "./width.ts";

/** A line that begins with a slash, and what it does. */
export interface Command {
  readonly name: string;
  readonly help: string;
  /** Words may follow the name. */
  readonly takesWords?: true;
}

/** The commands of an agent, with those that a terminal answers itself. */
export function withOwnCommands({ commands, completePath }: Partial<Completable>): Completable {
  return {
    commands: [
      { name: "/help", help: "this list", takesWords: true },
      ...(commands ?? []),
      { name: "/exit", help: "leave (so does Ctrl-D)" },
      { name: "/quit", help: "leave" },
    ],
    completePath,
    agentHasSome: commands !== undefined,
  };
}

/**
 * The command that a line is, as an agent reads it: "/model demo". Undefined for a request; where an agent has no commands,
 * one is what has words behind it, or is unknown.
 * @throws UsageError for a name that no command has, and for words behind one that takes none
 */
export function commandIn(line: string, { commands, agentHasSome }: Completable): string | undefined {
  const trimmed = line.trim().replace(/^(?:exit|quit)$/i, "/exit");
  const text = trimmed.replace(/^\/(?:clear|new)$/i, "/reset"); // as others call it
  const [, typed, words] = /^(\/[a-z]+)(?:[ \t]+(.*))?$/i.exec(text) ?? [];
  const name = typed?.toLowerCase();
  const command = commands.find((each) => each.name === name);
  if (name === undefined || (!agentHasSome && (!command || words))) return undefined;
  if (!command && existsSync(name)) return undefined; // a request may begin with a path: "/tmp is full"
  if (!command) {
    const names = commands.map((each) => each.name);
    const near = nearest(name, names);
    const advice = near ? `Did you mean \`${near}\`?` : "`/help` lists them.";
    throw new UsageError(`There is no command \`${name}\`. ${advice}`);
  }
  if (words && !command.takesWords) throw new UsageError(`\`${name}\` takes no words behind it.`);
  return words ? `${name} ${words}` : name;
}

/** A line for the model: neither a command nor what was meant as one. */
export function isRequest(line: string, all: Completable): boolean {
  try {
    return commandIn(line, all) === undefined;
  } catch {
    return false;
  }
}

/** Of what the user types, the lines for the agent: requests, and commands of its own. The others are answered here. */
export async function* linesForAgent(
  lines: AsyncIterable<string> | Iterable<string>,
  all: Completable,
  say: (markdown: string) => Promise<void>,
): AsyncGenerator<string> {
  for await (const line of lines) {
    try {
      const command = commandIn(line, all);
      if (command === "/exit" || command === "/quit") return;
      if (command?.startsWith("/help")) await say(commandHelp(all));
      else {
        noteAsked(command ?? line);
        yield command ?? line;
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      await say(error.message);
    }
  }
}

/** What `/help` shows, as Markdown. */
function commandHelp({ commands, completePath }: Completable): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  const list = commands
    .map(({ name, help }) => `- \`${name}\`${" ".repeat(widest - name.length)} ${help}`)
    .join("\n");
  const paths = completePath ? " and, after `@`, paths" : "";
  return (
    `${list}\n\n\`Esc\` stops the turn · what is typed meanwhile waits, and \`Up\` takes it back · ` +
    `\`Ctrl-R\` finds an earlier request · \`Tab\` completes commands${paths} · ` +
    "`Ctrl-O` shows results and thoughts whole · `\\` at the end of a line continues it on the next · `Ctrl-D` leaves"
  );
}

/** Where requests are typed, and what the keys there work on. */
export interface Prompt {
  readonly screen: Screen;
  readonly stops: Stops;
  readonly keyboard: Keyboard;
  readonly editor: LineEditor;
  readonly completable: Completable;
  loadView(): Promise<View>;
}

/** What the user types, request by request, until they leave. */
export async function* typedRequests(prompt: Prompt): AsyncGenerator<string> {
  const { screen, stops, editor } = prompt;
  const paint = paintFor(process.stderr);
  const mark = paint([styled("›", "cyan")]);
  const giveBack = prompt.keyboard.take({
    input: editor.take,
    interrupt() {
      if (editor.clear()) return;
      editor.hold();
      if (!stops.interrupt() && !editor.hint(paint([styled("Ctrl-C again leaves", "dim")]))) stops.leave(0);
    },
    resumed() {
      screen.spinner.forget();
      editor.redraw();
    },
    ended: () => stops.leave(129), // before SIGHUP, or in its place
    keys: keysOf(prompt),
  });
  stops.left.addEventListener("abort", editor.close);
  screen.unread.addEventListener("abort", editor.close);

  try {
    for (;;) {
      screen.beginPrompt();
      const request = await editor.ask(`${mark} `);
      if (request === undefined) return;
      if (request.trim() !== "") yield request;
    }
  } finally {
    editor.close();
    giveBack();
  }
}

/** Esc stops the turn, Tab completes, and Ctrl-O shows what the screen shows a part of, at the prompt and in a turn. */
function keysOf({ editor, screen, stops, completable, loadView }: Prompt) {
  const above = (text: string) => editor.above(() => screen.writeAtPrompt(text));

  async function complete(): Promise<void> {
    const line = editor.typed();
    if (line === undefined) return;
    const found = await completionOf(line, completable);
    if (!found || editor.typed() !== line) return;
    const { typed, text, choices } = found;
    if (text === typed) above((await loadView()).choices(choices));
    else editor.replace(typed.length, text);
  }

  async function showDetails(): Promise<void> {
    const view = await loadView();
    await view.readDetails(editor.typed() === undefined ? undefined : above);
  }

  return {
    escape: () => void (stops.stopTurn() && editor.hold()),
    tab: () => editor.during(complete()),
    "ctrl-o": () => editor.during(showDetails()),
  };
}

/** A way to go on with what is typed. */
export interface Choice {
  readonly name: string;
  /** What is shown of it, where that is not all. */
  readonly shown?: string;
  readonly help?: string;
}

export interface Completable {
  readonly commands: readonly Command[];
  /** Some of them are the agent's. */
  readonly agentHasSome: boolean;
  /** The paths that a half-typed one may become. */
  readonly completePath?: ((typed: string) => Promise<readonly Choice[]>) | undefined;
}

/**
 * What the Tab key does for a slash command at the start of the line, or after an `@` for a path of the workspace:
 * `text` takes the place of what is `typed`; when that adds nothing, the choices are shown.
 */
export async function completionOf(line: string, all: Completable) {
  if (/^\/\S*$/.test(line)) return pick(line, all.commands);
  const [, path] = /(?:^|\s)@(\S*)$/.exec(line) ?? [];
  if (path === undefined || !all.completePath) return undefined;
  // A name that shows something else than it is could be offered for another.
  const choices = (await all.completePath(path)).filter(({ name }) => exactLine(name) === name);
  const goesOn = pick(path, choices, " ");
  const [only, ...more] = choices; // the name of a file somewhere
  if (goesOn || !only) return goesOn;
  return { typed: path, text: more.length === 0 ? `${only.name} ` : path, choices };
}

/** What the choices that begin so have in common; the only one is followed by `end`, if it is no folder. */
function pick(typed: string, all: readonly Choice[], end = "") {
  const choices = all.filter(({ name }) => name.startsWith(typed));
  const [first] = choices;
  if (!first) return undefined;
  let { length } = first.name;
  while (!choices.every(({ name }) => name.startsWith(first.name.slice(0, length)))) length--;
  const common = first.name.slice(0, length).toWellFormed();
  const done = choices.length === 1 && !common.endsWith("/") ? end : "";
  return { typed, text: common + done, choices };
}

const MAX_ROWS = 12;

/** The choices that the Tab key found, on the screen: commands with their help, paths side by side. */
export function styledChoices(choices: readonly Choice[], columns: number): StyledText[] {
  const names = choices.map(({ name, shown = name }) => safeLine(shown));
  const widest = Math.min(columns - 3, Math.max(...names.map(widthOf)));
  const cells = names.map((name) => `  ${padded(name, widest)}`);
  if (choices.some(({ help }) => help !== undefined)) {
    return choices.flatMap(({ help = "" }, index) => [
      styled(`${cells[index]}  `, "cyan"),
      ...styledLines([fitColumns(safeLine(help), Math.max(1, columns - 5 - widest))], "dim"),
    ]);
  }
  const across = Math.max(1, Math.floor((columns - 1) / (widest + 2)));
  const rows = Array.from({ length: Math.ceil(cells.length / across) }, (_, y) =>
    cells
      .slice(y * across, (y + 1) * across)
      .join("")
      .trimEnd(),
  );
  if (rows.length <= MAX_ROWS) return styledLines(rows);
  const hidden = cells.length - across * (MAX_ROWS - 1);
  return [...styledLines(rows.slice(0, MAX_ROWS - 1)), ...styledLines([`  … ${hidden} more`], "dim")];
}

function padded(name: string, width: number): string {
  const shown = fitColumns(name, width);
  return shown + " ".repeat(width - widthOf(shown));
}
