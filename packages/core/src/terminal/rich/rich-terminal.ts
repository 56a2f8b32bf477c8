import { bannerOf, type Setting } from "../banner.ts";
import type { LineEditor } from "../line-editor.ts";
import { openScreen } from "../screen.ts";
import { listenForStops } from "../stops.ts";
import { styleFor } from "../style.ts";
import { exitCodes, type Terminal } from "../terminal.ts";
import { typedRequests } from "../typed-requests.ts";
import { richKeys } from "./rich-keys.ts";
import type { RichView } from "./rich-view.ts";

export interface RichSetting extends Setting {
  /** Of the command line. */
  readonly request?: string | undefined;
  /** The slash commands, for the Tab key. */
  readonly commands: readonly { readonly name: string; readonly help: string }[];
}

/** A terminal that renders Markdown as it comes, and shows tools, waits and usage. */
export interface RichTerminal extends Terminal {
  /** Shows Markdown that no model wrote, on stderr. */
  say(markdown: string): Promise<void>;
  /** What the session used so far, as Markdown. */
  usage(): string;
  /** Ends the requests, with exit code 0. */
  leave(): void;
}

/** Takes the terminal, or the pipes in its place, and prints the banner on stderr. */
export function openRichTerminal(setting: RichSetting): RichTerminal {
  const { request } = setting;
  const style = styleFor(process.stderr);
  const screen = openScreen(process.stdout, process.stderr);
  const stops = listenForStops(() => {
    screen.note("notice", `${style.yellow("Still stopping. Ctrl-C again leaves at once.")}\n`);
  });
  screen.note("banner", bannerOf(setting, style, screen.columns()));
  let view: RichView | undefined;
  let left = false;

  /** Nobody waits for the renderer before there is something to render. */
  async function loadView(): Promise<RichView> {
    const { openRichView } = await import("./rich-view.ts");
    view ??= openRichView(screen);
    return view;
  }

  const keys = (editor: LineEditor) => richKeys(editor, { screen, stops, completable: setting, loadView });

  return {
    async *requests() {
      if (request !== undefined) yield request;
      else {
        for await (const typed of typedRequests(screen, style, stops, keys)) {
          yield typed;
          if (left) return;
        }
      }
    },

    show: (start) =>
      stops.during(async (stopped) => {
        const signal = AbortSignal.any([stopped, screen.unread]);
        const stop = await (await loadView()).follow(start(signal), signal);
        if (request !== undefined && !stops.left.aborted) process.exitCode = exitCodes[stop];
      }),

    say: async (markdown) => (await loadView()).say(markdown),
    usage: () => view?.usage() || "Nothing was asked yet.",
    leave() {
      left = true;
    },
  };
}
