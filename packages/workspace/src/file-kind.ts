import type { Dirent, Stats } from "node:fs";

/** What stands behind a name, in words: "a folder", "a named pipe". */
export function fileKind(entry: Dirent | Stats): string {
  if (entry.isFile()) return "a file";
  if (entry.isDirectory()) return "a folder";
  if (entry.isSymbolicLink()) return "a link";
  if (entry.isFIFO()) return "a named pipe";
  if (entry.isSocket()) return "a socket";
  if (entry.isBlockDevice() || entry.isCharacterDevice()) return "a device";
  return "something that is not a file";
}
