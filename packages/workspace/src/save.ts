import { constants, type Stats } from "node:fs";
import { access, type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, fsError, isMissing } from "./fs-errors.ts";
import type { ResolvedPath } from "./guard.ts";

/**
 * Puts a file in place in one step: whoever reads it sees the old content or the new, and a failure leaves the old.
 * Parent folders are made. Mode and, where the system allows it, owner stay. Of a file with several hard links only
 * this name changes: another name may lie outside the workspace, or in a package store.
 * @param old the file as it was when it was read; undefined for one that must not exist yet
 */
export async function saveFile(place: ResolvedPath, content: string, old: Stats | undefined): Promise<void> {
  const folder = dirname(place.absolute);
  const temporary = join(folder, `.eightfold-${crypto.randomUUID()}.tmp`);
  try {
    // A rename needs no right to write the file itself, so a read-only file is respected here.
    if (old) await access(place.absolute, constants.W_OK);
    else await makeFolder(folder);
    await writeNew(temporary, content, old);
    await requireUnchanged(place, old);
    await rename(temporary, place.absolute);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fsError(error, `write ${place.shown}`);
  }
}

/** With its parents, step by step: a recursive mkdir says ENOENT where the reason is a read-only file system. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return;
    if (errorCode(error) !== "ENOENT") throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

async function writeNew(path: string, content: string, old: Stats | undefined): Promise<void> {
  const handle = await open(path, "wx", old ? 0o600 : 0o666);
  try {
    await handle.writeFile(content);
    if (old) await copyOwnerAndMode(handle, old);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function copyOwnerAndMode(handle: FileHandle, old: Stats): Promise<void> {
  const made = await handle.stat();
  if (made.uid !== old.uid || made.gid !== old.gid) await handle.chown(old.uid, old.gid).catch(() => {});
  // After the owner: a change of owner clears the set-user-id bit.
  if (made.mode !== old.mode) await handle.chmod(old.mode & 0o7777);
}

/** Another program may have written while the change was being made, or asked about. */
export async function requireUnchanged(place: ResolvedPath, old: Stats | undefined): Promise<void> {
  const now = await lstat(place.absolute).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (now?.ino === old?.ino && now?.size === old?.size && now?.mtimeMs === old?.mtimeMs) return;
  throw new Error(
    `${place.shown} has just been changed by another program. Read it again, then make the change.`,
  );
}
