import type { Keyboard, KeyboardEvents } from "./keyboard.ts";
import { type LineEditor, openLineEditor } from "./line-editor.ts";
import type { Screen } from "./screen.ts";
import type { Stops } from "./stops.ts";
import type { Style } from "./style.ts";

/** What a terminal does with more keys. What is typed ahead then outlives the turn that is stopped. */
export type MoreKeys = (editor: LineEditor) => Readonly<Record<string, () => void>>;

export interface TypingPlace {
  readonly screen: Screen;
  readonly style: Style;
  readonly stops: Stops;
  takeKeyboard(events: KeyboardEvents): Keyboard;
  readonly moreKeys?: MoreKeys;
}

/** What the user types, request by request, until they leave. */
export async function* typedRequests(place: TypingPlace): AsyncGenerator<string> {
  const { screen, style, stops, moreKeys } = place;
  const editor = openLineEditor(screen.prompts);
  const keyboard = place.takeKeyboard({
    input: editor.take,
    interrupt() {
      if (editor.clear()) return;
      if (moreKeys) editor.hold();
      else editor.forget();
      stops.interrupt();
    },
    resumed: editor.redraw,
    ended: editor.close,
    keys: moreKeys?.(editor),
  });
  stops.left.addEventListener("abort", editor.close);
  screen.unread.addEventListener("abort", editor.close);
  const prompts = { first: `${style.cyan("›")} `, next: "  " };

  try {
    for (;;) {
      screen.makeRoom();
      const request = await editor.ask(prompts);
      if (request === undefined) return;
      if (request.trim() !== "") yield request;
    }
  } finally {
    editor.close();
    keyboard.close();
  }
}
