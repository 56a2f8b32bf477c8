import { editDistance } from "./edit-distance.ts";

/** The candidate that a mistyped word was meant to be, if one is close to it. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const close = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, candidate.length / 2))
    .sort((a, b) => a.edits - b.edits);
  return close[0]?.candidate;
}
