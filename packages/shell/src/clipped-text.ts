/** Text that is taken in piece by piece, of which the start and the end are kept. */
export interface ClippedText {
  push(text: string): void;
  isClipped(): boolean;
  /** The text; when it is clipped, with a line in the middle that says how much is missing, and `where` it is. */
  text(where: string): string;
}

const HEAD = 8 * 1024;
const TAIL = 12 * 1024;

/** The longest text that is kept whole. In characters. */
export const LIMIT = HEAD + TAIL;

/** Keeps the first 8 K and the last 12 K characters, because errors come first or last. Its memory does not grow. */
export function clippedText(): ClippedText {
  let head = "";
  let tail = "";
  let length = 0;
  let lines = 0;

  function push(text: string): void {
    length += text.length;
    lines += countLines(text);
    const room = HEAD - head.length;
    head += text.slice(0, room);
    tail += text.slice(room);
    if (tail.length > 8 * TAIL) tail = tail.slice(-TAIL);
  }

  function text(where: string): string {
    if (length <= LIMIT) return (head + tail).toWellFormed();
    const start = upToLastLine(head);
    const end = fromFirstLine(tail.slice(-TAIL));
    const missing = describeMissing(
      lines - countLines(start) - countLines(end),
      length - start.length - end.length,
    );
    const gap = start.endsWith("\n") ? "" : "\n";
    return `${start}${gap}[… ${missing} left out${where && `; ${where}`} …]\n${end}`.toWellFormed();
  }

  return { push, text, isClipped: () => length > LIMIT };
}

/** A number of bytes, or of characters that stand for about as many, in the unit that suits it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function describeMissing(lines: number, length: number): string {
  if (lines === 0) return sizeOf(length);
  return `${lines} ${lines === 1 ? "line" : "lines"} (${sizeOf(length)})`;
}

/** A line that fills more than half of the head is cut, so that no long line hides all the others. */
function upToLastLine(head: string): string {
  const end = head.lastIndexOf("\n") + 1;
  return end > HEAD / 2 ? head.slice(0, end) : head;
}

function fromFirstLine(tail: string): string {
  const start = tail.indexOf("\n") + 1;
  return start < TAIL / 2 ? tail.slice(start) : tail;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
