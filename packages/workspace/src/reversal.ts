import { unlink } from "node:fs/promises";
import type { Reversal } from "@eightfold/core";
import { startFingerprint } from "./fingerprint.ts";
import { fsError } from "./fs-errors.ts";
import { type ResolvedPath, relativePath, resolveFilePath, showName } from "./guard.ts";
import { type LoadedText, loadIfThere } from "./load-text.ts";
import { saveFile } from "./save.ts";
import type { Workspace } from "./workspace.ts";

const MAX_LENGTH = 1_000_000;

/** The reversal of a change that is about to be made. */
export function reversalOf(
  workspace: Workspace,
  place: ResolvedPath,
  before: LoadedText | undefined,
  after: { readonly text: string; readonly fingerprint: string },
): Reversal {
  const old = before?.text ?? "";
  const start = commonStart(old, after.text);
  const end = commonEnd(old, after.text, start);
  const text = old.slice(start, old.length - end);
  return {
    path: relativePath(workspace.root, place.absolute),
    ...(before && { before: before.fingerprint }),
    after: after.fingerprint,
    start,
    length: after.text.length - end - start,
    ...(text.length <= MAX_LENGTH && { text }),
  };
}

/** A file while changes to it are taken back: its text, or undefined where there is none. */
interface Draft {
  readonly place: ResolvedPath;
  readonly now: LoadedText | undefined;
  text: string | undefined;
  fingerprint: string | undefined;
}

/**
 * Takes changes back, the last one first: files are as they were before the first, and those that the changes created
 * are gone. A change that never landed, or is back already, is passed over.
 * @returns the files that it touched
 * @throws when a file is not what the changes made of it; then all files stay as they are
 */
export async function takeBack(
  workspace: Workspace,
  changes: readonly Reversal[],
): Promise<{ readonly path: string; readonly deleted: boolean }[]> {
  const drafts = new Map<string, Draft>();
  for (const change of changes.toReversed()) {
    const draft = drafts.get(change.path) ?? (await openDraft(workspace, change.path));
    drafts.set(change.path, draft);
    await reverse(draft, change);
  }
  const touched = [...drafts.values()].filter(({ now, fingerprint }) => now?.fingerprint !== fingerprint);
  for (const { place, now, text } of touched) {
    if (text !== undefined) await saveFile(place, text, now?.stats);
    else
      await unlink(place.absolute).catch((error) => Promise.reject(fsError(error, `delete ${place.shown}`)));
  }
  return touched.map(({ place, text }) => ({ path: place.shown, deleted: text === undefined }));
}

async function openDraft(workspace: Workspace, path: string): Promise<Draft> {
  const place = await resolveFilePath(workspace, path);
  const now = await loadIfThere(workspace, place);
  return { place, now, text: now?.text, fingerprint: now?.fingerprint };
}

async function reverse(draft: Draft, { path, before, after, start, length, text }: Reversal): Promise<void> {
  if (draft.fingerprint === before) return;
  if (draft.fingerprint !== after || draft.text === undefined) {
    throw new Error(`${showName(path)} has been changed since. Nothing was undone.`);
  }
  if (text === undefined) throw new Error(`${showName(path)} was too large to keep. Nothing was undone.`);
  const old = draft.text.slice(0, start) + text + draft.text.slice(start + length);
  draft.text = before === undefined ? undefined : old;
  draft.fingerprint = before === undefined ? undefined : (await startFingerprint()).update(old).digest("hex");
  if (draft.fingerprint !== before) {
    throw new Error(`What ${showName(path)} was is not known any more. Nothing was undone.`);
  }
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Without what both begin with. */
function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}
