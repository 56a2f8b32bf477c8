import { once } from "node:events";
import { openFooter } from "./footer.ts";
import { paintFor, type StyledText } from "./markdown/styled-text.ts";
import { safeLine } from "./safe-text.ts";

/** What is written together. Between two different blocks there is one blank line. */
export type Block = string | symbol;

export type Screen = ReturnType<typeof openScreen>;

/** A stream, and what was written last where it is shown. */
interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly end: { last?: Block; midLine: boolean };
  /** Aborts when nobody reads it: the pipe is closed, the terminal is gone. */
  readonly unread: AbortSignal;
}

/** The two streams, laid out as the one page that they are when both are the terminal. */
export function openScreen(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream) {
  const notes = outputOf(stderr, { midLine: false });
  const answers = outputOf(stdout, stdout.isTTY && stderr.isTTY ? notes.end : { midLine: false });
  const prompts = stdout.isTTY && !stderr.isTTY ? answers : notes;
  const paint = paintFor(stderr);
  const { hide, ...spinner } = openFooter(stderr);
  const { put, cover } = openCover(prompts.stream, spinner.cover);
  process.on("uncaughtExceptionMonitor", spinner.stop);
  process.on("exit", () => [notes, answers].forEach(endLine));

  function writeAbove(output: Output, block: Block, text: string): void {
    const whole = startOf(output, block) + text;
    hide(output.stream.isTTY ? whole : "");
    write(output, block, whole);
    spinner.draw();
  }

  return {
    /** Writes on stdout, as part of `block`. */
    answer: (block: Block, text: string) => put(() => writeAbove(answers, block, text)),
    /** Writes on stderr, as part of `block`. */
    note: (block: Block, shown: string | readonly StyledText[]) =>
      put(() => writeAbove(notes, block, typeof shown === "string" ? shown : paint(shown))),
    /** Waits for readers that are slower than the model, until the signal aborts. */
    drained: (signal: AbortSignal) => Promise.all([drained(answers, signal), drained(notes, signal)]),
    /** Where the user types: stderr, or stdout when that is the terminal and stderr is not. */
    prompts: prompts.stream,
    /** Says on stderr what is waited for, and what is typed meanwhile. It makes way for whatever is written. */
    spinner,
    /** Whether that line is drawn: not in a pipe, and not on a dumb terminal. */
    hasSpinner: stderr.isTTY && process.env.TERM !== "dumb",
    /** Writes in the place of a prompt that was erased, and sets the next one apart. */
    writeAtPrompt: (text: string) =>
      put(() => write(prompts, "prompt", `${startOf(prompts, "prompt")}${text}\n`)),
    /** Sets a prompt apart from what is above it. The prompt then ends its own line. */
    beginPrompt: () => write(prompts, "prompt", startOf(prompts, "prompt")),
    /** Lets something else have the second page: what is written waits until the function that this gives is called. */
    cover,
    /** Rings, where somebody may have looked away, and has the desktop show the words. */
    ring: (words: string) => void (prompts.stream.isTTY && prompts.stream.write(`\x07${noticeOf(words)}`)),
    columns: () => prompts.stream.columns || 80,
    rows: () => prompts.stream.rows || 24,
    /** Aborts when nobody reads stdout any longer (`| head -1`). */
    unread: answers.unread,
  };
}

/** A terminal's second page is without what was scrolled away: the first is as it was when that is left. */
export const SECOND_PAGE = "\x1b[?1049h";
const FIRST_PAGE = "\x1b[?1049l";

/** What is written waits while something else has the second page, or all there is. */
function openCover(output: NodeJS.WriteStream, coverFooter: () => () => void) {
  const hasPages = process.env.TERM !== "dumb";
  let waiting: (() => void)[] | undefined;
  return {
    put: (write: () => void) => void (waiting ? waiting.push(write) : write()),
    cover() {
      const uncoverFooter = coverFooter();
      waiting = [];
      if (hasPages) output.write(SECOND_PAGE);
      function uncover(): void {
        process.off("exit", uncover);
        if (hasPages) output.write(FIRST_PAGE);
        const all = waiting ?? [];
        waiting = undefined;
        for (const write of all) write();
        uncoverFooter();
      }
      process.on("exit", uncover);
      return uncover;
    },
  };
}

/**
 * OSC 9, for terminals that are known to show it: https://iterm2.com/documentation-escape-codes.html. To others it is a
 * progress bar (Windows Terminal's 9;4), or rubbish; tmux and screen do not pass it on.
 */
export function noticeOf(words: string, { TERM = "", TERM_PROGRAM = "", TMUX, STY } = process.env): string {
  const shows =
    /^(iTerm\.app|WezTerm|ghostty|WarpTerminal)$/.test(TERM_PROGRAM) ||
    /^(xterm-kitty|xterm-ghostty|wezterm)$/.test(TERM);
  return shows && !TMUX && !STY ? `\x1b]9;${safeLine(words)}\x1b\\` : "";
}

function endLine({ stream, end }: Output): void {
  if (end.midLine && stream.isTTY) stream.write("\n");
}

function outputOf(stream: NodeJS.WriteStream, end: Output["end"]): Output {
  const unread = new AbortController();
  stream.on("error", () => unread.abort());
  return { stream, end, unread: unread.signal };
}

/** What must come before a block: the end of an unfinished line, and the blank line between blocks. */
function startOf({ end: { last, midLine } }: Output, block: Block): string {
  if (last === block) return "";
  return (midLine ? "\n" : "") + (last === undefined ? "" : "\n");
}

function write({ stream, end, unread }: Output, block: Block, text: string): void {
  end.last = block;
  if (text !== "") end.midLine = !text.endsWith("\n");
  if (!unread.aborted) stream.write(text);
}

async function drained({ stream, unread }: Output, signal: AbortSignal): Promise<void> {
  if (unread.aborted || !stream.writableNeedDrain) return;
  await once(stream, "drain", { signal }).catch(() => {}); // aborted, or nobody reads any longer
}
