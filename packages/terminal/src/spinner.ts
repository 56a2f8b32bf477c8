import { stripVTControlCharacters } from "node:util";
import { paintFor, type StyledText } from "./markdown/styled-text.ts";
import { clip, widthOf } from "./width.ts";

/** One line that says what is waited for, and for how long. It is erased before anything else is written. */
export interface Spinner {
  /** From now on the wait has this name. */
  wait(label: string): void;
  /** The same wait has another name. */
  rename(label: string): void;
  /** Erases the line. It comes back after a moment without news. */
  hide(): void;
  /** What was written: the line may have to come back to where it ended. */
  wrote(text: string): void;
  /** Erases the line until the function that this gives is called: the wait begins anew then. */
  suspend(): () => void;
  /** Erases the line for good. */
  stop(): void;
}

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const FRAME_MS = 100;

/** A wait shorter than this is not worth a word; in the middle of a line it has to be longer. */
const QUIET_MS = 250;
const QUIET_IN_LINE_MS = 1_000;

interface Wait {
  label: string;
  readonly since: number;
}

/** The spinner of a terminal; in a pipe, one that shows nothing. */
export function openSpinner(stream: NodeJS.WriteStream): Spinner {
  if (!stream.isTTY || process.env.TERM === "dumb") return noSpinner;
  const spinner = spinnerOn(stream);
  process.on("uncaughtExceptionMonitor", spinner.stop);
  return spinner;
}

/**
 * The line is drawn below a blank one, with the cursor left at its start: erased from there to the end of the
 * screen, nothing of it stays, also when the window has become narrower meanwhile.
 */
function spinnerOn(stream: NodeJS.WriteStream): Spinner {
  let waiting: Wait | undefined;
  let timer: NodeJS.Timeout | undefined;
  let quietSince = 0;
  let column = 0;
  let drawn = false;
  const columns = () => stream.columns || 80;

  function draw(): void {
    const now = performance.now();
    if (column > 0 && column % columns() === 0) return; // the terminal keeps the cursor after the last column
    if (!waiting || now - quietSince < (column > 0 ? QUIET_IN_LINE_MS : QUIET_MS)) return;
    const start = drawn ? "\x1b[J" : column > 0 ? "\n\n" : "\n";
    stream.write(`${start}${paintFor(stream)([lineOf(waiting, now, columns())])}\r`);
    drawn = true;
  }

  function hide(): void {
    quietSince = performance.now();
    if (drawn) stream.write(column > 0 ? `\x1b[J\x1b[2A\x1b[${(column % columns()) + 1}G` : "\x1b[J\x1b[A");
    drawn = false;
  }

  const spinner: Spinner = {
    wait(label) {
      hide();
      waiting = { label, since: performance.now() };
      timer ??= setInterval(draw, FRAME_MS).unref();
    },
    rename(label) {
      if (waiting) waiting.label = label;
    },
    hide,
    wrote(text) {
      column = columnAfter(text, column);
    },
    suspend() {
      const suspended = waiting;
      hide();
      waiting = undefined;
      return () => void (timer && suspended && spinner.wait(suspended.label));
    },
    stop() {
      spinner.suspend();
      clearInterval(timer);
      timer = undefined;
    },
  };
  return spinner;
}

/** Where the line of a text ends that was written from a column on. */
function columnAfter(text: string, column: number): number {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const width = widthOf(stripVTControlCharacters(line));
  return line === text ? column + width : width;
}

function lineOf({ label, since }: Wait, now: number, columns: number): StyledText {
  const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length];
  const seconds = Math.floor((now - since) / 1000);
  const time = seconds > 0 ? ` ${seconds} s` : "";
  return { text: `${frame} ${clip(label, columns - 4 - time.length)}${time}`, format: ["dim"] };
}

const noSpinner: Spinner = {
  wait() {},
  rename() {},
  hide() {},
  wrote() {},
  suspend: () => () => {},
  stop() {},
};
