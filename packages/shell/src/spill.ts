import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { agentFolder } from "@eightfold/workspace";

/** A file that takes the whole of one stream, as the program wrote it. */
export interface Spill {
  /** Adds bytes; resolves when they are written. Never rejects. */
  write(bytes: Buffer): Promise<void>;
  /** Ends the file, or takes it away again. Returns a clause that says where the output is. Never rejects. */
  close(options: { readonly keep: boolean }): Promise<string>;
}

/** What comes after so many bytes is dropped: a program that prints for ever must not fill the disk. */
const CAP = 50 * 1024 * 1024;

/** What is older is removed when another one comes. In milliseconds. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Opens a new file in `.eightfold/output` of the workspace, which only its owner can read.
 * @param stream "stdout" or "stderr": the end of the file's name
 */
export function openSpill(root: string, stream: string): Spill {
  const name = `${timestamp()}-${randomBytes(3).toString("hex")}.${stream}.txt`;
  let file: FileHandle | undefined;
  let path = "";
  let size = 0;
  let isCut = false;
  let failure: string | undefined;
  let last = Promise.resolve();

  async function create(): Promise<FileHandle> {
    const folder = join(await agentFolder(root), "output");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeOld(folder);
    path = join(folder, name);
    return open(path, "wx", 0o600);
  }

  async function append(bytes: Buffer): Promise<void> {
    if (failure !== undefined) return;
    const fitting = bytes.subarray(0, CAP - size);
    if (fitting.length < bytes.length) isCut = true;
    try {
      file ??= await create();
      await file.writeFile(fitting);
      size += fitting.length;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }

  function write(bytes: Buffer): Promise<void> {
    last = last.then(() => append(bytes));
    return last;
  }

  async function close({ keep }: { readonly keep: boolean }): Promise<string> {
    await last;
    await file?.close().catch(() => {});
    if (failure !== undefined || !keep) await rm(path, { force: true }).catch(() => {});
    if (failure !== undefined) return `it could not be kept: ${failure}`;
    return `${isCut ? "the first 50 MB are" : "all of it is"} in .eightfold/output/${name}`;
  }

  return { write, close };
}

const SPILLED = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{6}\.std(?:out|err)\.txt$/;

/** "2026-11-20T12-35-55": sorts by time, and is a legal file name everywhere. */
function timestamp(at = Date.now()): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
}

/** The names begin with the time. */
async function removeOld(folder: string): Promise<void> {
  const oldest = timestamp(Date.now() - KEPT_MS);
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => SPILLED.test(name) && name < oldest);
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true }).catch(() => {})));
}
