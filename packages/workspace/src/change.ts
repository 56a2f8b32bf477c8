import type { ChangePlan, FileChange, Reversal } from "@eightfold/core";
import type { StructuredPatch } from "diff";
import { type ResolvedPath, relativePath, resolveFilePath, showName, statIfThere } from "./guard.ts";
import { recordChange } from "./read.ts";
import { deleteFile, missingFolders, requireSame, saveFile } from "./save.ts";
import { commonEnds, reduceLongLines } from "./text.ts";
import { fingerprintOf, type LoadedText, loadIfThere } from "./text-file.ts";
import type { Workspace } from "./workspace.ts";

/** A longer text is not kept for its reversal. In UTF-16 units, as all lengths here. */
const MAX_KEPT = 1_000_000;

/** Beyond this many changed lines the fewest that differ take seconds to find. */
const MAX_CHANGED_LINES = 2000;

/** Nobody can agree to what they have not seen: this is more than a model writes. */
const MAX_DIFF = 1_000_000;

/** What is worth keeping once a change has landed. */
const MAX_KEPT_DIFF = 100_000;

/** Plans to give a file a new text. */
export async function planChange(
  workspace: Workspace,
  place: ResolvedPath,
  before: LoadedText | undefined,
  after: string,
): Promise<ChangePlan> {
  const diff = await diffTexts(place.shown, before?.text ?? "", after);
  const path = relativePath(workspace.root, place.absolute);
  const change = { path: place.shown, created: before === undefined };
  const fingerprint = await fingerprintOf(after);
  const folders = await missingFolders(place);
  return {
    type: "change",
    ...change,
    ...diff,
    path,
    reversal: {
      path,
      ...(before && { before: before.fingerprint }),
      after: fingerprint,
      ...(folders > 0 && { folders }),
      ...replacedPiece(before?.text ?? "", after),
    },
    check: async () => requireSame(place, await statIfThere(place, "write"), before?.stats),
    async land() {
      await saveInTurn(() => saveFile(workspace, place, after, before));
      recordChange(workspace, place, fingerprint);
      return { ...change, ...shortened(place.shown, diff, MAX_KEPT_DIFF) };
    },
  };
}

/** The piece of a new text that took the place of an old one, and the old one unless it is too long to keep. */
function replacedPiece(before: string, after: string): Pick<Reversal, "start" | "length" | "text"> {
  const { start, end } = commonEnds(before, after);
  const text = before.slice(start, before.length - end);
  return { start, length: after.length - end - start, ...(text.length <= MAX_KEPT && { text }) };
}

type TextDiff = Pick<FileChange, "diff" | "added" | "removed">;

/** What changed between two texts, for a person to read: unified, three lines of context, long lines reduced to what differs in them; empty when nothing changed. */
export async function diffTexts(path: string, before: string, after: string): Promise<TextDiff> {
  if (before === after) return { diff: "", added: 0, removed: 0 };
  const { FILE_HEADERS_ONLY, formatPatch, structuredPatch } = await import("diff");
  const options = { context: 3, maxEditLength: MAX_CHANGED_LINES };
  const patch = structuredPatch("", "", before, after, undefined, undefined, options);
  const hunks = patch?.hunks ?? [hunkOfAll(before, after)];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const added = lines.filter((line) => line.startsWith("+")).length;
  const removed = lines.filter((line) => line.startsWith("-")).length;
  const names = { oldFileName: `a/${path}`, newFileName: `b/${path}` };
  const headers = { oldHeader: undefined, newHeader: undefined };
  const shown = hunks.map((hunk) => ({ ...hunk, lines: reduceLongLines(hunk.lines) }));
  const diff = formatPatch({ ...names, ...headers, hunks: shown }, FILE_HEADERS_ONLY);
  return shortened(path, { diff, added, removed }, MAX_DIFF);
}

function shortened(path: string, { diff, added, removed }: TextDiff, limit: number): TextDiff {
  const counts = `(too long to show: ${added} lines added, ${removed} removed)`;
  const short = `--- a/${path}\n+++ b/${path}\n${counts}\n`;
  return { diff: diff.length > limit ? short : diff, added, removed };
}

/** All lines between the first and the last that differ, gone and come again. */
function hunkOfAll(before: string, after: string): StructuredPatch["hunks"][number] {
  const linesOf = (text: string) => (text === "" ? [] : text.split(/(?<=\n)/));
  const [old, now] = [linesOf(before), linesOf(after)];
  const { start, end } = commonEnds(old, now);
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  const lines = [...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)];
  return {
    oldStart: start + 1,
    oldLines: gone.length,
    newStart: start + 1,
    newLines: come.length,
    lines: lines.flatMap((line) =>
      line.endsWith("\n") ? line.slice(0, -1) : [line, "\\ No newline at end of file"],
    ),
  };
}

/** Runs what it is given one after another, past what fails. */
export function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}

/** An undo waits for the edit that is landing, of a turn that was interrupted. */
const saveInTurn = createQueue();

/**
 * Takes changes back, the last one first: files are as they were before the first, and those that the changes created
 * are gone. A change that never landed, or is back already, is passed over.
 * @returns the files that it touched
 * @throws when a file is not what the changes made of it; then all files stay as they are
 */
export function takeBack(workspace: Workspace, changes: readonly Reversal[]) {
  return saveInTurn(() => reverseAll(workspace, changes));
}

async function reverseAll(workspace: Workspace, changes: readonly Reversal[]) {
  const drafts = new Map<string, Draft>();
  for (const change of changes.toReversed()) {
    const draft = drafts.get(change.path) ?? (await openDraft(workspace, change.path));
    drafts.set(change.path, draft);
    await reverse(draft, change);
  }
  const touched = [...drafts.values()].filter(({ now, fingerprint }) => now?.fingerprint !== fingerprint);
  for (const { place, now, text, folders } of touched) {
    if (text === undefined) await deleteFile(workspace, place, folders);
    else await saveFile(workspace, place, text, now);
  }
  return touched.map(({ place, text }) => ({ path: place.shown, deleted: text === undefined }));
}

/** A file while changes to it are taken back. It has no text where there is none. */
async function openDraft(workspace: Workspace, path: string) {
  const place = await resolveFilePath(workspace, path);
  const now = await loadIfThere(workspace, place);
  return { place, now, text: now?.text, fingerprint: now?.fingerprint, folders: 0 };
}

type Draft = Awaited<ReturnType<typeof openDraft>>;

async function reverse(draft: Draft, change: Reversal): Promise<void> {
  const { path, before, after, start, length, text } = change;
  if (draft.fingerprint === before) return;
  if (draft.fingerprint !== after || draft.text === undefined) {
    throw new Error(`${showName(path)} has been changed since. Nothing was undone.`);
  }
  if (text === undefined) throw new Error(`${showName(path)} was too large to keep. Nothing was undone.`);
  const old = draft.text.slice(0, start) + text + draft.text.slice(start + length);
  draft.text = before === undefined ? undefined : old;
  draft.folders = change.folders ?? 0;
  draft.fingerprint = before === undefined ? undefined : await fingerprintOf(old);
  if (draft.fingerprint !== before) {
    throw new Error(`What ${showName(path)} was is not known any more. Nothing was undone.`);
  }
}
