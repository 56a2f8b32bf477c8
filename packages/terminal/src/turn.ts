import type { ModelEvent, StopReason, ToolEvent } from "@eightfold/core";
import { beginTurn, endTurn, recordEvent } from "@eightfold/trace";

/** What happens in a turn. A notice is a word to the user on what the agent does unasked. */
export type TurnEvent = ModelEvent | ToolEvent | { readonly type: "notice"; readonly text: string };

/** One turn of an agent: yields what happens, as it happens, and returns why it ended. */
export type Turn = AsyncGenerator<TurnEvent, StopReason>;

/** Hands over each event of a turn, and waits until it is shown before it asks for the next. The trace has them all. */
export async function follow(turn: Turn, show: (event: TurnEvent) => Promise<void>): Promise<StopReason> {
  beginTurn();
  let step = await turn.next();
  for (; !step.done; step = await turn.next()) {
    recordEvent(step.value);
    await show(step.value);
  }
  endTurn(step.value);
  return step.value;
}

/** The exit code that says how a one-shot turn ended. */
const exitCodes: Readonly<Record<StopReason, number>> = {
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

const exitCodeOf = (stop: StopReason, unread: AbortSignal) =>
  stop === "aborted" && unread.aborted ? UNREAD : exitCodes[stop];

/** What a shell says of a program whose reader went away: 128 and SIGPIPE. */
const UNREAD = 141;

export type Stops = ReturnType<typeof listenForStops>;

export interface StopSetting {
  /** The turn is all that the process is for: how it ends is the exit code. */
  readonly isOneShot: boolean;
  /** Aborts when nobody reads the answer any longer, which stops the turn. */
  readonly unread: AbortSignal;
  /** A turn that was told to stop is slow to do so. */
  onSlow(): void;
}

/** A turn that has not stopped by then is worth a word to the user. */
const SLOW_MS = 1_000;

/** What a turn has to stop in after SIGTERM and SIGHUP: nobody is there to insist. */
const LAST_MS = 5_000;

/** How the process is told to stop: by Ctrl-C, and by signals, which it listens to from now on. */
export function listenForStops({ isOneShot, unread, onSlow }: StopSetting) {
  const leaving = new AbortController();
  let turn: AbortController | undefined;
  const { isLent, lend } = lending();

  function stopTurn(): boolean {
    const running = turn;
    if (running?.signal.aborted === false) setTimeout(() => running === turn && onSlow(), SLOW_MS).unref();
    running?.abort();
    return running !== undefined;
  }

  function interrupt(): boolean {
    if (turn?.signal.aborted) process.exit(130);
    return stopTurn();
  }

  function leave(exitCode: number): void {
    process.exitCode = exitCode;
    leaving.abort();
    turn?.abort();
    setTimeout(() => process.exit(), LAST_MS).unref();
  }

  process.on("SIGINT", () => isLent() || interrupt() || leave(130));
  process.on("SIGTERM", () => leave(143));
  process.on("SIGHUP", () => leave(129));
  process.on("SIGQUIT", () => isLent() || process.exit(131)); // at once, yet the terminal is given back, and no command left behind

  return {
    /** Aborts when the user, or the system, wants the process to end. */
    left: leaving.signal,
    stopTurn,
    /** Ctrl-C: stops the turn, or leaves at once when it has been told before. Both are false when no turn runs. */
    interrupt,
    leave,
    lend,
    /** Runs a turn, with the signal that stops it. */
    async during(run: (signal: AbortSignal) => Promise<StopReason>): Promise<void> {
      turn = new AbortController();
      if (leaving.signal.aborted) turn.abort();
      try {
        const stop = await run(AbortSignal.any([turn.signal, unread]));
        if (isOneShot && !leaving.signal.aborted) process.exitCode = exitCodeOf(stop, unread);
      } finally {
        turn = undefined;
      }
    },
  };
}

function lending() {
  let isLent = false;
  return {
    isLent: () => isLent,
    /** Another program has the terminal, and its Ctrl-C, until the function that this gives is called. */
    lend() {
      isLent = true;
      return () => {
        isLent = false;
      };
    },
  };
}
