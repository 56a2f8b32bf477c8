import type { ResolvedPath } from "./guard.ts";
import type { Workspace } from "./workspace.ts";

/**
 * What the session knows of a file's content. A value in `workspace.lastRead` is the fingerprint of a file that was
 * read whole, or "<fingerprint> <line>" for one that was read from its first line to that one.
 */

/** Records that the lines `first` to `last` (from 1, uncut) of `total` were read. Pages that join up make a whole. */
export function recordLines(
  { lastRead }: Workspace,
  { absolute }: ResolvedPath,
  fingerprint: string,
  { first, last, total }: { first: number; last: number; total: number },
): void {
  const known = knownOf(lastRead.get(absolute));
  const readTo = known?.fingerprint === fingerprint ? known.readTo : 0;
  const reached = first <= readTo + 1 ? Math.max(readTo, last) : readTo;
  lastRead.set(absolute, reached >= total ? fingerprint : `${fingerprint} ${reached}`);
}

/** Records the session's own change. A file that was read in part now has other line numbers: none counts as read. */
export function recordChange({ lastRead }: Workspace, { absolute }: ResolvedPath, fingerprint: string): void {
  const whole = (knownOf(lastRead.get(absolute))?.readTo ?? WHOLE) === WHOLE;
  lastRead.set(absolute, whole ? fingerprint : `${fingerprint} 0`);
}

/** @throws unless the session has read some of the file, and the file is still what it was then. */
export function requireRead(workspace: Workspace, place: ResolvedPath, fingerprint: string): void {
  const known = knownOf(workspace.lastRead.get(place.absolute));
  if (!known) {
    throw new Error(`${place.shown} has not been read in this session. Read it with read_file first.`);
  }
  if (known.fingerprint !== fingerprint) {
    throw new Error(
      `${place.shown} has changed on disk since it was last read. Read it again, then make the change to what it says now.`,
    );
  }
}

/** @throws unless the session has read all of the file, and the file is still what it was then. */
export function requireReadWhole(workspace: Workspace, place: ResolvedPath, fingerprint: string): void {
  requireRead(workspace, place, fingerprint);
  if (knownOf(workspace.lastRead.get(place.absolute))?.readTo === WHOLE) return;
  throw new Error(
    `${place.shown} has been read only in part, and write_file would replace all of it. Change a part of it with edit_file, or read the rest first.`,
  );
}

const WHOLE = Number.POSITIVE_INFINITY;

function knownOf(value: string | undefined): { fingerprint: string; readTo: number } | undefined {
  const [fingerprint, line] = value?.split(" ") ?? [];
  if (fingerprint === undefined) return undefined;
  return { fingerprint, readTo: line === undefined ? WHOLE : Number(line) };
}
