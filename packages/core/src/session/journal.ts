import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { UsageError } from "../usage-error.ts";
import { type Claim, holdingClaim, newClaim, releaseOf } from "./claim.ts";
import type { JournalRecord } from "./records.ts";

/** A file of JSON records, one a line, that only ever grows, and that one process writes. */
export interface Journal {
  /**
   * Writes a record. When this returns the system has it, so that it outlives the process, whatever ends it. (A power
   * cut may take the last seconds: nothing waits for the disk.)
   */
  append(record: JournalRecord): void;
  /** Lets another process write. */
  close(): void;
}

/**
 * A new journal, whose file is made with its first record.
 * @param onTrouble told once, in a sentence, when the file cannot be written; from then on nothing is
 */
export function createJournal(
  file: string,
  header: JournalRecord,
  onTrouble: (message: string) => void,
): Journal {
  const claim = newClaim();
  return journalOf(file, claim, onTrouble, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const fd = openSync(file, "ax", 0o600);
    write(fd, lineOf(header) + lineOf(claim));
    return fd;
  });
}

/**
 * Goes on with a journal.
 * @throws UsageError when a process that runs is writing it
 */
export function openJournal(file: string, onTrouble: (message: string) => void): Journal {
  const claim = newClaim();
  const journal = journalOf(file, claim, onTrouble, () => {
    // No link is followed: it might lead to a file that is no journal.
    const fd = openSync(file, constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
    // What a killed process left half written stays a line of its own.
    write(fd, (endsInLine(fd) ? "" : "\n") + lineOf(claim));
    return fd;
  });
  journal.open();
  const holder = holdingClaim(file);
  if (!holder || holder.token === claim.token) return journal;
  journal.close();
  throw new UsageError(
    `${basename(file, ".jsonl")} is open in process ${holder.pid}. Leave it there first, or start a new session.`,
  );
}

/** @param open opens the file, and claims it */
function journalOf(file: string, claim: Claim, onTrouble: (message: string) => void, open: () => number) {
  let fd: number | undefined;
  let closed = false;

  function attempt(action: (fd: number) => void): void {
    if (closed) return;
    try {
      fd ??= open();
      action(fd);
    } catch (error) {
      closed = true;
      onTrouble(`The session is no longer saved: ${reasonOf(error)} (${file}).`);
    }
  }
  return {
    open: () => attempt(() => {}),
    append: (record: JournalRecord) => attempt((fd) => write(fd, lineOf(record))),
    close() {
      if (fd === undefined) return;
      attempt((fd) => write(fd, lineOf(releaseOf(claim))));
      closed = true;
      closeSync(fd);
      fd = undefined;
    },
  };
}

function lineOf(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** In one write: other processes, and a kill, see all of it or none. */
function write(fd: number, text: string): void {
  if (fstatSync(fd).nlink === 0) throw new Error("its file was removed");
  const bytes = Buffer.from(text);
  if (writeSync(fd, bytes) < bytes.length) throw new Error("the disk is full");
}

function endsInLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() === "\n");
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "a file is in the way",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is where a folder should be",
  EPERM: "permission is denied",
  EROFS: "the file system is read-only",
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ("code" in error && REASONS[String(error.code)]) || error.message;
}
