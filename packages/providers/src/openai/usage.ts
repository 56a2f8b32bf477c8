import type { Usage } from "@eightfold/core";

/** Keeps the counts that are known. Compatible servers leave out what they like, or send null. */
export function knownCounts(counts: Record<keyof Omit<Usage, "estimated">, unknown>): Usage {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => typeof count === "number"));
}
