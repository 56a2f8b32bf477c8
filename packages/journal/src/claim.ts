import { processStart } from "./process-start.ts";
import { type JournalRecord, recordsOf } from "./records.ts";

/**
 * That a process writes a journal. Claims are lines of the journal itself, and appending puts them in an order that all
 * processes agree on: the first claim whose process runs, and has not released it, holds. What a killed process leaves
 * behind needs no clearing away, so no two can clear it away at once.
 */
export interface Claim extends JournalRecord {
  readonly type: "claim";
  /** Names this claim among others, also of the same process. */
  readonly token: string;
  readonly pid: number;
  /** When that process started: the same pid may come again. */
  readonly started: string;
}

export interface Release extends JournalRecord {
  readonly type: "release";
  readonly token: string;
}

export function newClaim(): Claim {
  const { pid } = process;
  return { type: "claim", token: crypto.randomUUID(), pid, started: processStart(pid) ?? "" };
}

/** The claim that holds a journal now. */
export function holdingClaim(file: string): Claim | undefined {
  const claims = new Map<string, Claim>();
  for (const record of recordsOf<Claim | Release>(file, ["claim", "release"])) {
    if (record.type === "claim") claims.set(record.token, record);
    else claims.delete(record.token);
  }
  return [...claims.values()].find(({ pid, started }) => processStart(pid) === started);
}
