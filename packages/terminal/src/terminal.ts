import type { ModelEvent, StopReason, ToolEvent } from "@eightfold/core";
import { bannerOf, type Setting } from "./banner.ts";
import { type KeyboardEvents, openKeyboard } from "./keyboard.ts";
import { openScreen, type Screen } from "./screen.ts";
import { listenForStops } from "./stops.ts";
import { type Style, styleFor } from "./style.ts";
import { openTurnView } from "./turn-view.ts";
import { typedRequests } from "./typed-requests.ts";

/** What happens in a turn. */
export type TurnEvent = ModelEvent | ToolEvent | NoticeEvent;

/** A word to the user on what the agent does of its own accord. */
export interface NoticeEvent {
  readonly type: "notice";
  readonly text: string;
}

/** One turn of an agent: yields what happens, as it happens, and returns why it ended. */
export type Turn = AsyncGenerator<TurnEvent, StopReason>;

export interface Terminal {
  /** The request of the command line, once; without one, what the user types, until they leave. */
  requests(): AsyncIterable<string>;
  /**
   * Shows a turn until it ends. Ctrl-C aborts its signal; a second Ctrl-C leaves at once. When the request came
   * from the command line, the exit code of the process says how the turn ended.
   */
  show(turn: (signal: AbortSignal) => Turn): Promise<void>;
}

/** The exit code that says how a one-shot turn ended. */
export const exitCodes: Readonly<Record<StopReason, number>> = {
  done: 0,
  tool_calls: 0,
  error: 1,
  refused: 1,
  length: 3,
  step_limit: 3,
  loop: 3,
  denied: 4,
  aborted: 130,
};

/** What a shell says of a program whose reader went away: 128 and SIGPIPE. */
const UNREAD = 141;

/** The exit code of a one-shot turn. `unread` has aborted when its reader went away. */
export function exitCodeOf(stop: StopReason, unread: AbortSignal): number {
  return stop === "aborted" && unread.aborted ? UNREAD : exitCodes[stop];
}

/** Takes the terminal, or the pipes in its place, and prints the banner on stderr. */
export function openTerminal(setting: Setting & { readonly request?: string | undefined }): Terminal {
  const { request } = setting;
  const { style, screen, stops } = openPage(setting);

  return {
    async *requests() {
      const takeKeyboard = (events: KeyboardEvents) => openKeyboard(process.stdin, screen.prompts, events);
      if (request === undefined) yield* typedRequests({ screen, style, stops, takeKeyboard });
      else yield request;
    },

    show: (start) =>
      stops.during(async (stopped) => {
        const signal = AbortSignal.any([stopped, screen.unread]);
        const stop = await follow(start(signal), screen, style, signal);
        if (request !== undefined && !stops.left.aborted) process.exitCode = exitCodeOf(stop, screen.unread);
      }),
  };
}

/** The screen with the banner on it, and what tells the process to stop. */
export function openPage(setting: Setting) {
  const style = styleFor(process.stderr);
  const screen = openScreen(process.stdout, process.stderr);
  const stops = listenForStops(() => {
    screen.note("notice", `${style.yellow("Still stopping. Ctrl-C again leaves at once.")}\n`);
  });
  screen.note("banner", bannerOf(setting, style, screen.columns()));
  return { style, screen, stops };
}

async function follow(turn: Turn, screen: Screen, style: Style, signal: AbortSignal): Promise<StopReason> {
  const view = openTurnView(screen, style);
  try {
    let step = await turn.next();
    while (!step.done) {
      view.show(step.value);
      await screen.drained(signal);
      step = await turn.next();
    }
    view.end(step.value);
    return step.value;
  } catch (error) {
    view.end("error");
    throw error;
  }
}
