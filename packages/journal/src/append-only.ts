import { constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A new file, for the user alone. Its folder is made too.
 * @throws a system error
 */
export function createFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return openSync(file, "ax", 0o600);
}

/** A file that is there. No link is followed: it might lead to a file of another kind. */
export function reopenFile(file: string): number {
  return openSync(file, constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
}

/** Appends lines in one write: other processes, and a kill, see all of them or none. */
export function appendLines(fd: number, values: readonly object[]): void {
  if (fstatSync(fd).nlink === 0) throw new Error("its file was removed");
  const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  if (writeSync(fd, bytes) < bytes.length) throw new Error("the disk is full");
}

/** What was left half written becomes a line of its own. */
export function endLine(fd: number): void {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() !== "\n") writeSync(fd, "\n");
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file may not become larger",
  EEXIST: "a file is in the way",
  ELOOP: "it is a link",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is where a folder should be",
  EPERM: "permission is denied",
  EROFS: "the file system is read-only",
};

/** Why a file could not be written, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return ("code" in error && REASONS[String(error.code)]) || error.message;
}
