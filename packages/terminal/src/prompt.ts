import { existsSync } from "node:fs";
import { nearest, UsageError } from "@eightfold/core";
import { noteAsked } from "@eightfold/trace";
import type { Command, Completable } from "./choices.ts";
import type { Keyboard } from "./keyboard.ts";
import type { LineEditor } from "./line-editor.ts";
import { paintFor, styled } from "./markdown/styled-text.ts";
import type { Screen } from "./screen.ts";
import type { Stops } from "./turn.ts";
import type { View } from "./view.ts";

/** What a line may hold beside slash commands, for `/help`. */
const TYPED: readonly Command[] = [
  {
    name: "@file",
    help: "show the model a file; `@file:10-40` some of its lines, `@folder/` the names in it",
  },
  { name: "!command", help: "run a command; the model reads what came of it with your next request" },
];

/** The commands of an agent, with those that a terminal answers itself. */
export function withOwnCommands(
  setting: Partial<Completable> & { readonly request?: string | undefined; readonly runsCommands?: boolean },
): Completable {
  const { commands, completePath, request, runsCommands } = setting;
  const typed = TYPED.filter(({ name }) => runsCommands && (request === undefined || name === "@file"));
  return {
    commands: [
      { name: "/help", help: "this list", takesWords: true },
      ...typed,
      ...(commands ?? []),
      { name: "/exit", help: "leave (so does Ctrl-D)" },
      { name: "/quit", help: "leave" },
    ],
    completePath,
    agentHasSome: commands !== undefined,
  };
}

/**
 * The command in a line, as an agent reads it: "/model demo". The beginning of a name is enough if no other begins with it.
 * Undefined for a request. If the agent has no commands of its own, an unknown name, or one with words after it, is a request too.
 * @throws UsageError for a name that no command has, for words after one that takes none, and for a "!" without a command
 */
export function commandIn(line: string, { commands, agentHasSome }: Completable): string | undefined {
  const trimmed = line.trim().replace(/^(?:exit|quit)$/i, "/exit");
  const text = trimmed.replace(/^\/(?:clear|new)$/i, "/reset"); // as others call it
  const [, typed, words] = /^(\/[a-z]+)(?:[ \t]+(.*))?$/i.exec(text) ?? [];
  const name = typed?.toLowerCase();
  const whole = commands.find((each) => each.name === name);
  if (text === "!" && commands.some((each) => each.name === "!command"))
    throw new UsageError("`!` runs the command behind it: `!git status`.");
  if (name === undefined || (!agentHasSome && (!whole || words))) return undefined;
  if (!whole && existsSync(name)) return undefined; // a request may begin with a path: "/tmp is full"
  const begun = commands.filter((each) => each.name.startsWith(name));
  const [command] = whole ? [whole] : begun.length === 1 ? begun : [];
  if (!command) {
    const names = commands.map((each) => each.name);
    const near = nearest(name, names);
    const advice = near ? `Did you mean \`${near}\`?` : "`/help` lists them.";
    throw new UsageError(`There is no command \`${name}\`. ${advice}`);
  }
  if (words && !command.takesWords) throw new UsageError(`\`${command.name}\` takes no words after it.`);
  return words ? `${command.name} ${words}` : command.name;
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
  const paths = completePath ? " and `@` paths" : "";
  return (
    `${list}\n\n\`Esc\` stops the turn · what you type meanwhile waits, and \`Up\` takes it back · ` +
    `\`Ctrl-R\` finds an earlier request · \`/\` lists commands${paths}: \`Tab\` takes one, arrows select · ` +
    "`Ctrl-G` opens the line in your editor · `Ctrl-O` shows results and thoughts in full · `\\` at the end of a line continues it on the next · `Ctrl-D` leaves"
  );
}

/** Where requests are typed, and what the keys there work on. */
export interface Prompt {
  readonly screen: Screen;
  readonly stops: Stops;
  readonly keyboard: Keyboard;
  readonly editor: LineEditor;
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

/** Esc closes the list or stops the turn, and Ctrl-O shows what the screen shows a part of, at the prompt and in a turn. */
function keysOf({ editor, stops, loadView }: Prompt) {
  return {
    escape: () => void (editor.dismiss() || (stops.stopTurn() && editor.hold())),
    "ctrl-o": () => editor.during(loadView().then((view) => view.readDetails(editor))),
  };
}
