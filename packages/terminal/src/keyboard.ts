import { type Input, inputReader, PASTE_MARKS_OFF, PASTE_MARKS_ON } from "./paste.ts";

export const ESCAPE = "\x1b";
export const TAB = "\t";
export const CTRL_O = "\x0f";
const CTRL_C = "\x03";
const CTRL_Z = "\x1a";

/** What comes that soon after an Esc belongs to it: arrows and Alt begin with one too. */
const ESCAPE_MS = 30;

export interface KeyboardReader {
  input(input: Input): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Back from Ctrl-Z: the screen shows the shell's lines now. */
  resumed(): void;
  /** The terminal is gone. */
  ended(): void;
  /** Other keys that are not typed text, by what the terminal sends for them. */
  readonly keys: Readonly<Record<string, () => void>>;
}

export type Keyboard = ReturnType<typeof openKeyboard>;

/** The keyboard, for several readers: what is typed goes to the one who took it last. */
export function openKeyboard(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream) {
  const readers: KeyboardReader[] = [];
  let giveBack: (() => void) | undefined;

  return {
    /** Takes the keyboard from whoever has it, or from the shell, until the function that this gives is called. */
    take(reader: KeyboardReader): () => void {
      readers.push(reader);
      giveBack ??= takeFromShell(stdin, output, readers);
      return () => {
        const at = readers.indexOf(reader);
        if (at < 0) return;
        readers.splice(at, 1);
        if (readers.length > 0) return;
        giveBack?.();
        giveBack = undefined;
      };
    },
  };
}

/**
 * Takes the keyboard of a real terminal: from now on nothing is echoed, and Ctrl-C is a key. However the process
 * ends, the terminal is given back.
 */
function takeFromShell(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream, readers: KeyboardReader[]) {
  const read = inputReader();
  const escapes = wholeEscapes(onInput);

  function onInput(bytes: Buffer): void {
    for (const input of read(bytes)) {
      if (input.type === "paste") readers.at(-1)?.input(input);
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
    const reader = readers.at(-1);
    if (text === CTRL_C) reader?.interrupt();
    else if (text === CTRL_Z) suspend(stdin, output, () => readers.at(-1)?.resumed());
    else if (reader?.keys[text]) reader.keys[text]();
    else if (text !== "") reader?.input({ type: "keys", text });
  }

  function onEnd(): void {
    for (const reader of [...readers]) reader.ended();
  }

  function giveBack(): void {
    escapes.stop();
    process.off("exit", giveBack);
    stdin.off("data", escapes.take).off("end", onEnd).off("error", onEnd).pause();
    setRaw(stdin, output, false);
  }

  setRaw(stdin, output, true);
  stdin.on("data", escapes.take).on("end", onEnd).on("error", onEnd).resume();
  process.on("exit", giveBack);
  return giveBack;
}

/** Hands bytes on, but an Esc at their end only when nothing follows it: then it is the key. */
function wholeEscapes(handOn: (bytes: Buffer) => void) {
  let held = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;

  function release(): void {
    held = Buffer.alloc(0);
    handOn(Buffer.from(ESCAPE));
  }

  return {
    take(bytes: Buffer): void {
      clearTimeout(timer);
      const all = Buffer.concat([held, bytes]);
      const rest = all.at(-1) === ESCAPE.charCodeAt(0) ? all.length - 1 : all.length;
      held = all.subarray(rest);
      handOn(all.subarray(0, rest));
      if (held.length > 0) timer = setTimeout(release, ESCAPE_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

/** In raw mode the terminal echoes nothing, hands over each key, and marks what is pasted. */
function setRaw(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream, raw: boolean): void {
  if (process.env.TERM !== "dumb") output.write(raw ? PASTE_MARKS_ON : PASTE_MARKS_OFF);
  stdin.setRawMode(raw);
}

/** Ctrl-Z stops the whole process group, as the terminal itself would: pnpm waits in front of this process. */
function suspend(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream, resumed: () => void): void {
  if (process.platform === "win32") return;
  setRaw(stdin, output, false);
  process.once("SIGCONT", () => {
    setRaw(stdin, output, true);
    resumed();
  });
  process.kill(0, "SIGTSTP");
}
