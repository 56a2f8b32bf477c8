import { constants, existsSync, type Stats } from "node:fs";
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  rename,
  rm,
  rmdir,
  statfs,
  unlink,
} from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { errorCode, fsError } from "./fs-errors.ts";
import { type ResolvedPath, statIfThere } from "./guard.ts";
import type { LoadedText } from "./text-file.ts";
import { fill, JUST_THIS, noteSave } from "./unfinished.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Saves a file, and changes nothing but its text: owner, group, mode, access control list, attributes and hard links stay.
 * If a new file can have them all, it replaces the old one in one step, so even after a crash everybody sees the old content
 * or the new. Otherwise the old file is overwritten, with both contents kept aside meanwhile (see unfinished.ts).
 * @param before the file as it was when it was read; undefined for one that must not exist yet, whose folders are made
 */
export async function saveFile(workspace: Workspace, place: ResolvedPath, text: string, before?: LoadedText) {
  const missing = before ? 0 : await missingFolders(place);
  try {
    await inFolder(workspace, place.absolute, !before, async (path) => {
      if (before) await saveOver(place, path, text, before);
      else await putInPlace(place, path, text);
    });
  } catch (error) {
    await removeFolders(workspace, place, missing);
    throw fsError(error, `write ${place.shown}`);
  }
}

/** Deletes a file, and this many of the folders that it is in, as far as they are empty then. */
export async function deleteFile(workspace: Workspace, place: ResolvedPath, folders: number): Promise<void> {
  await inFolder(workspace, place.absolute, false, unlink).catch((error: unknown) => {
    throw fsError(error, `delete ${place.shown}`);
  });
  await removeFolders(workspace, place, folders);
}

/** How many of the folders that a file would be in do not exist. */
export async function missingFolders({ absolute }: ResolvedPath): Promise<number> {
  let folder = dirname(absolute);
  let count = 0;
  for (; !(await lstat(folder).catch(() => undefined)); folder = dirname(folder)) count++;
  return count;
}

/** @param count from a record that may be damaged: the workspace itself is none of them */
async function removeFolders(workspace: Workspace, { absolute }: ResolvedPath, count: number): Promise<void> {
  let folder = dirname(absolute);
  for (let left = count; left > 0 && folder !== workspace.root; left--, folder = dirname(folder)) {
    await inFolder(workspace, folder, false, rmdir).catch(() => {}); // not one that holds what is not ours
  }
}

/** Linux has a path to an open folder, which stays in it. Its O_PATH, which Node does not name, needs no right to list. */
const BY_HANDLE = "/proc/self/fd";
const OPEN_FOLDER = 0o10000000 | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Uses a file by a path that stays in its folder even if somebody swaps a folder meanwhile: each folder is opened from the one
 * above, and none may be a link. Where the system has no such path, the file's own is used.
 * @param make whether folders that do not exist are made
 */
async function inFolder<Result>(
  { root }: Workspace,
  absolute: string,
  make: boolean,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  let handle = existsSync(BY_HANDLE) ? await open(root, OPEN_FOLDER) : undefined;
  try {
    let folder = handle ? `${BY_HANDLE}/${handle.fd}` : root;
    for (const name of relative(root, dirname(absolute)).split(sep).filter(Boolean)) {
      folder = join(folder, name);
      if (make && !(await lstat(folder).catch(() => undefined))) await mkdir(folder);
      if (!handle) continue;
      const inner = await open(folder, OPEN_FOLDER);
      await handle.close();
      handle = inner;
      folder = `${BY_HANDLE}/${handle.fd}`;
    }
    return await use(join(folder, basename(absolute)));
  } finally {
    await handle?.close();
  }
}

async function saveOver(place: ResolvedPath, path: string, text: string, before: LoadedText): Promise<void> {
  // To put a new file in place needs no right to write the old one, so a read-only file is respected here.
  await requireSame(place, before.stats, path);
  const old = await open(path, constants.O_WRONLY | JUST_THIS);
  try {
    const stats = await old.stat();
    // In a container that was a copy of a file of the image: it has a ctime of its own.
    if (stats.ino !== before.stats.ino || stats.mtimeMs !== before.stats.mtimeMs)
      throw changedMeanwhile(place);
    const canBeCopied = stats.nlink === 1 && (await isLocal(path));
    if (canBeCopied && (await putInPlace(place, path, text, old).catch(unlessFull))) return;
    await writeInPlace(old, place, text, { ...before, stats });
  } finally {
    await old.close();
  }
}

