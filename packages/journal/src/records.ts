import { closeSync, openSync, readSync, statSync } from "node:fs";

/** A line of a journal: a JSON object that says what it is. */
export interface JournalRecord {
  readonly type: string;
}

/**
 * Hands on every record, in order. A damaged line (torn, overwritten, or two glued together) is lost, and so is a record that
 * `take` throws at, which must not have applied any of it. No other record is lost.
 * @returns how many lines are lost
 */
export function readRecords<Known extends JournalRecord>(
  file: string,
  take: (record: Known) => void,
): number {
  let damaged = 0;
  for (const line of linesOf(file)) {
    if (line.length === 0) continue;
    const record = parseRecord(line);
    try {
      if (record) take(record as Known);
      else damaged++;
    } catch {
      damaged++;
    }
  }
  return damaged;
}

/**
 * The value, if it has the fields of the example, each of the same type; a number must be a count. Each item of an array must be
 * like the one item in the example's array.
 * @throws TypeError if not: then the line that held it is damaged
 */
export function sameShape<Shape>(example: Shape, value: Shape): Shape {
  const kindOf = (each: unknown) => (Array.isArray(each) ? "array" : each === null ? "null" : typeof each);
  if (kindOf(value) !== kindOf(example)) throw new TypeError("A field is not what it should be.");
  if (typeof value === "number" && !(Number.isSafeInteger(value) && value >= 0))
    throw new TypeError("A number is not a count.");
  if (typeof example !== "object") return value;
  const found = new Map<string, unknown>(Object.entries(value ?? {}));
  for (const [name, expected] of Object.entries(example ?? {})) {
    const alike = Array.isArray(example) ? found.values() : [found.get(name)];
    for (const each of alike) sameShape<unknown>(expected, each);
  }
  return value;
}

/** The first record of a type. */
export function firstRecord<Wanted extends JournalRecord>(file: string, type: Wanted["type"]) {
  const [first] = recordsOf<Wanted>(file, [type]);
  return first;
}

/** The last record of a type, looked for in ever longer ends of the file: the file may be large, and this near its end. */
export function lastRecord<Wanted extends JournalRecord>(file: string, type: Wanted["type"]) {
  const { size } = statSync(file);
  for (let end = 64 * 1024; ; end *= 8) {
    let last: Wanted | undefined;
    for (const record of recordsOf<Wanted>(file, [type], Math.max(0, size - end))) last = record;
    if (last || end >= size) return last;
  }
}

/** The records of some types; lines that are of none are not even parsed. */
export function* recordsOf<Wanted extends JournalRecord>(
  file: string,
  types: readonly Wanted["type"][],
  from = 0,
): Generator<Wanted> {
  for (const line of linesOf(file, from)) {
    if (!types.some((type) => line.includes(`"type":"${type}"`))) continue;
    const record = parseRecord(line);
    if (record && types.includes(record.type)) yield record as Wanted;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parseRecord(line: Buffer): JournalRecord | undefined {
  try {
    const value: Partial<JournalRecord> | null = JSON.parse(utf8.decode(line));
    return typeof value?.type === "string" ? (value as JournalRecord) : undefined;
  } catch {
    return undefined;
  }
}

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
