import { closeSync, constants, openSync, readSync } from "node:fs";
import { SHOW_CURSOR } from "./drawn-line.ts";
import { type Input, keyReader } from "./keys.ts";

/** Asks a terminal to put marks around what is pasted, so that it can be told from what is typed. */
const PASTE_MARKS_ON = "\x1b[?2004h";
const PASTE_MARKS_OFF = "\x1b[?2004l";

export interface KeyboardReader {
  input(input: Input): void;
  /** Something was typed. What it is may be handed over a moment later: what comes together belongs together. */
  heard?(): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Back from Ctrl-Z: the screen shows the shell's lines now. */
  resumed(): void;
  /** The terminal is gone. */
  ended(): void;
  /** Keys by their names, which are not handed over as input then. */
  readonly keys: Readonly<Record<string, () => void>>;
}

export type Keyboard = ReturnType<typeof openKeyboard>;

/** The keyboard, for several readers: what is typed goes to the one who took it last. */
export function openKeyboard(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream) {
  const readers = new Set<KeyboardReader>();
  let giveBack: (() => void) | undefined;

  function take(): void {
    if (readers.size > 0) giveBack ??= takeFromShell(stdin, output, readers);
  }

  function letGo(): void {
    giveBack?.();
    giveBack = undefined;
  }

  return {
    /** Takes the keyboard from whoever has it, or from the shell, until the function that this gives is called. */
    take(reader: KeyboardReader): () => void {
      readers.add(reader);
      take();
      return () => {
        if (readers.delete(reader) && readers.size === 0) letGo();
      };
    },
    /** Lets another program have it until the function that this gives is called. */
    lend(): () => void {
      letGo();
      return take;
    },
  };
}

/**
 * Takes the keyboard of a real terminal: from now on nothing is echoed, and Ctrl-C is a key. However the process
 * ends, the terminal is given back.
 */
function takeFromShell(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream, readers: Set<KeyboardReader>) {
  const raw = rawMode(stdin, output);
  const { read, release, wait } = keyReader();
  const queue: Input[] = [];
  const last = () => [...readers].at(-1);
  let held: NodeJS.Timeout | undefined;

  function take(inputs: Input[]): void {
    clearTimeout(held);
    const milliseconds = wait();
    if (milliseconds !== undefined) held = setTimeout(() => take(release()), milliseconds);
    queue.push(...inputs);
    handOn();
  }

  function handOn(): void {
    for (let input = queue.shift(); input; input = queue.shift()) {
      onKeys(input, raw.suspend, last());
      // An Enter starts its turn after this: only then is there something for the Ctrl-C behind it to stop.
      if (input.text.endsWith("\r") && queue[0]?.text === "ctrl-c") return void setImmediate(handOn);
    }
  }

  function onData(bytes: Buffer): void {
    last()?.heard?.();
    take(read(bytes));
  }

  const onEnd = () => [...readers].forEach((reader) => void reader.ended());

  function onResumed(): void {
    raw.on();
    last()?.resumed();
  }

  function giveBack(): void {
    clearTimeout(held);
    process.off("exit", giveBack).off("SIGCONT", onResumed);
    stdin.off("data", onData).off("end", onEnd).off("error", onEnd).pause();
    dropUnread();
    raw.off();
  }

  raw.on();
  stdin.on("data", onData).on("end", onEnd).on("error", onEnd).resume();
  process.on("exit", giveBack).on("SIGCONT", onResumed);
  return giveBack;
}

function onKeys(input: Input, suspend: () => void, reader: KeyboardReader | undefined): void {
  const key = input.type === "key" ? input.text : "";
  if (key === "ctrl-c") reader?.interrupt();
  else if (key === "ctrl-z") suspend();
  else if (reader?.keys[key]) reader.keys[key]();
  else reader?.input(input);
}

/** In raw mode the terminal echoes nothing, hands over each key, and marks what is pasted. */
function rawMode(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream) {
  let suspended: NodeJS.Timeout | undefined;

  function set(raw: boolean): void {
    clearTimeout(suspended);
    try {
      stdin.setRawMode(raw);
    } catch {
      // EIO: the terminal is gone. SIGHUP, or the end of stdin, says so too.
    }
    // The cursor is hidden while a turn shows what is typed.
    if (process.env.TERM !== "dumb") output.write(raw ? PASTE_MARKS_ON : SHOW_CURSOR + PASTE_MARKS_OFF);
  }

  return {
    on: () => set(true),
    off: () => set(false),
    /**
     * Ctrl-Z stops the whole process group, as the terminal itself would: pnpm waits in front of this process. Where
     * no shell could go on with it (`docker run`, `tmux new`), the system stops nothing.
     */
    suspend(): void {
      if (process.platform === "win32") return;
      set(false);
      process.kill(0, "SIGTSTP");
      suspended = setTimeout(set, 50, true);
    },
  };
}

/** What was typed for the agent must not be run by the shell. Node has no `tcflush`: everything that is there is read. */
function dropUnread(): void {
  let terminal: number | undefined;
  try {
    terminal = openSync("/dev/tty", constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    while (readSync(terminal, Buffer.alloc(4096)) > 0);
  } catch {
    // EAGAIN: there is no more. Windows has no such file.
  }
  if (terminal !== undefined) closeSync(terminal);
}
