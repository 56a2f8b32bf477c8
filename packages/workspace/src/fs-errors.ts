import type { Dirent, Stats } from "node:fs";

/** Why a file could not be used, and what a model can do about it. */
const FAILURES: Readonly<Record<string, readonly [reason: string, advice?: string]>> = {
  EACCES: ["permission is denied", "Leave it, or ask the user to change its permissions"],
  EBUSY: ["another program is using it", "Try again later"],
  EDQUOT: ["the disk quota is used up", "Ask the user to free some space"],
  EEXIST: ["a file is in the way", "See what exists with list_files"],
  EFBIG: ["the file may not become larger", "Write less, or ask the user to raise the limit"],
  EISDIR: ["it is a folder"],
  ELOOP: ["it is a link", "Its links may lead back to themselves: name the file itself"],
  EMFILE: ["too many files are open", "Try again"],
  ENAMETOOLONG: ["the name is too long", "Use a shorter one"],
  ENOENT: ["it does not exist", "See what does with list_files"],
  ENOSPC: ["the disk is full", "Ask the user to free some space"],
  ENOTDIR: ["a file is where a folder should be", "See what exists with list_files"],
  EPERM: ["permission is denied", "Leave it, or ask the user to change its permissions"],
  ETXTBSY: ["it is a program that is running", "Ask the user to stop it"],
  EROFS: ["the file system is read-only", "Use another folder"],
};

/**
 * A file system error as a sentence that a model can act on.
 * @param doing what was tried, and on what: "read src/index.ts"
 */
export function fsError(error: unknown, doing: string): Error {
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const [reason, advice] = FAILURES[code] ?? [`the system says ${code}`];
  return new Error(`Cannot ${doing}: ${reason}${advice ? `. ${advice}` : ""}.`, { cause: error });
}

/** Why a file could not be used, in a few words: "the disk is full". */
export function fsReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return fsReason(error.cause);
  return FAILURES[errorCode(error) ?? ""]?.[0] ?? error.message;
}

/** The code of a system error ("ENOENT"), undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Whether the error says that there is nothing at the path. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** What a path leads to, in words: "a folder", "a named pipe". */
export function fileKind(entry: Dirent | Stats): string {
  if (entry.isFile()) return "a file";
  if (entry.isDirectory()) return "a folder";
  if (entry.isSymbolicLink()) return "a link";
  if (entry.isFIFO()) return "a named pipe";
  if (entry.isSocket()) return "a socket";
  if (entry.isBlockDevice() || entry.isCharacterDevice()) return "a device";
  return "something that is not a file";
}
