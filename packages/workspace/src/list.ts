import type { Dirent } from "node:fs";
import { readlink } from "node:fs/promises";
import { join, posix } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { editDistance } from "@eightfold/core";
import { errorCode, fileKind, fsError } from "./fs-errors.ts";
import type { ResolvedPath } from "./guard.ts";
import { byCodePoint, relativePath, requireCount, resolvePath, showName, statIfThere } from "./guard.ts";
import { unreadNotice } from "./ignore-rules.ts";
import { isSecret } from "./secrets.ts";
import { namesLeftOut, refuseNeverWalked, type WalkedFolder, walkFolders } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

const MAX_ENTRIES = 500;
const MAX_VISITED = 200_000;

/**
 * Lists a folder and everything below it, without what .gitignore files exclude and what is never source (see walk.ts).
 * Of a big tree it shows 500 entries: whole levels from the top, then an equal share of each folder in the level that does not fit.
 * @param depth how many levels to show; all by default
 * @returns paths relative to the workspace, sorted ("src/", "src/index.ts", "latest.log -> logs/9.log"), and what is
 * left out and how to see it
 */
export async function listFolder(
  workspace: Workspace,
  path = ".",
  depth?: number | undefined,
  signal?: AbortSignal,
) {
  if (depth !== undefined) requireCount("depth", depth);
  const place = await resolvePath(workspace, path);
  await requireFolder(workspace, place);
  const walked: WalkedFolder[] = [];
  let total = 0;
  for await (const folder of walkFolders(workspace, place.absolute, depth, signal)) {
    walked.push(folder);
    total += folder.entries.length;
    if (total > MAX_VISITED) break;
  }
  const [start] = walked;
  if (start?.error !== undefined) throw fsError(start.error, `list ${place.shown}`);
  const folders = withShares(walked);
  const entries = await Promise.all(
    folders.flatMap(({ listed }) => listed.map((entry) => showEntry(workspace, entry))),
  );
  const leftOut = namesLeftOut(walked);
  const unread = walked.flatMap((folder) => folder.unread);
  const notices = [
    place.notice,
    leftOutNotice(workspace, folders, entries.length, total),
    unreadableNotice(workspace, folders),
    emptyNotice(place, start),
    leftOut.length > 0 ? `Left out by name: ${leftOut.join(", ")}.` : undefined,
    ...unreadNotice(workspace, unread),
  ];
  const notice = notices.filter((part) => part !== undefined).join(" ");
  return { entries: entries.sort(byCodePoint), ...(notice && { notice }) };
}

async function requireFolder(workspace: Workspace, place: ResolvedPath): Promise<void> {
  refuseNeverWalked(workspace, place);
  const stats = await statIfThere(place, "list");
  if (!stats) throw new Error(`${place.shown} does not exist. List "." to see what does.`);
  if (stats.isDirectory()) return;
  const next = stats.isFile() ? "Read it with read_file." : "Only folders can be listed.";
  throw new Error(`${place.shown} is ${fileKind(stats)}. ${next}`);
}

/** A folder, and those of its entries that the list has room for. */
interface ListedFolder extends WalkedFolder {
  readonly listed: readonly Dirent[];
}

/** Level by level while there is room; where not all of a folder has room, its folders come before its files. */
function withShares(walked: readonly WalkedFolder[]): ListedFolder[] {
  let room = MAX_ENTRIES;
  return [...Map.groupBy(walked, ({ level }) => level).values()].flatMap((level) => {
    const sizes = level.map(({ entries }) => entries.length);
    const shares = fairShares(sizes, room);
    room -= shares.reduce((sum, share) => sum + share, 0);
    return level.map((folder, index) => {
      const foldersFirst = folder.entries.toSorted(
        (a, b) => Number(b.isDirectory()) - Number(a.isDirectory()),
      );
      return { ...folder, listed: foldersFirst.slice(0, shares[index]) };
    });
  });
}

async function showEntry(workspace: Workspace, entry: Dirent): Promise<string> {
  const shown = showName(pathOfEntry(workspace, entry));
  if (entry.isDirectory() || entry.isFile()) return shown + slashOf(entry);
  if (!entry.isSymbolicLink()) return `${shown} (${fileKind(entry)})`;
  return `${shown} -> ${showName(await readlink(join(entry.parentPath, entry.name)).catch(() => "?"))}`;
}

function pathOfEntry({ root }: Workspace, { parentPath, name }: Dirent): string {
  return relativePath(root, join(parentPath, name));
}

const slashOf = (entry: Dirent) => (entry.isDirectory() ? "/" : "");

function leftOutNotice({ root }: Workspace, folders: readonly ListedFolder[], shown: number, total: number) {
  if (shown === total) return undefined;
  const leftOut = ({ entries, listed }: ListedFolder) => entries.length - listed.length;
  const fullest = folders.reduce((a, b) => (leftOut(b) > leftOut(a) ? b : a));
  const where = `${showName(relativePath(root, fullest.absolute))} (${leftOut(fullest)})`;
  const atLeast = total > MAX_VISITED ? "at least " : "";
  return `${shown} of ${atLeast}${total} entries; ${atLeast}${total - shown} are left out, the most in ${where}. Narrow the list with path (a subfolder) or depth.`;
}

