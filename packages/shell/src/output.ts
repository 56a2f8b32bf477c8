import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { fsReason, makeStateFolder } from "@eightfold/workspace";
import { textCleaner } from "./clean-text.ts";

/** What is kept of the start and of the end of a long text, because errors come first or last. In characters. */
const HEAD = 8 * 1024;
const TAIL = 12 * 1024;
const LIMIT = HEAD + TAIL;

/** As git does: what has a NUL near its start is binary. In bytes. */
const SNIFFED = 8 * 1024;

/** What comes after that many bytes is dropped from a file: a program that prints for ever must not fill the disk. */
const MAX_FILE_BYTES = 50 * 1024 * 1024;

/** A file that is older is removed when another one comes. In milliseconds. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export type ClippedOutput = ReturnType<typeof clippedOutput>;

/**
 * One stream of a command's output: short enough to be read, with the whole of it in a file when it was long.
 * @param root the workspace, in whose state folder that file is
 * @param stream "stdout" or "stderr"
 * @param onText is told its text line by line, as it becomes certain
 */
export function clippedOutput(root: string, stream: string, onText: (text: string) => void = () => {}) {
  const decoder = new StringDecoder("utf8");
  const cleaner = textCleaner();
  const kept = clippedText();
  const early: Buffer[] = []; // until it is clear whether there will be a file
  let file: ReturnType<typeof outputFile> | undefined;
  let bytes = 0;
  let binary = false;

  function keep(text: string): void {
    kept.push(text);
    onText(text);
  }

  /** Takes the next piece. Resolves when it is ready for another; never rejects. */
  async function add(chunk: Buffer): Promise<void> {
    if (bytes < SNIFFED && chunk.subarray(0, SNIFFED - bytes).includes(0)) binary = true;
    bytes += chunk.length;
    if (binary) return;
    keep(cleaner.push(decoder.write(chunk)));
    if (file) return file.write(chunk);
    early.push(chunk);
    if (bytes <= LIMIT) return;
    file = outputFile(root, stream);
    return file.write(Buffer.concat(early.splice(0)));
  }

  /** Ends the stream and returns its text, without the white space at its end. */
  async function text(): Promise<string> {
    if (binary) return `[binary output, ${sizeOf(bytes)}, not shown]`;
    keep(cleaner.push(decoder.end()) + cleaner.end());
    const where = await file?.close(kept.isClipped());
    return kept.text(where ?? "").trimEnd();
  }

  return { add, text, bytes: () => bytes };
}

/** Text that comes piece by piece, of which the start and the end are kept. Its memory does not grow. */
export function clippedText() {
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

  /** The text; when it is clipped, with a line in the middle that says how much is missing, and `where` it is. */
  function text(where: string): string {
    if (length <= LIMIT) return (head + tail).toWellFormed();
    // A line that fills more than half of the head, or of the tail, is cut: no long line hides all the others.
    const last = tail.slice(-TAIL);
    const headEnd = head.lastIndexOf("\n") + 1;
    const tailStart = last.indexOf("\n") + 1;
    const start = headEnd > HEAD / 2 ? head.slice(0, headEnd) : head;
    const end = tailStart < TAIL / 2 ? last.slice(tailStart) : last;
    const missing = lines - countLines(start) - countLines(end);
    const size = sizeOf(length - start.length - end.length);
    const what = missing === 0 ? size : `${missing} ${missing === 1 ? "line" : "lines"} (${size})`;
    const gap = start.endsWith("\n") ? "" : "\n";
    return `${start}${gap}[… ${what} left out${where && `; ${where}`} …]\n${end}`.toWellFormed();
  }

  return { push, text, isClipped: () => length > LIMIT };
}

/** A number of bytes, or of characters that stand for about as many, in the unit that suits it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const countLines = (text: string): number => text.split("\n").length - 1;

/** A new file in the state folder, which only its owner can read: it takes a stream as the program wrote it. */
function outputFile(root: string, stream: string) {
  const name = `${timestamp()}-${crypto.randomUUID().slice(0, 6)}.${stream}.txt`;
  let file: FileHandle | undefined;
  let path = "";
  let size = 0;
  let isCut = false;
  let failure: string | undefined;
  let last = Promise.resolve();

  async function create(): Promise<FileHandle> {
    const folder = join(await makeStateFolder(root), "output");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeOld(folder);
    path = join(folder, name);
    return open(path, "wx", 0o600);
  }

  async function append(bytes: Buffer): Promise<void> {
    if (failure !== undefined) return;
    const fitting = bytes.subarray(0, MAX_FILE_BYTES - size);
    if (fitting.length < bytes.length) isCut = true;
    try {
      file ??= await create();
      await file.writeFile(fitting);
      size += fitting.length;
    } catch (error) {
      failure = fsReason(error);
    }
  }

  /** Adds bytes; resolves when they are written. Never rejects. */
  function write(bytes: Buffer): Promise<void> {
    last = last.then(() => append(bytes));
    return last;
  }

  /** Ends the file, or takes it away again. Returns a clause that says where the output is. Never rejects. */
  async function close(isKept: boolean): Promise<string> {
    await last;
    await file?.close().catch(() => {});
    if (failure !== undefined || !isKept) await rm(path, { force: true }).catch(() => {});
    if (failure !== undefined) return `it could not be kept: ${failure}`;
    return `${isCut ? "the first 50 MB are" : "all of it is"} in ${path}`;
  }

  return { write, close };
}

const FILE_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{6}\.std(?:out|err)\.txt$/;

/** "2026-11-20T12-35-55": sorts by time, and is a legal file name everywhere. */
function timestamp(at = Date.now()): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
}

async function removeOld(folder: string): Promise<void> {
  const oldest = timestamp(Date.now() - KEPT_MS); // the names begin with the time
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => FILE_NAME.test(name) && name < oldest);
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true }).catch(() => {})));
}
