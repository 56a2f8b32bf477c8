import { once } from "node:events";

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
  makeRoom(): void;
  /** Writes in the place of a prompt that was erased, and sets the next one apart. */
  aside(text: string): void;
  /** Columns of the terminal, or 80. */
  columns(): number;
  /** Aborts when nobody reads stdout any longer (`| head -1`). */
  readonly unread: AbortSignal;
}

/** A stream, and what stands last on the page that it writes on. */
interface Sheet {
  readonly stream: NodeJS.WriteStream;
  readonly page: { last?: Block; midLine: boolean };
  /** Aborts when nobody reads it: the pipe is closed, the terminal is gone. */
  readonly unread: AbortSignal;
}

export function openScreen(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Screen {
  const notes = sheetOf(stderr, { midLine: false });
  const answers = sheetOf(stdout, stdout.isTTY && stderr.isTTY ? notes.page : { midLine: false });
  const prompts = stdout.isTTY && !stderr.isTTY ? answers : notes;
  process.on("exit", () => {
    for (const { stream, page } of [notes, answers]) if (page.midLine && stream.isTTY) stream.write("\n");
  });

  return {
    answer: (block, text) => write(answers, place(answers, block, text)),
    note: (block, text) => write(notes, place(notes, block, text)),
    async drained(signal) {
      await drained(answers, signal);
      await drained(notes, signal);
    },
    prompts: prompts.stream,
    aside: (text) => write(prompts, place(prompts, "prompt", `${text}\n`)),
    makeRoom: () => write(prompts, place(prompts, "prompt", "")),
    columns: () => prompts.stream.columns || 80,
    unread: answers.unread,
  };
}

function sheetOf(stream: NodeJS.WriteStream, page: Sheet["page"]): Sheet {
  const unread = new AbortController();
  stream.on("error", () => unread.abort());
  return { stream, page, unread: unread.signal };
}

/** The text with what must come before it: the end of an unfinished line, and the blank line between blocks. */
function place({ page }: Sheet, block: Block, text: string): string {
  let before = "";
  if (page.last !== block) {
    before = page.midLine ? "\n" : "";
    if (page.last !== undefined) before += "\n";
  }
  page.last = block;
  page.midLine = text !== "" && !text.endsWith("\n");
  return before + text;
}

function write({ stream, unread }: Sheet, text: string): void {
  if (!unread.aborted) stream.write(text);
}

async function drained({ stream, unread }: Sheet, signal: AbortSignal): Promise<void> {
  if (unread.aborted || !stream.writableNeedDrain) return;
  await once(stream, "drain", { signal }).catch(() => {}); // aborted, or nobody reads any longer
}
