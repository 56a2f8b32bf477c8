import type { Dirent } from "node:fs";
import { readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, fileKind, fsError, isMissing } from "./fs-errors.ts";
import { byCodePoint, type ResolvedPath, relativePath, resolvePath, showName } from "./guard.ts";
import { refuseNeverWalked, type WalkedFolder, walkFolders } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

export interface Listing {
  /** Paths relative to the workspace, sorted: "src/", "src/index.ts", "latest.log -> logs/9.log". */
  readonly entries: string[];
  /** What is left out, and how to see it. */
  readonly notice?: string;
}

const MAX_ENTRIES = 500;
const MAX_VISITED = 20_000;

/**
 * Lists what is in a folder and below it, without .git, node_modules and what .gitignore files exclude. Of a big
 * tree it shows 500 entries: whole levels from the top, and of the level that does not fit, as much of each folder.
 * @param depth how many levels to show; all by default
 */
export async function listFolder(
  workspace: Workspace,
  path: string = ".",
  depth?: number | undefined,
): Promise<Listing> {
  if (depth !== undefined && !(Number.isSafeInteger(depth) && depth >= 1)) {
    throw new Error(`depth is ${depth}, and must be a whole number from 1.`);
  }
  const place = await resolvePath(workspace, path);
  await requireFolder(workspace, place);
  const walked: WalkedFolder[] = [];
  let total = 0;
  for await (const folder of walkFolders(workspace, place.absolute, depth)) {
    walked.push(folder);
    total += folder.entries.length;
    if (total > MAX_VISITED) break;
  }
  const [start] = walked;
  if (start?.error !== undefined) throw fsError(start.error, `list ${place.shown}`);
  const folders = withShares(walked);
  const entries = await Promise.all(
    folders.flatMap((folder) => picked(folder).map((entry) => showEntry(workspace, folder.absolute, entry))),
  );
  const notice = [
    ...leftOutNotices(workspace, folders, entries.length, total),
    ...unreadableNotices(workspace, folders),
    ...emptyNotices(place, start),
  ].join(" ");
  return { entries: entries.sort(byCodePoint), ...(notice && { notice }) };
}

async function requireFolder(workspace: Workspace, place: ResolvedPath): Promise<void> {
  refuseNeverWalked(workspace, place);
  const stats = await stat(place.absolute).catch((error: unknown) => {
    if (isMissing(error)) throw new Error(`${place.shown} does not exist. List "." to see what does.`);
    throw fsError(error, `list ${place.shown}`);
  });
  if (stats.isDirectory()) return;
  const next = stats.isFile() ? "Read it with read_file." : "Only folders can be listed.";
  throw new Error(`${place.shown} is ${fileKind(stats)}. ${next}`);
}

interface ListedFolder extends WalkedFolder {
  /** How many of its entries are in the list. */
  readonly share: number;
}

/** Level by level while there is room. */
function withShares(walked: readonly WalkedFolder[]): ListedFolder[] {
  let room = MAX_ENTRIES;
  return [...Map.groupBy(walked, ({ level }) => level).values()].flatMap((level) => {
    const shares = fairShares(
      level.map(({ entries }) => entries.length),
      room,
    );
    room -= shares.reduce((sum, share) => sum + share, 0);
    return level.map((folder, index) => ({ ...folder, share: shares[index] ?? 0 }));
  });
}

/** Folders come before files where not all have room. */
function picked({ entries, share }: ListedFolder): Dirent[] {
  const foldersFirst = entries.toSorted((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()));
  return foldersFirst.slice(0, share);
}

async function showEntry(workspace: Workspace, folder: string, entry: Dirent): Promise<string> {
  const absolute = join(folder, entry.name);
  const shown = showName(relativePath(workspace.root, absolute));
  if (entry.isDirectory()) return `${shown}/`;
  if (entry.isFile()) return shown;
  if (!entry.isSymbolicLink()) return `${shown} (${fileKind(entry)})`;
  return `${shown} -> ${showName(await readlink(absolute).catch(() => "?"))}`;
}

function leftOutNotices(
  { root }: Workspace,
  folders: readonly ListedFolder[],
  shown: number,
  total: number,
): string[] {
  if (shown === total) return [];
  const leftOut = ({ entries, share }: ListedFolder) => entries.length - share;
  const fullest = folders.reduce((a, b) => (leftOut(b) > leftOut(a) ? b : a));
  const where = `${showName(relativePath(root, fullest.absolute))} (${leftOut(fullest)})`;
  const atLeast = total > MAX_VISITED ? "at least " : "";
  return [
    `${shown} of ${atLeast}${total} entries; ${atLeast}${total - shown} are left out, the most in ${where}. Narrow the list with path (a subfolder) or depth.`,
  ];
}

function unreadableNotices({ root }: Workspace, folders: readonly WalkedFolder[]): string[] {
  const unreadable = folders.filter(({ error }) => error !== undefined);
  if (unreadable.length === 0) return [];
  const shown = unreadable
    .slice(0, 5)
    .map(({ absolute, error }) => `${showName(relativePath(root, absolute))} (${errorCode(error)})`);
  const more = unreadable.length > 5 ? ` and ${unreadable.length - 5} more` : "";
  return [`Could not be read: ${shown.join(", ")}${more}.`];
}

function emptyNotices(place: ResolvedPath, start: WalkedFolder | undefined): string[] {
  if (!start || start.entries.length > 0) return [];
  return [
    start.excluded > 0
      ? `${place.shown} holds nothing but what is excluded (.git, node_modules, .gitignore).`
      : `${place.shown} is empty.`,
  ];
}

/** Splits room among those who ask for it: everyone gets the same, and what one does not need goes to the others. */
export function fairShares(wishes: readonly number[], room: number): number[] {
  const shares = wishes.map(() => 0);
  const modestFirst = wishes.map((wish, index) => ({ wish, index })).sort((a, b) => a.wish - b.wish);
  let left = room;
  for (const [served, { wish, index }] of modestFirst.entries()) {
    const share = Math.min(wish, Math.floor(left / (modestFirst.length - served)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
