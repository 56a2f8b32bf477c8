import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ToolCall } from "@eightfold/core";
import type { Workspace } from "./workspace.ts";

/** `@src/a.ts`, `@"two words.md"`, `@a.ts:10-40`, where a word begins; a mail address and the `@@` of a diff name none. */
const NAMED = /(?<![^\s([{])@(?:"([^"\n]+)"|'([^'\n]+)'|([^\s@"'][^\s"]*))(:\d+(?:-\d*)?(?![\w:]))?/g;

/** What ends a sentence, or what is around a word, and no name. */
const SENTENCE_END = /[.,;:!?()[\]{}'`]+$/;

/** At most this many names without a file are reported. */
const MOST_TOLD = 3;

/**
 * What the user's text names after an `@`, as calls that read it: `read_file` for a file or some of its lines, `list_files` for
 * a folder. A name that is not on the disk is a word like any other, and is reported to `tell`.
 */
export async function callsNamedIn({ root }: Workspace, text: string, tell: (notice: string) => void) {
  const calls = new Map<string, ToolCall>();
  const missing = new Set<string>();
  for (const [whole, double, single, bare = "", lines] of text.matchAll(NAMED)) {
    const quoted = double ?? single;
    const places = quoted === undefined ? placesIn(bare) : [{ path: quoted, lines }];
    const place = (await Promise.all(places.map((each) => found(root, each)))).find((each) => each);
    if (place) calls.set(place.id, place);
    else missing.add(whole.replace(SENTENCE_END, ""));
  }
  if (missing.size > 0) tell(`There is no file ${listed([...missing])}: sent as text.`);
  return [...calls.values()];
}

/** What a bare word may mean, the likeliest first: all of it may be a name, or the end of it a range, or the sentence's. */
function placesIn(word: string) {
  const words = [word, word.replace(SENTENCE_END, "")];
  return words.flatMap((each) => {
    const [, path = each, lines] = /^(.+?)(:\d+(?:-\d*)?)$/.exec(each) ?? [];
    return [{ path: each, lines: undefined }, ...(lines ? [{ path, lines }] : [])];
  });
}

/** The call that reads it; undefined where there is no such file. Whether it may be read is for the call to find out. */
async function found(root: string, { path, lines }: { path: string; lines: string | undefined }) {
  const stats = path.trim() === "" ? undefined : await stat(resolve(root, path)).catch(() => undefined);
  if (!stats) return undefined;
  if (stats.isDirectory()) return { id: `@${path}`, name: "list_files", input: { path } };
  return { id: `@${path}${lines ?? ""}`, name: "read_file", input: { path, ...rangeOf(lines) } };
}

/** ":10-40" are lines 10 to 40, ":10" is line 10, and ":10-" all from there on. */
function rangeOf(lines = "") {
  const [, first, dash, last] = /^:(\d+)(-?)(\d*)$/.exec(lines) ?? [];
  const offset = Number(first);
  if (first === undefined || offset < 1) return {};
  const limit = (dash === "" ? offset : Number(last)) - offset + 1;
  return { offset, ...(limit >= 1 && { limit }) };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_TOLD).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return shown.join(", ") + (names.length > MOST_TOLD ? ", …" : "");
}
