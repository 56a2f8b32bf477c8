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
  const folders: WalkedFolder[] = [];
  let total = 0;
  for await (const folder of walkFolders(workspace, place.absolute, depth)) {
    folders.push(folder);
    total += folder.entries.length;
    if (total > MAX_VISITED) break;
  }
  const [start] = folders;
  if (start?.error !== undefined) throw fsError(start.error, `list ${place.shown}`);
  const taken = pickEntries(folders);
  const entries = await Promise.all(taken.map((entry) => showEntry(workspace, entry)));
  const notice = [
    ...leftOutNotices(workspace, folders, taken, total),
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

interface Taken {
  readonly folder: WalkedFolder;
  readonly entry: Dirent;
}

/** Level by level while there is room. In the level that does not fit, folders come before files. */
function pickEntries(folders: readonly WalkedFolder[]): Taken[] {
  const taken: Taken[] = [];
  const levels = Map.groupBy(folders, ({ level }) => level);
  for (const level of levels.values()) {
    const shares = fairShares(
      level.map(({ entries }) => entries.length),
      MAX_ENTRIES - taken.length,
    );
    for (const [index, folder] of level.entries()) {
      const { entries } = folder;
      const foldersFirst = [
        ...entries.filter((e) => e.isDirectory()),
        ...entries.filter((e) => !e.isDirectory()),
      ];
      taken.push(...foldersFirst.slice(0, shares[index]).map((entry) => ({ folder, entry })));
    }
  }
  return taken;
}

async function showEntry(workspace: Workspace, { folder, entry }: Taken): Promise<string> {
  const absolute = join(folder.absolute, entry.name);
  const shown = showName(relativePath(workspace.root, absolute));
  if (entry.isDirectory()) return `${shown}/`;
  if (entry.isFile()) return shown;
  if (!entry.isSymbolicLink()) return `${shown} (${fileKind(entry)})`;
  return `${shown} -> ${showName(await readlink(absolute).catch(() => "?"))}`;
}

function leftOutNotices(
  workspace: Workspace,
  folders: readonly WalkedFolder[],
  taken: readonly Taken[],
  total: number,
): string[] {
  if (taken.length === total) return [];
  const counts = new Map(folders.map((folder) => [folder, folder.entries.length]));
  for (const { folder } of taken) counts.set(folder, (counts.get(folder) ?? 0) - 1);
  const [fullest, most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const atLeast = total > MAX_VISITED ? "at least " : "";
  return [
    `${taken.length} of ${atLeast}${total} entries; ${atLeast}${total - taken.length} are left out, the most in ${showName(relativePath(workspace.root, fullest.absolute))} (${most}). Narrow the list with path (a subfolder) or depth.`,
  ];
}

function unreadableNotices(workspace: Workspace, folders: readonly WalkedFolder[]): string[] {
  const unreadable = folders.filter(({ error }) => error !== undefined);
  if (unreadable.length === 0) return [];
  const shown = unreadable
    .slice(0, 5)
    .map(
      ({ absolute, error }) => `${showName(relativePath(workspace.root, absolute))} (${errorCode(error)})`,
    );
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
