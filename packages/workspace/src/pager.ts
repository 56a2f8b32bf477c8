import { cutEnd } from "./cut.ts";

/** A page ends after this many lines, or before the line that would take it over the bytes. */
export const PAGE_LINES = 2000;
export const PAGE_BYTES = 50 * 1024;
/** UTF-16 units. */
export const LINE_LENGTH = 2000;

export interface Page {
  readonly lines: string[];
  /** The numbers of the lines that were cut. */
  readonly cut: number[];
  /** How many lines the text has. */
  readonly total: number;
}

export interface Pager {
  push(text: string): void;
  end(): Page;
}

/** Picks one page of lines out of a text that comes in pieces. A line ends with LF, CRLF or CR. */
export function createPager(first: number, limit: number): Pager {
  const lines: string[] = [];
  const cut: number[] = [];
  let number = 1;
  let line = "";
  let bytesLeft = PAGE_BYTES;

  const wanted = () => number >= first && lines.length < limit && bytesLeft > 0;

  function endLine(): void {
    if (wanted()) takeLine();
    number++;
    line = "";
  }

  function takeLine(): void {
    const text = cutEnd(line, LINE_LENGTH);
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > bytesLeft) {
      bytesLeft = 0;
      return;
    }
    bytesLeft -= bytes;
    lines.push(text);
    if (text.length < line.length) cut.push(number);
  }

  function keep(part: string): void {
    // One character too many tells that the line is to be cut.
    if (wanted()) line += part.slice(0, LINE_LENGTH + 1 - line.length);
  }

  const splitter = splitLines(keep, endLine);
  return {
    push: splitter.push,
    end() {
      splitter.end();
      return { lines, cut, total: number - 1 };
    },
  };
}

/** Finds the lines of a text that comes in pieces: hands on their parts, and says where each one ends. */
function splitLines(onPart: (part: string) => void, onEnd: () => void) {
  let heldCr = "";
  let open = false;

  return {
    push(text: string): void {
      let piece = heldCr + text;
      heldCr = piece.endsWith("\r") ? "\r" : "";
      if (heldCr) piece = piece.slice(0, -1);
      if (piece.includes("\r")) piece = piece.replace(/\r\n?/g, "\n");
      let start = 0;
      for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
        onPart(piece.slice(start, end));
        onEnd();
        start = end + 1;
        open = false;
      }
      if (start < piece.length) open = true;
      onPart(piece.slice(start));
    },
    end(): void {
      if (heldCr || open) onEnd();
    },
  };
}
