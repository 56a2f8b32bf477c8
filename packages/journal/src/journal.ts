import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { processState, UsageError } from "@eightfold/core";
import { fsReason, makeStateFolder } from "@eightfold/workspace";
import { findJournal, journalFile, newId } from "./files.ts";
import { firstRecord, type JournalRecord, recordsOf } from "./records.ts";

/** A session on disk: a file of JSON records, one a line, that only ever grows, and that one process writes. */
export interface Journal {
  readonly id: string;
  readonly file: string;
  /**
   * Saves a record, and never throws. When it returns the system has the record, which so outlives the process,
   * whatever ends that. (A power cut may take the last seconds: nothing waits for the disk.)
   */
  append(record: JournalRecord): void;
  /** Lets another process write. */
  close(): void;
}

/** The first line of the file, before what the caller says about the session. */
interface Header extends JournalRecord {
  readonly type: "session";
  /** Of the records' format. */
  readonly version: number;
  readonly id: string;
}

/**
 * A process's claim to write a journal. Claims are lines of the journal itself, and appending puts them in an order that all
 * processes agree on: the first claim that is not released and whose process still runs wins. A killed process leaves
 * nothing to clean up, so no two processes can collide over the cleaning.
 */
interface Claim extends JournalRecord {
  readonly type: "claim";
  /** Names this claim among others, also of the same process. */
  readonly token: string;
  readonly pid: number;
  /** When that process started: the same pid may come again. */
  readonly started: string;
}

interface Release extends JournalRecord {
  readonly type: "release";
  readonly token: string;
}

/** Told once, in a sentence for the user, when a session cannot be saved. From then on nothing is. */
type OnTrouble = (message: string) => void;

/** A new session in a workspace. Its file is made with its first record. */
export async function createJournal(root: string, version: number, about: object, onTrouble: OnTrouble) {
  const id = newId();
  const file = journalFile(root, id);
  const header: Header = { type: "session", version, id, ...about };
  const claim = newClaim();
  const folder = await makeStateFolder(root).catch((error: Error) => error);
  return openLazily({ id, file, token: claim.token, onTrouble }, () => {
    if (folder instanceof Error) throw folder;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const fd = openSync(file, "ax", 0o600);
    appendLines(fd, [header, claim]);
    return fd;
  });
}

/**
 * Goes on with a session of a workspace.
 * @param wanted an id, or "latest"
 * @throws UsageError when there is no such session, its format is newer, or a process that runs is writing it
 */
export async function openJournal(root: string, version: number, wanted: string, onTrouble: OnTrouble) {
  const { id, file } = await findJournal(root, wanted);
  const header = firstRecord<Header>(file, "session");
  if (header && header.version > version) {
    const formats = `its format is ${header.version}, and this version reads ${version}`;
    throw new UsageError(
      `Session ${id} was written by a newer version: ${formats}. Resume it with that one.`,
    );
  }
  const claim = newClaim();
  const journal = openLazily({ id, file, token: claim.token, onTrouble }, () => reopenFile(file));
  journal.append(claim);
  const holder = holdingClaim(file);
  if (!holder || holder.token === claim.token) return journal;
  journal.close();
  throw new UsageError(
    `Session ${id} is open in process ${holder.pid}. Leave it there first, or start a new session.`,
  );
}

/** A journal whose file is opened when the first record is saved. `token` names the claim to release. */
function openLazily(
  { id, file, token, onTrouble }: Pick<Journal, "id" | "file"> & { token: string; onTrouble: OnTrouble },
  open: () => number,
): Journal {
  let fd: number | undefined;
  let isOver = false;

  function append(record: JournalRecord): void {
    if (isOver) return;
    try {
      fd ??= open();
      appendLines(fd, [record]);
    } catch (error) {
      isOver = true;
      onTrouble(`From here on this session is not saved: ${fsReason(error)} (${file}).`);
    }
  }

  function close(): void {
    if (fd === undefined) return;
    const release: Release = { type: "release", token };
    append(release);
    isOver = true;
    closeSync(fd);
    fd = undefined;
  }
  return { id, file, append, close };
}

function newClaim(): Claim {
  const { pid } = process;
  return { type: "claim", token: `${pid}.${Math.random()}`, pid, started: processState(pid)?.started ?? "" };
}

/** The claim that holds a journal now. */
function holdingClaim(file: string): Claim | undefined {
  const claims = new Map<string, Claim>();
  for (const record of recordsOf<Claim | Release>(file, ["claim", "release"])) {
    if (record.type === "claim") claims.set(record.token, record);
    else claims.delete(record.token);
  }
  return [...claims.values()].find(({ pid, started }) => {
    const state = processState(pid);
    return state !== undefined && state.started === started;
  });
}

/**
 * A file that is there. No link is followed: it might lead to a file of another kind. What was left half written
 * becomes a line of its own.
 */
function reopenFile(file: string): number {
  const fd = openSync(file, constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() !== "\n") writeSync(fd, "\n");
  return fd;
}

/** Appends lines in one write: other processes, and a kill, see all of them or none. */
function appendLines(fd: number, values: readonly object[]): void {
  if (fstatSync(fd).nlink === 0) throw new Error("its file was removed");
  const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  const written = writeSync(fd, bytes);
  if (written < bytes.length) writeSync(fd, bytes, written); // which says why
}
