const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied. Leave it, or ask the user to change its permissions",
  EBUSY: "another program is using it. Try again later",
  EDQUOT: "the user's disk quota is used up. Ask the user to free some space",
  EEXIST: "a file is in the way. See what exists with list_files",
  EFBIG: "the file may not become so large. Write less, or ask the user to raise the limit",
  EISDIR: "it is a folder",
  ELOOP: "its links lead back to themselves. Name the file itself",
  EMFILE: "too many files are open. Try again",
  ENAMETOOLONG: "the name is too long. Use a shorter one",
  ENOENT: "it does not exist. See what does with list_files",
  ENOSPC: "the disk is full. Ask the user to free some space",
  ENOTDIR: "a part of the path is a file, so nothing can be inside it. See what exists with list_files",
  EPERM: "the system does not allow it. Leave it, or ask the user to change its permissions",
  EROFS: "it is on a read-only file system. Use another folder",
};

/**
 * A file system error as a sentence that a model can act on.
 * @param doing what was tried, and on what: "read src/index.ts"
 */
export function fsError(error: unknown, doing: string): Error {
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  return new Error(`Cannot ${doing}: ${REASONS[code] ?? `the system says ${code}`}.`, { cause: error });
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
