import type { Setting } from "../banner.ts";
import type { LineEditor } from "../line-editor.ts";
import type { Screen } from "../screen.ts";
import { shareKeyboard } from "../shared-keyboard.ts";
import { exitCodeOf, openPage, type Terminal } from "../terminal.ts";
import { typedRequests } from "../typed-requests.ts";
import type { Choice } from "./complete.ts";
import type { Answer, Question } from "./question.ts";
import { richKeys } from "./rich-keys.ts";
import type { RichView } from "./rich-view.ts";

export interface RichSetting extends Setting {
  /** Of the command line. */
  readonly request?: string | undefined;
  /** The slash commands, for the Tab key. */
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  /** The paths that a half-typed one may become, for the Tab key after an `@`. */
  readonly completePath?: (typed: string) => Promise<readonly Choice[]>;
}

/** A terminal that renders Markdown as it comes, and shows tools, waits and usage. */
export interface RichTerminal extends Terminal {
  /** Shows Markdown that no model wrote, on stderr. */
  say(markdown: string): Promise<void>;
  /** What the session used so far, as Markdown. */
  usage(): string;
  /** Whether somebody can be asked: stdin and stderr are a terminal. */
  readonly canAsk: boolean;
  /**
   * Asks the user, in the middle of a turn too. Esc and Ctrl-C are a no that also stops the turn; the end of input,
   * an abort of the signal, and nobody to ask are a no.
   */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
  /** Ends the requests, with exit code 0. */
  leave(): void;
}

/** Takes the terminal, or the pipes in its place, and prints the banner on stderr. */
export function openRichTerminal(setting: RichSetting): RichTerminal {
  const { request } = setting;
  const page = openPage(setting);
  const { screen, stops } = page;
  let view: RichView | undefined;
  let left = false;

  /** Nobody waits for the renderer before there is something to render. */
  async function loadView(): Promise<RichView> {
    const { openRichView } = await import("./rich-view.ts");
    view ??= openRichView(screen);
    return view;
  }

  const keyboard = shareKeyboard(process.stdin, screen.prompts);
  let editor: LineEditor | undefined;
  const moreKeys = (opened: LineEditor) => {
    editor = opened;
    return richKeys(opened, { screen, stops, completable: setting, loadView });
  };
  const hands = { keyboard, stops, requests: () => editor };
  const canAsk = Boolean(process.stdin.isTTY && process.stderr.isTTY);

  return {
    async *requests() {
      const typing = { ...page, takeKeyboard: keyboard.take, moreKeys };
      for await (const each of request === undefined ? typedRequests(typing) : [request]) {
        yield each;
        if (left) return;
      }
    },

    show: (start) =>
      stops.during(async (stopped) => {
        const signal = AbortSignal.any([stopped, screen.unread]);
        const stop = await (await loadView()).follow(start(signal), signal);
        if (request !== undefined && !stops.left.aborted) process.exitCode = exitCodeOf(stop, screen.unread);
      }),

    say: async (markdown) => sayAbove(editor, await loadView(), screen, markdown),
    canAsk,
    ask: async (question, signal) =>
      canAsk ? (await loadView()).ask(question, hands, signal) : { type: "no" },
    usage: () => view?.usage() || "Nothing was asked yet.",
    leave() {
      left = true;
    },
  };
}

/** A request that is being typed stays below. */
function sayAbove(editor: LineEditor | undefined, view: RichView, screen: Screen, markdown: string): void {
  if (editor?.typed() === undefined) view.say(markdown);
  else editor.above(() => screen.aside(view.rendered(markdown)));
}
