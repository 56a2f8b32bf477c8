import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { type Input, inputReader, pasteMarksOff, pasteMarksOn } from "./paste.ts";
import { pastedTexts } from "./pasted-texts.ts";

const CTRL_C = "\x03";
const CTRL_Z = "\x1a";
const ALT_ENTER = "\x1b\r";

/** The keyboard. While nothing is asked for, keys are kept for the next line, and not echoed. */
export interface LineInput {
  /**
   * Asks for a request: a line, or several where each but the last ends in a backslash. Undefined when the user
   * leaves with Ctrl-D, and after `close`.
   */
  ask(prompt: string, nextPrompt: string): Promise<string | undefined>;
  /** Drops the keys kept so far. */
  dropKeys(): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

/**
 * Takes the keyboard of a real terminal. node:readline edits the line and is handed the keys; pastes go around it,
 * since it takes them for typing: each newline would submit, and each character would redraw the line.
 * `onInterrupt` is Ctrl-C where there is no line to clear.
 */
export function openLineInput(
  stdin: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  onInterrupt: () => void,
): LineInput {
  const keys = new Readable({ read() {} });
  const editor = createInterface({ input: keys, output, terminal: true, historySize: 500 });
  const pastes = pastedTexts();
  const read = inputReader();
  const earlierLines: string[] = [];
  let kept: Input[] = [];
  let asking: { prompt: string; nextPrompt: string; resolve: (request?: string) => void } | undefined;
  let closed = false;

  function onBytes(bytes: Buffer): void {
    for (const input of read(bytes)) {
      if (input.type === "paste") keep(input);
      else for (const part of input.text.split(/([\cC\cZ])/)) onKeys(part);
    }
  }

  function onKeys(text: string): void {
    if (text === CTRL_C) interrupt();
    else if (text === CTRL_Z) suspend();
    else if (text !== "") keep({ type: "keys", text: text.replaceAll(ALT_ENTER, "\\\r") });
  }

  function keep(input: Input): void {
    kept.push(input);
    feed();
  }

  /** Hands the editor what was kept, up to the end of a line: what follows belongs to the next question. */
  function feed(): void {
    while (asking) {
      const input = kept.shift();
      if (!input) return;
      if (input.type === "paste") {
        editor.write(pastes.insert(input.text));
      } else {
        const end = input.text.search(/[\r\n]/) + 1 || input.text.length;
        if (end < input.text.length) kept.unshift({ type: "keys", text: input.text.slice(end) });
        keys.push(input.text.slice(0, end));
      }
    }
  }

  function onLine(line: string): void {
    if (!asking) return;
    if (line.endsWith("\\")) {
      earlierLines.push(pastes.expand(line.slice(0, -1)));
      prompt(asking.nextPrompt);
      return;
    }
    const request = [...earlierLines.splice(0), pastes.expand(line)].join("\n");
    const { resolve } = asking;
    asking = undefined;
    resolve(request);
  }

  function prompt(text: string): void {
    editor.setPrompt(text);
    editor.prompt();
  }

  function interrupt(): void {
    if (!asking || (editor.line === "" && earlierLines.length === 0)) {
      onInterrupt();
      return;
    }
    earlierLines.length = 0;
    editor.setPrompt(asking.prompt);
    editor.write(null, { ctrl: true, name: "e" });
    editor.write(null, { ctrl: true, name: "u" });
    editor.prompt(true);
  }

  /** A mark that stands for a paste goes as a whole: readline has just deleted its last character. */
  function onKeypress(_: string, key: { name?: string }): void {
    if (key.name !== "backspace") return;
    const rest = pastes.brokenMarkAtEnd(editor.line.slice(0, editor.cursor));
    for (let left = rest.length; left > 0; left--) editor.write(null, { name: "backspace" });
  }

  function take(): void {
    stdin.setRawMode(true);
    output.write(pasteMarksOn);
  }

  function release(): void {
    output.write(pasteMarksOff);
    stdin.setRawMode(false);
  }

  /** Ctrl-Z stops the whole group, as the terminal would: pnpm waits in front of this process. */
  function suspend(): void {
    if (process.platform === "win32") return;
    release();
    process.once("SIGCONT", () => {
      take();
      if (asking) editor.prompt(true);
    });
    process.kill(0, "SIGTSTP");
  }

  function close(): void {
    if (closed) return;
    closed = true;
    if (asking) output.write("\n");
    asking?.resolve();
    asking = undefined;
    editor.close();
    release();
    stdin.off("data", onBytes).pause();
  }

  editor.on("line", onLine).on("close", close);
  keys.on("keypress", onKeypress);
  stdin.on("data", onBytes).on("end", close).on("error", close);
  process.on("exit", close);
  take();

  return {
    ask(first, nextPrompt) {
      if (closed) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        asking = { prompt: first, nextPrompt, resolve };
        prompt(first);
        feed();
      });
    },
    dropKeys() {
      kept = [];
    },
    close,
  };
}
