import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";

/** An agent in a terminal, and someone who types. */
export interface Conversation {
  press(keys: string): void;
  /** Waits for a text on the screen since the last keys; returns the time at which it came. */
  shows(text: string): Promise<number>;
  /** Waits for the prompt since the last keys; returns the time at which it came. */
  prompt(): Promise<number>;
  /** Ctrl-D: leaves. */
  leave(): Promise<void>;
}

const PATIENCE_MS = 20_000;
/** How much of what was printed last is looked at. */
const KEPT = 4000;

export function openConversation(
  [file = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Conversation {
  const terminal = spawn(file, args, { cols: 80, rows: 24, env });
  let output = "";
  let look: (screen: string) => void = () => {};
  const ended = new Promise<void>((resolve) => {
    terminal.onExit(() => resolve());
  });
  const screenNow = () => stripVTControlCharacters(output);
  terminal.onData((data) => {
    output = (output + data).slice(-KEPT);
    look(screenNow());
  });

  function until(what: string, holds: (screen: string) => boolean): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const fail = () => reject(new Error(`no sign of ${what}: ${screenNow()}`));
    const patience = setTimeout(fail, PATIENCE_MS);
    void ended.then(fail);
    look = (screen) => {
      if (holds(screen)) resolve(performance.now());
    };
    look(screenNow());
    return promise.finally(() => clearTimeout(patience));
  }

  return {
    press(keys) {
      output = "";
      terminal.write(keys);
    },
    shows: (text) => until(text, (screen) => screen.replaceAll(/\s+/g, " ").includes(text)),
    prompt: () => until("the prompt", (screen) => screen.trimEnd().endsWith("›")),
    leave() {
      terminal.write("\x04");
      return ended;
    },
  };
}
