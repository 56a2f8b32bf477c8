import { closeSync } from "node:fs";
import { UsageError } from "@eightfold/core";
import { agentFolder } from "@eightfold/workspace";
import { appendLines, createFile, endLine, reasonOf, reopenFile } from "./append-only.ts";
import { holdingClaim, newClaim, type Release } from "./claim.ts";
import { findJournal, journalFile, newId } from "./files.ts";
import { firstRecord, type JournalRecord } from "./records.ts";

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

/** Told once, in a sentence for the user, when a session cannot be saved. From then on nothing is. */
type OnTrouble = (message: string) => void;

/** A new session in a workspace. Its file is made with its first record. */
export async function createJournal(
  root: string,
  version: number,
  about: object,
  onTrouble: OnTrouble,
): Promise<Journal> {
  const id = newId();
  const file = journalFile(root, id);
  const header: Header = { type: "session", version, id, ...about };
  const claim = newClaim();
  const folder = await agentFolder(root).catch((error: Error) => error);
  return openLazily({ id, file, token: claim.token, onTrouble }, () => {
    if (folder instanceof Error) throw folder;
    const fd = createFile(file);
    appendLines(fd, [header, claim]);
    return fd;
  });
}

/**
 * Goes on with a session of a workspace.
 * @param wanted an id, or "latest"
 * @throws UsageError when there is no such session, its format is newer, or a process that runs is writing it
 */
export async function openJournal(
  root: string,
  version: number,
  wanted: string,
  onTrouble: OnTrouble,
): Promise<Journal> {
  const { id, file } = await findJournal(root, wanted);
  const header = firstRecord<Header>(file, "session");
  if (header && header.version > version) {
    const formats = `its format is ${header.version}, and this version reads ${version}`;
    throw new UsageError(
      `Session ${id} was written by a newer version: ${formats}. Resume it with that one.`,
    );
  }
  const claim = newClaim();
  const journal = openLazily({ id, file, token: claim.token, onTrouble }, () => {
    const fd = reopenFile(file);
    endLine(fd);
    return fd;
  });
  journal.append(claim);
  const holder = holdingClaim(file);
  if (!holder || holder.token === claim.token) return journal;
  journal.close();
  throw new UsageError(
    `Session ${id} is open in process ${holder.pid}. Leave it there first, or start a new session.`,
  );
}

interface Place {
  readonly id: string;
  readonly file: string;
  /** Names the claim to release. */
  readonly token: string;
  readonly onTrouble: OnTrouble;
}

function openLazily({ id, file, token, onTrouble }: Place, open: () => number): Journal {
  let fd: number | undefined;
  let isOver = false;

  function append(record: JournalRecord): void {
    if (isOver) return;
    try {
      fd ??= open();
      appendLines(fd, [record]);
    } catch (error) {
      isOver = true;
      onTrouble(`From here on this session is not saved: ${reasonOf(error)} (${file}).`);
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
