import type { ResolvedPath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

/**
 * What the session knows of a file's content. A value in `workspace.lastRead` is the fingerprint of a file that was seen
 * whole, or "<fingerprint> <line>" for one that was seen from its first line to that one.
 */

/** Remembers content that the session has seen whole. */
export function rememberWhole(workspace: Workspace, place: ResolvedPath, fingerprint: string): void {
  workspace.lastRead.set(place.absolute, fingerprint);
}

/** Remembers the lines `first` to `last` (from 1, uncut) of a file of `total` lines. Pages that join up make a whole. */
export function rememberLines(
  workspace: Workspace,
  place: ResolvedPath,
  fingerprint: string,
  { first, last, total }: { first: number; last: number; total: number },
): void {
  const known = knownOf(workspace, place);
  const seenTo = known?.fingerprint === fingerprint ? known.seenTo : 0;
  const reached = first <= seenTo + 1 ? Math.max(seenTo, last) : seenTo;
  workspace.lastRead.set(place.absolute, reached >= total ? fingerprint : `${fingerprint} ${reached}`);
}

/** Remembers the session's own change. A file that was seen in part now has other line numbers: none counts as seen. */
export function rememberChange(workspace: Workspace, place: ResolvedPath, fingerprint: string): void {
  const known = knownOf(workspace, place);
  const whole = known === undefined || known.seenTo === Number.POSITIVE_INFINITY;
  workspace.lastRead.set(place.absolute, whole ? fingerprint : `${fingerprint} 0`);
}

/** @throws unless the session has read some of the file, and the file is still what it was then. */
export function requireSeen(workspace: Workspace, place: ResolvedPath, fingerprint: string): void {
  const known = knownOf(workspace, place);
  if (!known) {
    throw new Error(`${place.shown} has not been read in this session. Read it with read_file first.`);
  }
  if (known.fingerprint !== fingerprint) {
    throw new Error(
      `${place.shown} has changed on disk since it was last read. Read it again, then make the change to what it says now.`,
    );
  }
}

/** @throws unless the session has seen all of the file, and the file is still what it was then. */
export function requireSeenWhole(workspace: Workspace, place: ResolvedPath, fingerprint: string): void {
  requireSeen(workspace, place, fingerprint);
  if (knownOf(workspace, place)?.seenTo === Number.POSITIVE_INFINITY) return;
  throw new Error(
    `${place.shown} has been read only in part, and write_file would replace all of it. Change a part of it with edit_file, or read the rest first.`,
  );
}

function knownOf(
  workspace: Workspace,
  place: ResolvedPath,
): { fingerprint: string; seenTo: number } | undefined {
  const [fingerprint, line] = workspace.lastRead.get(place.absolute)?.split(" ") ?? [];
  if (fingerprint === undefined) return undefined;
  return { fingerprint, seenTo: line === undefined ? Number.POSITIVE_INFINITY : Number(line) };
}
