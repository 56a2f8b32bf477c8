import { clip } from "../width.ts";

/** One line that says what is waited for, and for how long. It is erased before anything else is written. */
export interface Spinner {
  /** From now on the wait has this name. */
  wait(label: string): void;
  /** Erases the line. It comes back after a moment without news. */
  hide(): void;
  /** Erases the line for good. */
  stop(): void;
}

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 100;

/** A wait shorter than this is not worth a word. */
const QUIET_MS = 250;

/**
 * The line is drawn below a blank one, with the cursor left at its start: erased from there to the end of the
 * screen, nothing of it stays, also when the window has become narrower meanwhile.
 * @param mayDraw false while a line of text is unfinished
 */
export function openSpinner(
  stream: NodeJS.WriteStream,
  paint: (text: string) => string,
  mayDraw: () => boolean,
): Spinner {
  let waiting: { readonly label: string; readonly since: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let quietSince = 0;
  let drawn = false;

  function draw(): void {
    const now = performance.now();
    if (!waiting || now - quietSince < QUIET_MS || !mayDraw()) return;
    const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length];
    const seconds = Math.floor((now - waiting.since) / 1000);
    const time = seconds > 0 ? ` ${seconds} s` : "";
    const label = clip(waiting.label, (stream.columns || 80) - 4 - time.length);
    stream.write(`${drawn ? "\x1b[J" : "\n"}${paint(`${frame} ${label}${time}`)}\r`);
    drawn = true;
  }

  function hide(): void {
    quietSince = performance.now();
    if (drawn) stream.write("\x1b[J\x1b[A");
    drawn = false;
  }

  return {
    wait(label) {
      hide();
      waiting = { label, since: performance.now() };
      timer ??= setInterval(draw, FRAME_MS).unref();
    },
    hide,
    stop() {
      hide();
      waiting = undefined;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

export const noSpinner: Spinner = { wait() {}, hide() {}, stop() {} };
