import { openKeyboard } from "./keyboard.ts";
import { openLineEditor } from "./line-editor.ts";
import type { Screen } from "./screen.ts";
import type { Stops } from "./stops.ts";
import type { Style } from "./style.ts";

/** What the user types, request by request, until they leave. */
export async function* typedRequests(screen: Screen, style: Style, stops: Stops): AsyncGenerator<string> {
  const editor = openLineEditor(screen.prompts);
  const keyboard = openKeyboard(process.stdin, screen.prompts, {
    input: editor.take,
    interrupt() {
      if (editor.clear()) return;
      editor.forget();
      stops.interrupt();
    },
    resumed: editor.redraw,
    ended: editor.close,
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
