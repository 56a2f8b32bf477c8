import type { StopReason } from "../conversation.ts";
import type { ModelEvent } from "../model/model.ts";
import type { ToolEvent } from "../tool/index.ts";
import { bannerOf, type Setting } from "./banner.ts";
import { type LineInput, openLineInput } from "./line-input.ts";
import { openScreen } from "./screen.ts";
import { styleFor } from "./style.ts";
import { openTurnView } from "./turn-view.ts";

/** One turn of an agent: what happens, as it happens; returns why it ended. */
export type Turn = AsyncGenerator<ModelEvent | ToolEvent, StopReason>;

export interface Terminal {
  /** The request of the command line, once; without one, what the user types, until they leave. */
  requests(): AsyncIterable<string>;
  /**
   * Shows a turn until it ends. Ctrl-C aborts its signal; a second Ctrl-C leaves at once. When the request came
   * from the command line, the process's exit code says how the turn ended.
   */
  show(turn: (signal: AbortSignal) => Turn): Promise<void>;
}

/** The exit codes of the README, by the way a turn ended. */
const exitCodes: Readonly<Record<StopReason, number>> = {
  done: 0,
  tool_calls: 0,
  error: 1,
  refused: 1,
  length: 3,
  step_limit: 3,
  loop: 3,
  aborted: 130,
};

/** How long a turn may take to stop after SIGTERM or SIGHUP: nobody is there to insist. */
const STOP_MS = 5_000;

/** Takes the terminal, or the pipes in its place, and prints the banner on stderr. */
export function openTerminal(setting: Setting & { readonly request?: string | undefined }): Terminal {
  const { stdin, stdout, stderr } = process;
  const style = styleFor(stderr);
  const screen = openScreen(stdout, stderr);
  let input: LineInput | undefined;
  let turn: AbortController | undefined;
  let left = false;

  function interrupt(): void {
    if (turn?.signal.aborted) process.exit(130);
    if (!turn) leave(130);
    turn?.abort();
    input?.dropKeys();
  }

  function leave(exitCode: number): void {
    left = true;
    process.exitCode = exitCode;
    turn?.abort();
    input?.close();
  }

  function terminate(exitCode: number): void {
    leave(exitCode);
    setTimeout(() => process.exit(), STOP_MS).unref();
  }

  async function* requests() {
    if (setting.request !== undefined) {
      yield setting.request;
      return;
    }
    input = openLineInput(stdin, stderr, interrupt);
    try {
      while (!left) {
        await screen.note("prompt", ""); // the prompt's own line is the editor's
        const request = await input.ask(`${style.cyan("›")} `, "  ");
        if (request === undefined) return;
        if (request.trim() !== "") yield request;
      }
    } finally {
      input.close();
    }
  }

  async function show(start: (signal: AbortSignal) => Turn): Promise<void> {
    turn = new AbortController();
    const view = openTurnView(screen, style);
    const running = start(AbortSignal.any([turn.signal, screen.unread]));
    try {
      let step = await running.next();
      while (!step.done) {
        await view.show(step.value);
        step = await running.next();
      }
      await view.end(step.value);
      if (setting.request !== undefined && !left) process.exitCode = exitCodes[step.value];
    } finally {
      turn = undefined;
    }
  }

  process.on("SIGINT", interrupt);
  process.on("SIGTERM", () => terminate(143));
  process.on("SIGHUP", () => terminate(129));
  void screen.note("banner", bannerOf(setting, style));
  return { requests, show };
}