function unreadableNotice({ root }: Workspace, folders: readonly WalkedFolder[]) {
  const unreadable = folders.filter(({ error }) => error !== undefined);
  if (unreadable.length === 0) return undefined;
  const shown = unreadable.slice(0, 5).map(({ absolute, error }) => {
    const reason = absolute.includes("\ufffd") ? "its name is not UTF-8" : errorCode(error);
    return `${showName(relativePath(root, absolute))} (${reason})`;
  });
  const more = unreadable.length > 5 ? ` and ${unreadable.length - 5} more` : "";
  return `Could not be read: ${shown.join(", ")}${more}.`;
}

function emptyNotice(place: ResolvedPath, start: WalkedFolder | undefined) {
  if (!start || start.entries.length > 0) return undefined;
  if (start.excluded === 0) return `${place.shown} is empty.`;
  return `${place.shown} holds nothing but what is excluded (.git, node_modules, .gitignore).`;
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

/** How many entries are looked at for a path that a model got wrong. */
const MAX_FOR_SIMILAR = 5000;

/** That there is no such file, and up to three whose paths are like its path, the most alike first. */
export async function missingFile(workspace: Workspace, { shown }: ResolvedPath): Promise<Error> {
  const wanted = folded(shown);
  const found: { path: string; distance: number }[] = [];
  let visited = 0;
  for await (const { entries } of walkFolders(workspace, workspace.root)) {
    for (const entry of entries.filter((each) => !each.isDirectory())) {
      const path = pathOfEntry(workspace, entry);
      const distance = pathDistance(folded(path), wanted);
      if (distance !== undefined) found.push({ path: showName(path), distance });
    }
    visited += entries.length;
    if (visited > MAX_FOR_SIMILAR) break;
  }
  found.sort((a, b) => a.distance - b.distance || byCodePoint(a.path, b.path));
  const similar = found.slice(0, 3).map(({ path }) => path);
  const next = similar.length
    ? `. Did you mean ${similar.join(" or ")}?`
    : ", and no file in the workspace has a name like it.";
  return new Error(`${shown} does not exist${next}`);
}

/** One form for names that a reader takes for the same: letter case, Unicode forms, Windows separators. */
function folded(path: string): string {
  return path.normalize("NFKC").toLowerCase().replaceAll("\\", "/");
}

/** 0 for the same path, below 1 for the same name in another folder, more for a name with slips; undefined for a stranger. */
function pathDistance(path: string, target: string): number | undefined {
  if (path === target) return 0;
  const [name, targetName] = [posix.basename(path), posix.basename(target)];
  if (name === targetName) return 0.5;
  const longer = Math.max(name.length, targetName.length);
  if (Math.abs(name.length - targetName.length) > longer / 3) return undefined;
  const distance = editDistance(name, targetName);
  return distance <= longer / 3 ? distance : undefined;
}

/** So long a list is new: who goes on typing needs no other. */
const FRESH_MS = 2_000;

interface Listing {
  paths?: readonly string[];
  running?: Promise<readonly string[]> | undefined;
  listedAt: number;
}

const listings = new WeakMap<Workspace, Listing>();

/**
 * The paths that a half-typed one may mean: those of the whole workspace, or of its own folder if the list leaves that out, as
 * it does with ignored ones. Possible secrets are never offered. Folders end in "/". A list older than two seconds is still
 * given, and renewed for the next caller.
 */
export async function completePath(workspace: Workspace, path: string): Promise<readonly string[]> {
  const paths = await pathsOf(workspace);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const named = folder === "" || paths.includes(folder) ? [] : await pathsIn(workspace, folder);
  return named.length > 0 ? named : paths;
}

async function pathsOf(workspace: Workspace): Promise<readonly string[]> {
  const listing = listings.get(workspace) ?? { listedAt: Number.NEGATIVE_INFINITY };
  listings.set(workspace, listing);
  if (!listing.running && performance.now() - listing.listedAt > FRESH_MS)
    listing.running = list(workspace, listing);
  return listing.paths ?? listing.running ?? [];
}

async function list(workspace: Workspace, listing: Listing): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    for await (const folder of walkFolders(workspace, workspace.root)) {
      const { root } = workspace;
      const prefix = folder.absolute === root ? "" : `${relativePath(root, folder.absolute)}/`;
      for (const path of pathsOffered(prefix, folder)) paths.push(path);
      if (paths.length > MAX_VISITED) break;
      await nextTurn(); // somebody types meanwhile
    }
  } catch {
    // What cannot be listed is not offered.
  }
  Object.assign(listing, { paths, running: undefined, listedAt: performance.now() });
  return paths;
}

function pathsOffered(prefix: string, { entries }: WalkedFolder): string[] {
  return entries.map((entry) => prefix + entry.name + slashOf(entry)).filter((path) => !isSecret(path));
}

/** What is in a folder that was named. */
async function pathsIn(workspace: Workspace, folder: string): Promise<readonly string[]> {
  const place = await resolvePath(workspace, folder).catch(() => undefined);
  if (!place) return [];
  for await (const walked of walkFolders(workspace, place.absolute, 1)) return pathsOffered(folder, walked);
  return [];
}
