import { constants } from "node:fs";
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { processState } from "@eightfold/core";
import { errorCode, fsReason, isMissing } from "./fs-errors.ts";

/** A save under way: a file beside that is to take the place of the old one, or a file that is written in place. */
type UnfinishedSave = { readonly temporary: string } | SaveInPlace;

interface SaveInPlace {
  readonly path: string;
  /** Whoever puts another file there meanwhile keeps it. */
  readonly ino: number;
  readonly before: string;
  readonly after: string;
}

/**
 * Where notes are, the first that can be written; what is in /var/tmp outlives a restart of the machine. Not in a
 * workspace: a cloned repository could bring notes of its own.
 */
export const NOTES = ["/var/tmp", tmpdir()].map((folder) =>
  join(folder, `eightfold-saves-${process.geteuid?.() ?? ""}`),
);

/** Flags to open a file with: no link is followed, and no pipe waited for. */
export const JUST_THIS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Notes to be: they get their names when they are whole. */
const DRAFT = "draft-";

/** Tells a process from others, also from one that gets its id later. */
const signed = (name: string) => `${name}~${process.pid}~${processState(process.pid)?.started ?? ""}`;

/**
 * Notes a save before it touches anything, so that another process can clear up when this one is killed.
 * @param name tells this save from others; a file that is there is saved by one process at a time
 * @returns what removes the note
 */
export async function noteSave(name: string, save: UnfinishedSave): Promise<() => Promise<void>> {
  const { pid } = process;
  const note = JSON.stringify({ pid, started: processState(pid)?.started ?? "", ...save });
  let reason = "none is the user's own";
  for (const folder of NOTES) {
    await mkdir(folder, { mode: 0o700 }).catch(() => {});
    if (!(await isOurs(folder))) continue;
    const [file, draft] = [join(folder, name), join(folder, signed(DRAFT + crypto.randomUUID()))];
    try {
      await writeFile(draft, note, { flag: "wx", mode: 0o600, flush: "path" in save });
      await link(draft, file).catch(async (error: unknown) => {
        if (errorCode(error) !== "EEXIST") throw error;
        await finishSaves(); // whoever made it may have been killed
        await link(draft, file);
      });
      return () => rm(file, { force: true });
    } catch (error) {
      if (errorCode(error) === "EEXIST")
        throw new Error("another agent is writing it. Try again", { cause: error });
      reason = fsReason(error);
    } finally {
      await rm(draft, { force: true }).catch(() => {});
    }
  }
  throw new Error(`its old text can be kept neither in ${NOTES.join(" nor in ")}: ${reason}`);
}

let running: Promise<void> = Promise.resolve();
let next: Promise<void> | undefined;

/**
 * Cleans up after processes that were killed while they saved, and restores files that were half written in place. One that
 * cannot be restored now, on a full disk for example, is tried again next time. A call that comes while another looks at the
 * notes waits for one more look, since the first may already have passed a note that was left meanwhile.
 */
export function finishSaves(): Promise<void> {
  running = next ??= running
    .catch(() => {})
    .then(() => {
      next = undefined;
      return finishAll();
    });
  return running;
}

async function finishAll(): Promise<void> {
  for (const folder of NOTES) {
    if (!(await isOurs(folder))) continue;
    for (const name of await readdir(folder)) {
      if (name.startsWith(DRAFT)) {
        if (!signerOf(name).runs) await rm(join(folder, name), { force: true });
        continue;
      }
      const found = await readFile(join(folder, name), "utf8").catch(() => "");
      const file = isUnderWay(found) ? undefined : await claimed(folder, name);
      if (!file) continue;
      const note = await readFile(file, "utf8").catch(() => "");
      try {
        // A new note of another process may have got the name meanwhile.
        await (isUnderWay(note) ? rename(file, join(folder, name)) : finish(note));
      } catch (error) {
        if (!isMissing(error)) continue;
      }
      await rm(file, { force: true });
    }
  }
}

/** The process named after a file's own name, if there is one: whether it runs, and is not this one. */
function signerOf(name: string) {
  const [, own = name, pid = "", started = ""] = /^(.*?)(?:~(\d+)~(\d*))?$/.exec(name) ?? [];
  const runs = pid !== "" && processState(Number(pid))?.started === started;
  return { own, runs, isAnothers: runs && Number(pid) !== process.pid };
}

/**
 * Only one of the processes that find a note may act on it, or an old text could be put back over a newer one. The note is
 * renamed to carry that process's name, and the others wait for it.
 */
async function claimed(folder: string, name: string): Promise<string | undefined> {
  const { own } = signerOf(name);
  const mine = join(folder, signed(own));
  for (let looks = 0; looks < 300; looks++) {
    const names = (await readdir(folder)).filter((other) => signerOf(other).own === own);
    const [now] = names;
    if (now === undefined) return undefined;
    const isMine =
      !names.some((other) => signerOf(other).isAnothers) &&
      (await rename(join(folder, now), mine).then(
        () => true,
        () => false,
      ));
    if (isMine) return mine;
    await pause(10);
  }
  return undefined;
}

/** In a temp folder another user may have been there first. */
async function isOurs(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => undefined);
  return stats?.isDirectory() === true && stats.uid === (process.geteuid?.() ?? stats.uid);
}

/** A note is whole from the first: one that is not was lost with the power. */
function isUnderWay(note: string): boolean {
  const [, pid, started] = /^\{"pid":(\d+),"started":"(\d*)"/.exec(note) ?? [];
  return pid !== undefined && processState(Number(pid))?.started === started;
}

async function finish(note: string): Promise<void> {
  if (!note.endsWith("}")) return; // a note is whole before a file is touched
  const save: UnfinishedSave = JSON.parse(note);
  if ("temporary" in save) return rm(save.temporary, { force: true });
  const file = await open(save.path, constants.O_RDWR | JUST_THIS);
  try {
    const { ino } = await file.stat();
    if (ino === save.ino && isTorn(await file.readFile(), save)) await fill(file, save.before);
  } finally {
    await file.close();
  }
}

/** Every byte is of one text or the other, or in a hole that a power cut left. Anything else was written since. */
function isTorn(now: Buffer, save: SaveInPlace): boolean {
  const [before, after] = [Buffer.from(save.before), Buffer.from(save.after)];
  if (now.equals(after) || now.equals(before) || now.length < Math.min(before.length, after.length))
    return false;
  return now.every((byte, at) => byte === before[at] || byte === after[at] || byte === 0);
}

/** Gives an open file this text, and waits until it is on disk. */
export async function fill(file: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, undefined, at)).bytesWritten;
  await file.truncate(bytes.length);
  await file.sync();
}