/** A folder may be read-only or sticky, a file be mounted: then it is written in place. What is full stays full. */
function unlessFull(error: unknown): false {
  const code = errorCode(error);
  if (code === undefined || ["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) throw error;
  return false;
}

/**
 * Writes a new file beside the old one, and renames it.
 * @returns false, with nothing done, if something that decides who may use the old file could not be copied
 */
async function putInPlace(
  place: ResolvedPath,
  path: string,
  text: string,
  old?: FileHandle,
): Promise<boolean> {
  const before = await old?.stat();
  const name = `.eightfold-${crypto.randomUUID()}.tmp`;
  const temporary = join(dirname(path), name);
  const note = { temporary: join(dirname(place.absolute), name) };
  const removeNote = await noteSave(before ? `${before.dev}-${before.ino}` : name, note).catch(
    (error: Error) => {
      if (errorCode(error.cause) === "EEXIST") throw notSaved(place, error); // else there is no place for notes
    },
  );
  try {
    const handle = await open(temporary, "wx", old ? 0o600 : 0o666);
    try {
      await handle.writeFile(text);
      if (old && !(await copyAttributes(old, handle))) return false;
      await handle.sync();
    } finally {
      await handle.close();
    }
    await requireSame(place, before, path);
    await (old ? rename(temporary, path) : nameNew(place, temporary, path));
    return true;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
    await removeNote?.();
  }
}

/** Gives a new file its name, unless another got it first: a rename would replace that one. */
async function nameNew(place: ResolvedPath, temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw changedMeanwhile(place);
    // A file system without hard links: the name is taken first.
    await open(path, "wx").then((taken) => taken.close());
    await rename(temporary, path);
  }
}

/**
 * File systems of which stat, access control lists and attributes tell all there is: ext, XFS, Btrfs, tmpfs, overlay,
 * F2FS and ZFS. A server may have rules of its own. https://man7.org/linux/man-pages/man2/statfs.2.html
 */
const LOCAL = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1];

async function isLocal(path: string): Promise<boolean> {
  return process.platform === "linux" && LOCAL.includes((await statfs(path)).type);
}

/** Node knows no access control lists and no attributes. GNU's cp does, but says nothing of an owner it may not set. */
async function copyAttributes(from: FileHandle, to: FileHandle): Promise<boolean> {
  const { spawn } = await import("node:child_process");
  const args = ["--attributes-only", "--preserve=mode,ownership,xattr", "/proc/self/fd/3", "/proc/self/fd/4"];
  const cp = spawn("/bin/cp", args, { stdio: ["ignore", "ignore", "ignore", from.fd, to.fd] });
  const status = await new Promise((resolve) => cp.on("error", resolve).on("exit", resolve));
  const [old, made] = [await from.stat(), await to.stat()];
  return status === 0 && old.uid === made.uid && old.gid === made.gid && old.mode === made.mode;
}

/** What fails in the middle, or is killed there, is put back. */
async function writeInPlace(file: FileHandle, place: ResolvedPath, text: string, before: LoadedText) {
  const { dev, ino, mode } = before.stats;
  if (mode & 0o6000) {
    throw new Error(
      `Cannot write ${place.shown}: it would lose its set-user-ID or set-group-ID bit. Ask the user to change it.`,
    );
  }
  const note = { path: place.absolute, ino, before: before.text, after: text };
  const removeNote = await noteSave(`${dev}-${ino}`, note).catch((error: Error) => {
    throw notSaved(place, error);
  });
  let isTorn = false;
  try {
    await requireSame(place, before.stats);
    await fill(file, text).catch(async (error: unknown) => {
      isTorn = true;
      await fill(file, before.text);
      isTorn = false;
      throw error;
    });
  } catch (error) {
    if (!isTorn) throw error;
    const next = "Start the agent again to have its old text.";
    throw new Error(`${place.shown} is half written. ${next}`, { cause: error });
  } finally {
    if (!isTorn) await removeNote();
  }
}

const notSaved = ({ shown }: ResolvedPath, error: Error) =>
  new Error(`Cannot write ${shown}: ${error.message}.`, { cause: error });

/** Another program may have written while the change was being made, or asked about. The time of that it cannot put back. */
export async function requireSame(place: ResolvedPath, old: Stats | undefined, path = place.absolute) {
  const now = await statIfThere({ ...place, absolute: path }, "write");
  if (now?.ino === old?.ino && now?.size === old?.size && now?.ctimeMs === old?.ctimeMs) return;
  throw changedMeanwhile(place);
}

const changedMeanwhile = ({ shown }: ResolvedPath) =>
  new Error(`${shown} has just been changed by another program. Read it again, then make the change.`);
