import { closeSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of a file from a byte on, without their "\n", in constant memory. Only "\n" ends a line: JSON may hold
 * other line ends (U+2028) as they are. The last one need not end.
 */
export function* linesOf(file: string, from = 0): Generator<Buffer> {
  const fd = openSync(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let position = from;
    let pieces: Buffer[] = []; // of a line that began in an earlier chunk
    for (;;) {
      const bytes = chunk.subarray(0, readSync(fd, chunk, 0, CHUNK_BYTES, position));
      if (bytes.length === 0) break;
      position += bytes.length;
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield Buffer.concat([...pieces, bytes.subarray(start, end)]);
        pieces = [];
        start = end + 1;
      }
      if (start < bytes.length) pieces.push(Buffer.from(bytes.subarray(start)));
    }
    if (pieces.length > 0) yield Buffer.concat(pieces);
  } finally {
    closeSync(fd);
  }
}
