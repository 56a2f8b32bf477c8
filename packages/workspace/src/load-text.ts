import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { fsError, isMissing } from "./fs-errors.ts";
import type { ResolvedPath } from "./guard.ts";
import { scanText } from "./text-file.ts";
import type { Workspace } from "./workspace.ts";

/** A file whole in memory, about to be changed. */
export interface LoadedText {
  /** As it is on disk: byte order mark, line ends and all. */
  readonly text: string;
  readonly fingerprint: string;
  readonly stats: Stats;
}

const MAX_CHARACTERS = 50_000_000;

/** @throws for anything but a UTF-8 text of a size that fits in memory. */
export async function loadText(workspace: Workspace, place: ResolvedPath): Promise<LoadedText> {
  const pieces: string[] = [];
  let length = 0;
  const { encoding, fingerprint, stats } = await scanText(workspace, place, (text) => {
    pieces.push(text);
    length += text.length;
    if (length > MAX_CHARACTERS) {
      throw new Error(
        `${place.shown} is too large to change here: it has more than ${MAX_CHARACTERS} characters.`,
      );
    }
  });
  if (encoding !== "utf-8") {
    throw new Error(`${place.shown} is UTF-16 text. Only UTF-8 text can be changed.`);
  }
  return { text: pieces.join(""), fingerprint, stats };
}

/** The same, or undefined where there is nothing yet. */
export async function loadIfThere(
  workspace: Workspace,
  place: ResolvedPath,
): Promise<LoadedText | undefined> {
  try {
    await lstat(place.absolute);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fsError(error, `write ${place.shown}`);
  }
  return loadText(workspace, place);
}
