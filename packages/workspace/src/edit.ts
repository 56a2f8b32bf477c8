import { createQueue, planChange } from "./change.ts";
import { resolveFilePath } from "./guard.ts";
import { requireRead } from "./read.ts";
import { commonEnds, explainMiss, lineEndNear, lineEndsOf, toLf, viewLines } from "./text.ts";
import { loadIfThere, loadText } from "./text-file.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Plans to replace the one place that has `oldText`, and keeps every byte outside it. Line ends are matched as LF whatever they
 * are, and new lines end like those around them. An empty `oldText` creates a file that does not exist.
 * @throws unless there is exactly one such place, in a file that was read in this session and is still the same.
 */
export async function planReplace(workspace: Workspace, path: string, oldText: string, newText: string) {
  const place = await resolveFilePath(workspace, path);
  requireText("old_text", oldText);
  requireText("new_text", newText);
  if (oldText === "") {
    if (!(await loadIfThere(workspace, place))) return planChange(workspace, place, undefined, newText);
    throw new Error(
      `${place.shown} already exists, so old_text must be the text in it to replace. An empty old_text only creates a new file.`,
    );
  }
  const file = await loadText(workspace, place);
  requireRead(workspace, place, file, "some");
  const after = spliced(file.text, toLf(oldText), toLf(newText), place.shown);
  return planChange(workspace, place, file, after);
}

/**
 * Plans to write a whole file, making its parent folders. The content is written as given, except that it keeps what `read_file`
 * does not show of the old file: a byte order mark, and line ends if they are all of one kind.
 * @throws for an existing file unless all of it was read in this session, and it is still the same.
 */
export async function planWrite(workspace: Workspace, path: string, content: string) {
  const place = await resolveFilePath(workspace, path);
  requireText("content", content);
  const before = await loadIfThere(workspace, place);
  if (before) requireRead(workspace, place, before, "all");
  return planChange(workspace, place, before, before ? asBefore(before.text, content) : content);
}

function asBefore(before: string, content: string): string {
  const [end = "\n", ...others] = new Set(before.match(lineEndsOf(before)));
  const mark = before.startsWith("\uFEFF") && !content.startsWith("\uFEFF") ? "\uFEFF" : "";
  return mark + (others.length > 0 || content.includes("\r") ? content : content.replaceAll("\n", end));
}

const changeInTurn = createQueue();

/** Does what `planReplace` plans, after the changes that were asked for before. */
export function replaceText(workspace: Workspace, path: string, oldText: string, newText: string) {
  return changeInTurn(async () => (await planReplace(workspace, path, oldText, newText)).land());
}

/** Does what `planWrite` plans, after the changes that were asked for before. */
export function writeText(workspace: Workspace, path: string, content: string) {
  return changeInTurn(async () => (await planWrite(workspace, path, content)).land());
}

/**
 * Checks a text that a model gave before anything is done with it: a missing one must never empty a file.
 * @throws for what is not text, or what no text file can hold.
 */
function requireText(name: string, text: string): void {
  if (typeof text !== "string")
    throw new Error(`There is no ${name}, so nothing was changed. Give it as a string.`);
  if (text.includes("\0"))
    throw new Error(`${name} holds a NUL character, which no text file does. Leave it out.`);
  if (!text.isWellFormed())
    throw new Error(`${name} holds half of a surrogate pair. Write the whole character.`);
}

function spliced(raw: string, wanted: string, replacement: string, shown: string): string {
  if (wanted === replacement) {
    throw new Error(
      `old_text and new_text are the same, so nothing in ${shown} would change. Line ends cannot be changed here.`,
    );
  }
  const view = viewLines(raw);
  const index = onlyPlace(raw, view, wanted, shown);
  // What both begin or end with is left alone: its line ends may differ from those of the lines that change.
  const common = commonEnds(wanted, replacement);
  const start = view.rawIndex(index + common.start);
  const end = view.rawIndex(index + wanted.length - common.end);
  const inserted = replacement.slice(common.start, replacement.length - common.end);
  return raw.slice(0, start) + inserted.replaceAll("\n", lineEndNear(raw, start)) + raw.slice(end);
}

const MAX_PLACES = 1000;

function onlyPlace(raw: string, view: ReturnType<typeof viewLines>, wanted: string, shown: string): number {
  const { text, rawIndex } = view;
  const places: number[] = [];
  let at = text.indexOf(wanted);
  while (at >= 0 && places.length < MAX_PLACES) {
    places.push(at);
    at = text.indexOf(wanted, at + 1);
  }
  const [first] = places;
  if (first === undefined) throw new Error(`old_text is not in ${shown}. ${explainMiss(raw, wanted)}`);
  if (places.length === 1) return first;
  const count = places.length === MAX_PLACES ? `${MAX_PLACES} times or more` : `${places.length} times`;
  const lines = new Set(
    places.slice(0, 10).map((place) => raw.slice(0, rawIndex(place)).split(lineEndsOf(raw)).length),
  );
  const numbers = `${lines.size > 1 ? "lines" : "line"} ${[...lines].join(", ")}${places.length > 10 ? ", …" : ""}`;
  throw new Error(
    `old_text is in ${shown} ${count}, on ${numbers}. Include more of the text around the one to change, so that it is there once.`,
  );
}
