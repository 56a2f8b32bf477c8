/** A file of records that outlives the process that writes it, written by one process at a time. */

export { createJournal, type Journal, openJournal } from "./journal.ts";
export { firstRecord, type JournalRecord, lastRecord, readRecords } from "./records.ts";
