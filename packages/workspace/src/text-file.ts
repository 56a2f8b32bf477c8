import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { fileKind, fsError, isMissing } from "./fs-errors.ts";
import { type ResolvedPath, statIfThere } from "./guard.ts";
import { missingFile } from "./list.ts";
import { finishSaves, JUST_THIS } from "./unfinished.ts";
import type { Workspace } from "./workspace.ts";

/** A file whole in memory, about to be changed. */
export interface LoadedText {
  /** As it is on disk: byte order mark, line ends and all. */
  readonly text: string;
  /**
   * Of the content alone: an mtime changes on a checkout that changes nothing, and can stay the same on a fast write
   * that does.
   */
  readonly fingerprint: string;
  readonly stats: Stats;
}

const CHUNK_BYTES = 256 * 1024;
/** Of a larger file no more is read than what is asked for. */
const MAX_READ_WHOLE = 10_000_000;
const MAX_CHARACTERS = 50_000_000;

/**
 * Reads a text file from end to end in constant memory, handing on its text piece by piece, a byte order mark
 * included. No piece ends inside a character. A large file is read only until `take` says that it has enough.
 * @throws for whatever is not a file of UTF-8 text, or of UTF-16 with a byte order mark, and says what it is.
 */
export async function scanText(
  workspace: Workspace,
  place: ResolvedPath,
  take: (text: string) => boolean,
  signal?: AbortSignal,
) {
  const { createHash } = await import("node:crypto");
  let handle: FileHandle | undefined;
  await finishSaves();
  try {
    // Opening a pipe waits for its writer, and a device never ends.
    refuseOtherThanFile(await stat(place.raw ?? place.absolute), place);
    // What was a file a moment ago may be a pipe or a link now: neither is waited for or followed.
    handle = await open(place.raw ?? place.absolute, constants.O_RDONLY | JUST_THIS);
    const stats = await handle.stat();
    refuseOtherThanFile(stats, place);
    const encoding = encodingOf((await handle.read(Buffer.alloc(2), 0, 2, 0)).buffer);
    const decode = decoderOf(encoding, place, stats);
    const fingerprint = createHash("sha256");
    const chunks: AsyncIterable<Buffer> = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES });
    for await (const bytes of chunks) {
      signal?.throwIfAborted();
      fingerprint.update(bytes);
      if (take(decode(bytes)) && isLarge(stats)) return { encoding, fingerprint: "", stats, isWhole: false };
    }
    take(decode());
    return { encoding, fingerprint: fingerprint.digest("hex"), stats, isWhole: true };
  } catch (error) {
    if (isMissing(error)) throw await missingFile(workspace, place);
    throw fsError(error, `read ${place.shown}`);
  } finally {
    await handle?.close();
  }
}

/** @throws for anything but a UTF-8 text of a size that fits in memory. */
export async function loadText(workspace: Workspace, place: ResolvedPath): Promise<LoadedText> {
  const pieces: string[] = [];
  let length = 0;
  const { encoding, fingerprint, stats } = await scanText(workspace, place, (text) => {
    pieces.push(text);
    length += text.length;
    if (length <= MAX_CHARACTERS) return false;
    throw new Error(
      `${place.shown} is too large to change here: it has more than ${MAX_CHARACTERS} characters.`,
    );
  });
  if (encoding !== "utf-8") {
    throw new Error(`${place.shown} is UTF-16 text. Only UTF-8 text can be changed.`);
  }
  return { text: pieces.join(""), fingerprint, stats };
}

/** The same, or undefined where there is nothing yet. */
export async function loadIfThere(workspace: Workspace, place: ResolvedPath) {
  return (await statIfThere(place, "write")) && loadText(workspace, place);
}

export const isLarge = ({ size }: Stats) => size > MAX_READ_WHOLE;

/** Instead of a fingerprint, for a file that is too large to read for one. */
export function stampOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(":");
}

/** The fingerprint that a file with this text has. */
export function fingerprintOf(text: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", text);
}

function refuseOtherThanFile(stats: Stats, place: ResolvedPath): void {
  if (stats.isFile()) return;
  const next = stats.isDirectory()
    ? "See what is in it with list_files."
    : "Only files can be read or changed.";
  throw new Error(`${place.shown} is ${fileKind(stats)}. ${next}`);
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/** A decoder that refuses what is not text. Called without bytes, it checks that the last character is complete. */
function decoderOf(encoding: string, { shown }: ResolvedPath, { size }: Stats) {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes?: Uint8Array): string => {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new Error(
        `${shown} is not UTF-8 text: it is a binary file, or text in another encoding. Only UTF-8 text can be read or changed.`,
      );
    }
    if (!text.includes("\0")) return text;
    throw new Error(`${shown} is a binary file (${size} bytes). Only text files can be read or changed.`);
  };
}
