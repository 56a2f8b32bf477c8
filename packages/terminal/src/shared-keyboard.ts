import { type Keyboard, type KeyboardEvents, openKeyboard } from "./keyboard.ts";

/** The keyboard, for several readers: what is typed goes to the one who took it last. */
export interface SharedKeyboard {
  /** Takes the keyboard from whoever has it, or from the shell, until it is closed. */
  take(reader: KeyboardEvents): Keyboard;
}

export function shareKeyboard(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream): SharedKeyboard {
  const readers: KeyboardEvents[] = [];
  let keyboard: Keyboard | undefined;

  const events: KeyboardEvents = {
    input: (input) => readers.at(-1)?.input(input),
    interrupt: () => readers.at(-1)?.interrupt(),
    resumed: () => readers.at(-1)?.resumed(),
    ended() {
      for (const reader of [...readers]) reader.ended();
    },
    get keys() {
      return readers.at(-1)?.keys;
    },
  };

  return {
    take(reader) {
      readers.push(reader);
      keyboard ??= openKeyboard(stdin, output, events);
      return {
        close() {
          const at = readers.indexOf(reader);
          if (at < 0) return;
          readers.splice(at, 1);
          if (readers.length > 0) return;
          keyboard?.close();
          keyboard = undefined;
        },
      };
    },
  };
}
