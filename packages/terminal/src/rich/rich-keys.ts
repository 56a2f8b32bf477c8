import type { LineEditor } from "../line-editor.ts";
import type { Screen } from "../screen.ts";
import type { Stops } from "../stops.ts";
import type { Completable } from "./complete.ts";
import type { RichView } from "./rich-view.ts";

export const ESCAPE = "\x1b";
export const TAB = "\t";
export const CTRL_O = "\x0f";

/** The keys, as Markdown, for whoever writes a help. */
export const keysHelp =
  "`Esc` stops the turn · `Tab` completes commands and, after `@`, paths · `Ctrl-O` shows all of the last tool result · " +
  "`\\` at the end of a line continues it on the next · `Ctrl-D` leaves";

export interface RichKeys {
  readonly screen: Screen;
  readonly stops: Stops;
  readonly completable: Completable;
  loadView(): Promise<RichView>;
}

/** Esc stops the turn, Tab completes, and Ctrl-O shows the whole result of the last tool, at the prompt and in a turn. */
export function richKeys(editor: LineEditor, { screen, stops, completable, loadView }: RichKeys) {
  const above = (text: string) => editor.above(() => screen.aside(text));

  async function complete(): Promise<void> {
    const line = editor.typed();
    if (line === undefined) return;
    const { completionOf } = await import("./complete.ts");
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
