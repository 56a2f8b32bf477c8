/** Sessions on disk: files of records that outlive the process that writes them, each written by one at a time. */

export { nothingSpent, type Spent, spend } from "../model/spent.ts";
export { type JournalFile, listJournals } from "./files.ts";
export { createJournal, type Journal, openJournal } from "./journal.ts";
export { listSessions } from "./list-sessions.ts";
export { type PairedLog, pairedLog } from "./paired-log.ts";
export { firstRecord, type JournalRecord, lastRecord, readRecords, sameShape } from "./records.ts";
