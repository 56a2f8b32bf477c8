import { once } from "node:events";

/** What is written together. Between two different blocks there is one blank line. */
export type Block = string | symbol;

/** The two streams, laid out as the one page that they are when both are the terminal. */
export interface Screen {
  /** Writes on stdout, as part of `block`; resolves when there is room for more. */
  answer(block: Block, text: string): Promise<void>;
  /** Writes on stderr, as part of `block`; resolves when there is room for more. */
  note(block: Block, text: string): Promise<void>;
  /** Columns of the terminal, or 80. */
  columns(): number;
  /** Aborts when nobody reads stdout any longer (`| head -1`). */
  readonly unread: AbortSignal;
}

interface Page {
  last?: Block;
  midLine: boolean;
}

export function openScreen(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Screen {
  const notes: Page = { midLine: false };
  const answers: Page = stdout.isTTY && stderr.isTTY ? notes : { midLine: false };
  const stdoutClosed = closedSignal(stdout);
  const stderrClosed = closedSignal(stderr);

  return {
    answer: (block, text) => write(stdout, place(answers, block, text), stdoutClosed),
    note: (block, text) => write(stderr, place(notes, block, text), stderrClosed),
    columns: () => stderr.columns || 80,
    unread: stdoutClosed,
  };
}

/** The text with what must come before it: the end of an unfinished line, and the blank line between blocks. */
function place(page: Page, block: Block, text: string): string {
  let before = "";
  if (page.last !== block) {
    before = page.midLine ? "\n" : "";
    if (page.last !== undefined) before += "\n";
  }
  page.last = block;
  page.midLine = text !== "" && !text.endsWith("\n");
  return before + text;
}

/** A stream that fails is one that nobody reads: a closed pipe, a terminal that is gone. */
function closedSignal(stream: NodeJS.WriteStream): AbortSignal {
  const closed = new AbortController();
  stream.on("error", () => closed.abort());
  return closed.signal;
}

async function write(stream: NodeJS.WriteStream, text: string, closed: AbortSignal): Promise<void> {
  if (closed.aborted || stream.write(text)) return;
  await once(stream, "drain", { signal: closed }).catch(() => {});
}
