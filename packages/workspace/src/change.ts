import type { ChangePlan, Reversal } from "@eightfold/core";
import { diffTexts, shortened } from "./diff.ts";
import { type ResolvedPath, relativePath, resolveFilePath, showName } from "./guard.ts";
import { recordChange } from "./read.ts";
import { deleteFile, missingFolders, requireSame, saveFile } from "./save.ts";
import { commonEnds } from "./text.ts";
import { fingerprintOf, type LoadedText, loadIfThere } from "./text-file.ts";
import type { Workspace } from "./workspace.ts";

/** A longer text is not kept for its reversal. In UTF-16 units, as all lengths here. */
const MAX_KEPT = 1_000_000;

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
  const fingerprint = fingerprintOf(after);
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
    check: () => requireSame(place, before?.stats),
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
 * @throws when a file is not what the changes made of it, or cannot be written; then all files stay as they are
 */
export function takeBack(workspace: Workspace, changes: readonly Reversal[]) {
  return saveInTurn(() => reverseAll(workspace, changes));
}

async function reverseAll(workspace: Workspace, changes: readonly Reversal[]) {
  const drafts = new Map<string, Draft>();
  for (const change of changes.toReversed()) {
    const draft = drafts.get(change.path) ?? (await openDraft(workspace, change.path).catch(nothingUndone));
    drafts.set(change.path, draft);
    reverse(draft, change);
  }
  const touched = [...drafts.values()].filter(({ now, fingerprint }) => now?.fingerprint !== fingerprint);
  for (const [index, { place, now, text, folders }] of touched.entries()) {
    const put =
      text === undefined ? deleteFile(workspace, place, folders) : saveFile(workspace, place, text, now);
    await put.catch(async (error: Error) => {
      for (const { place, now } of touched.slice(0, index))
        await saveFile(workspace, place, now?.text ?? "", await loadIfThere(workspace, place));
      nothingUndone(error);
    });
  }
  return touched.map(({ place, text }) => ({ path: place.shown, deleted: text === undefined }));
}

/** A file while changes to it are taken back. It has no text where there is none. */
async function openDraft(workspace: Workspace, path: string) {
  const place = await resolveFilePath(workspace, path);
  const now = await loadIfThere(workspace, place);
  return { place, now, text: now?.text, fingerprint: now?.fingerprint, folders: 0 };
}

const nothingUndone = (error: Error): never => {
  throw new Error(`Nothing was undone: ${error.message}`, { cause: error });
};

/**
 * What changes have done to files so far, as Markdown: a diff for each file that differs from before the first change. Files
 * that something else has changed since are named.
 */
export async function diffOfChanges(
  workspace: Workspace,
  made: readonly { readonly change: Reversal }[],
): Promise<string> {
  const changes = made.map(({ change }) => change);
  const diffs: string[] = [];
  const unknown: string[] = [];
  for (const path of new Set(changes.map((change) => change.path))) {
    try {
      const draft = await openDraft(workspace, path);
      const after = draft.text ?? "";
      for (const change of changes.toReversed()) if (change.path === path) reverse(draft, change);
      const { diff } = await diffTexts(draft.place.shown, draft.text ?? "", after);
      if (diff !== "") diffs.push(diff.trimEnd());
    } catch {
      unknown.push(`- ${showName(path)} has been changed by something else since.`);
    }
  }
  const tildes = Array.from(diffs.join("\n").matchAll(/~+/g), ([run]) => run.length + 1);
  const fence = "~".repeat(Math.max(3, ...tildes));
  const shown = diffs.length > 0 ? `${fence}diff\n${diffs.join("\n")}\n${fence}` : "";
  return [shown, unknown.join("\n")].filter(Boolean).join("\n\n") || "No tool has changed a file.";
}

type Draft = Awaited<ReturnType<typeof openDraft>>;

function reverse(draft: Draft, change: Reversal): void {
  const { path, before, after, start, length, text } = change;
  if (draft.fingerprint === before) return;
  if (draft.fingerprint !== after || draft.text === undefined) {
    throw new Error(`${showName(path)} has been changed since. Nothing was undone.`);
  }
  if (text === undefined) throw new Error(`${showName(path)} was too large to keep. Nothing was undone.`);
  const old = draft.text.slice(0, start) + text + draft.text.slice(start + length);
  draft.text = before === undefined ? undefined : old;
  draft.folders = change.folders ?? 0;
  draft.fingerprint = before === undefined ? undefined : fingerprintOf(old);
  if (draft.fingerprint !== before) {
    throw new Error(`The old text of ${showName(path)} is not known any more. Nothing was undone.`);
  }
}
