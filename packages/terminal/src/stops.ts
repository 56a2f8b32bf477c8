/** How the process is told to stop: by Ctrl-C, and by signals. */
export interface Stops {
  /** Aborts when the user, or the system, wants the process to end. */
  readonly left: AbortSignal;
  /** Ctrl-C: stops the turn; leaves when there is none, and at once when the turn has been told before. */
  interrupt(): void;
  /** Stops the turn that runs; false when there is none. */
  stopTurn(): boolean;
  /** Runs a turn, with the signal that stops it. */
  during(turn: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

/** A turn that has not stopped by then is worth a word to the user. */
const SLOW_MS = 1_000;

/** What a turn has to stop in after SIGTERM and SIGHUP: nobody is there to insist. */
const LAST_MS = 5_000;

/** Listens to SIGINT, SIGTERM and SIGHUP from now on. `onSlow` is called when a turn is slow to stop. */
export function listenForStops(onSlow: () => void): Stops {
  const leaving = new AbortController();
  let turn: AbortController | undefined;

  function interrupt(): void {
    if (turn?.signal.aborted) process.exit(130);
    if (turn) stop(turn);
    else leave(130);
  }

  function stop(running: AbortController): void {
    if (running.signal.aborted) return;
    running.abort();
    setTimeout(() => running === turn && onSlow(), SLOW_MS).unref();
  }

  function leave(exitCode: number): void {
    process.exitCode = exitCode;
    leaving.abort();
    turn?.abort();
    setTimeout(() => process.exit(), LAST_MS).unref();
  }

  process.on("SIGINT", interrupt);
  process.on("SIGTERM", () => leave(143));
  process.on("SIGHUP", () => leave(129));

  return {
    left: leaving.signal,
    interrupt,
    stopTurn() {
      if (!turn) return false;
      stop(turn);
      return true;
    },
    async during(run) {
      turn = new AbortController();
      if (leaving.signal.aborted) turn.abort();
      try {
        await run(turn.signal);
      } finally {
        turn = undefined;
      }
    },
  };
}
