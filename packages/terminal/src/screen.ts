import { once } from "node:events";
import { openSpinner, type Spinner } from "./spinner.ts";

/** What is written together. Between two different blocks there is one blank line. */
export type Block = string | symbol;

/** The two streams, laid out as the one page that they are when both are the terminal. */
export interface Screen {
  /** Writes on stdout, as part of `block`. */
  answer(block: Block, text: string): void;
  /** Writes on stderr, as part of `block`. */
  note(block: Block, text: string): void;
  /** Waits for readers that are slower than the model, until the signal aborts. */
  drained(signal: AbortSignal): Promise<void>;
  /** Where the user types: stderr, or stdout when that is the terminal and stderr is not. */
  readonly prompts: NodeJS.WriteStream;
  /** Sets a prompt apart from what is above it. The prompt then ends its own line. */
  beginPrompt(): void;
  /** Writes in the place of a prompt that was erased, and sets the next one apart. */
  writeAtPrompt(text: string): void;
  /** Says on stderr what is waited for. It is gone before anything else is written. */
  readonly spinner: Spinner;
  /** Columns of the terminal, or 80. */
  columns(): number;
  /** Aborts when nobody reads stdout any longer (`| head -1`). */
  readonly unread: AbortSignal;
}

/** A stream, and what was written last where it is shown. */
interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly end: { last?: Block; midLine: boolean };
  /** Aborts when nobody reads it: the pipe is closed, the terminal is gone. */
  readonly unread: AbortSignal;
}

export function openScreen(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Screen {
  const notes = outputOf(stderr, { midLine: false });
  const answers = outputOf(stdout, stdout.isTTY && stderr.isTTY ? notes.end : { midLine: false });
  const prompts = stdout.isTTY && !stderr.isTTY ? answers : notes;
  const spinner = openSpinner(stderr);
  process.on("exit", () => {
    for (const { stream, end } of [notes, answers]) if (end.midLine && stream.isTTY) stream.write("\n");
  });

  return {
    answer(block, text) {
      spinner.hide();
      if (stdout.isTTY) spinner.wrote(text);
      write(answers, spaced(answers, block, text));
    },
    note(block, text) {
      spinner.hide();
      spinner.wrote(text);
      write(notes, spaced(notes, block, text));
    },
    async drained(signal) {
      await drained(answers, signal);
      await drained(notes, signal);
    },
    prompts: prompts.stream,
    spinner,
    writeAtPrompt: (text) => write(prompts, spaced(prompts, "prompt", `${text}\n`)),
    beginPrompt: () => write(prompts, spaced(prompts, "prompt", "")),
    columns: () => prompts.stream.columns || 80,
    unread: answers.unread,
  };
}

function outputOf(stream: NodeJS.WriteStream, end: Output["end"]): Output {
  const unread = new AbortController();
  stream.on("error", () => unread.abort());
  return { stream, end, unread: unread.signal };
}

/** The text with what must come before it: the end of an unfinished line, and the blank line between blocks. */
function spaced({ end }: Output, block: Block, text: string): string {
  let before = "";
  if (end.last !== block) {
    before = end.midLine ? "\n" : "";
    if (end.last !== undefined) before += "\n";
  }
  end.last = block;
  end.midLine = text !== "" && !text.endsWith("\n");
  return before + text;
}

function write({ stream, unread }: Output, text: string): void {
  if (!unread.aborted) stream.write(text);
}

async function drained({ stream, unread }: Output, signal: AbortSignal): Promise<void> {
  if (unread.aborted || !stream.writableNeedDrain) return;
  await once(stream, "drain", { signal }).catch(() => {}); // aborted, or nobody reads any longer
}
