import type { ChangePlan, FileChange } from "@eightfold/core";
import { planChange } from "./change.ts";
import { type ResolvedPath, resolveFilePath } from "./guard.ts";
import { lineEndNear, toLf, viewLines } from "./line-view.ts";
import { loadIfThere, loadText } from "./load-text.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { requireText } from "./require-text.ts";
import { requireSeen } from "./seen.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Replaces the one place where `oldText` stands; every byte outside of it stays. Line ends are matched as LF whatever
 * they are, and new lines end as those around them. An empty `oldText` creates a file that does not exist.
 * @throws unless there is exactly one such place, in a file that was read in this session and is still the same.
 */
export async function replaceText(
  workspace: Workspace,
  path: string,
  oldText: string,
  newText: string,
): Promise<FileChange> {
  const place = await resolveFilePath(workspace, path);
  return oneAtATime(place.absolute, async () => (await planAt(workspace, place, oldText, newText)).land());
}

/** The same, to be looked at before it lands. */
export async function planReplace(
  workspace: Workspace,
  path: string,
  oldText: string,
  newText: string,
): Promise<ChangePlan> {
  return planAt(workspace, await resolveFilePath(workspace, path), oldText, newText);
}

async function planAt(
  workspace: Workspace,
  place: ResolvedPath,
  oldText: string,
  newText: string,
): Promise<ChangePlan> {
  requireText("old_text", oldText);
  requireText("new_text", newText);
  if (oldText === "") {
    if (await loadIfThere(workspace, place)) throw new Error(notEmpty(place.shown));
    return planChange(workspace, place, undefined, newText);
  }
  const file = await loadText(workspace, place);
  requireSeen(workspace, place, file.fingerprint);
  const after = await spliced(file.text, toLf(oldText), toLf(newText), place.shown);
  return planChange(workspace, place, file, after);
}

async function spliced(raw: string, wanted: string, replacement: string, shown: string): Promise<string> {
  if (wanted === replacement) {
    throw new Error(
      `old_text and new_text are the same, so nothing in ${shown} would change. Line ends cannot be changed here.`,
    );
  }
  const view = viewLines(raw);
  const index = await onlyPlace(view.text, wanted, shown);
  // What both begin or end with is left alone: its line ends may differ from those of the lines that change.
  const head = commonStart(wanted, replacement);
  const tail = commonEnd(wanted.slice(head), replacement.slice(head));
  const start = view.rawIndex(index + head);
  const end = view.rawIndex(index + wanted.length - tail);
  const inserted = replacement.slice(head, replacement.length - tail);
  return raw.slice(0, start) + inserted.replaceAll("\n", lineEndNear(raw, start)) + raw.slice(end);
}

const MAX_PLACES = 1000;

async function onlyPlace(text: string, wanted: string, shown: string): Promise<number> {
  const places: number[] = [];
  for (
    let at = text.indexOf(wanted);
    at >= 0 && places.length < MAX_PLACES;
    at = text.indexOf(wanted, at + 1)
  ) {
    places.push(at);
  }
  const [first] = places;
  if (first === undefined) {
    const { explainMiss } = await import("./nearest-text.ts");
    throw new Error(`old_text is not in ${shown}. ${explainMiss(text, wanted)}`);
  }
  if (places.length === 1) return first;
  const count = places.length === MAX_PLACES ? `${MAX_PLACES} times or more` : `${places.length} times`;
  throw new Error(
    `old_text is in ${shown} ${count}, on lines ${lineNumbers(text, places)}. Include more of the text around the one to change, so that it is there once.`,
  );
}

function lineNumbers(text: string, places: readonly number[]): string {
  const shown = places.slice(0, 10).map((place) => text.slice(0, place).split("\n").length);
  return `${[...new Set(shown)].join(", ")}${places.length > 10 ? ", …" : ""}`;
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function commonEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

function notEmpty(shown: string): string {
  return `${shown} already exists, so old_text must be the text in it to replace. An empty old_text only creates a new file.`;
}
