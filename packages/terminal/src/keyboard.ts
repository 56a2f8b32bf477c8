import { type Input, inputReader, pasteMarksOff, pasteMarksOn } from "./paste.ts";

const CTRL_C = "\x03";
const CTRL_Z = "\x1a";
const ESCAPE = Buffer.from("\x1b");

/** What comes that soon after an Esc belongs to it: arrows and Alt begin with one too. */
const ESCAPE_MS = 30;

export interface KeyboardEvents {
  input(input: Input): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Back from Ctrl-Z: the screen shows the shell's lines now. */
  resumed(): void;
  /** The terminal is gone. */
  ended(): void;
  /** Other keys that are not typed text, by what the terminal sends for them. */
  readonly keys?: Readonly<Record<string, () => void>> | undefined;
}

export interface Keyboard {
  /** Gives the terminal back as it was. */
  close(): void;
}

/**
 * Takes the keyboard of a real terminal: from now on nothing is echoed, and Ctrl-C is a key. However the process
 * ends, the terminal is given back.
 */
export function openKeyboard(
  stdin: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  events: KeyboardEvents,
): Keyboard {
  const read = inputReader();
  const escapes = wholeEscapes(onInput);

  function onInput(bytes: Buffer): void {
    for (const input of read(bytes)) {
      if (input.type === "paste") events.input(input);
      else onText(input.text);
    }
  }

  function onText(text: string): void {
    const enter = text.indexOf(`\r${CTRL_C}`) + 1;
    const now = enter > 0 ? text.slice(0, enter) : text;
    for (const part of now.split(/([\cC\cI\cO\cZ])/)) onKeys(part);
    // An Enter starts its turn after this read: only then is there something for the Ctrl-C behind it to stop.
    if (enter > 0) setImmediate(() => onText(text.slice(enter)));
  }

  function onKeys(text: string): void {
    if (text === CTRL_C) events.interrupt();
    else if (text === CTRL_Z) suspend(stdin, output, events.resumed);
    else if (events.keys?.[text]) events.keys[text]();
    else if (text !== "") events.input({ type: "keys", text });
  }

  function close(): void {
    escapes.stop();
    process.off("exit", close);
    stdin.off("data", escapes.take).off("end", events.ended).off("error", events.ended).pause();
    release(stdin, output);
  }

  take(stdin, output);
  stdin.on("data", escapes.take).on("end", events.ended).on("error", events.ended).resume();
  process.on("exit", close);
  return { close };
}

/** Hands bytes on, but an Esc at their end only when nothing follows it: then it is the key. */
function wholeEscapes(handOn: (bytes: Buffer) => void) {
  let held = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;

  function release(): void {
    held = Buffer.alloc(0);
    handOn(ESCAPE);
  }

  return {
    take(bytes: Buffer): void {
      clearTimeout(timer);
      const all = Buffer.concat([held, bytes]);
      const rest = all.at(-1) === ESCAPE[0] ? all.length - 1 : all.length;
      held = all.subarray(rest);
      handOn(all.subarray(0, rest));
      if (held.length > 0) timer = setTimeout(release, ESCAPE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

function take(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream): void {
  stdin.setRawMode(true);
  if (process.env.TERM !== "dumb") output.write(pasteMarksOn);
}

function release(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream): void {
  if (process.env.TERM !== "dumb") output.write(pasteMarksOff);
  stdin.setRawMode(false);
}

/** Ctrl-Z stops the whole process group, as the terminal itself would: pnpm waits in front of this process. */
function suspend(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream, resumed: () => void): void {
  if (process.platform === "win32") return;
  release(stdin, output);
  process.once("SIGCONT", () => {
    take(stdin, output);
    resumed();
  });
  process.kill(0, "SIGTSTP");
}
