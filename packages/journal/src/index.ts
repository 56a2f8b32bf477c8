/** Sessions on disk: files of records that outlive the process that writes them, each written by one at a time. */
export { type JournalFile, listJournals, noSessionIn } from "./files.ts";
export { createJournal, type Journal, openJournal } from "./journal.ts";
export { firstRecord, type JournalRecord, lastRecord, readRecords, sameShape } from "./records.ts";
