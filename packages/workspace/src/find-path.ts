import type { Dirent } from "node:fs";
import { join } from "node:path";
import { editDistance } from "@eightfold/core";
import { byCodePoint, type ResolvedPath, relativePath, resolvePath, showName } from "./guard.ts";
import { walkFolders } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

/** How many entries are looked at for a path that a model got wrong, and for one that the user is typing. */
const MAX_FOR_SIMILAR = 5000;
const MAX_FOR_COMPLETION = 50_000;

/** That there is no such file, and which ones have a name like it. */
export async function missingFile(workspace: Workspace, place: ResolvedPath): Promise<Error> {
  const similar = await similarPaths(workspace, place.shown);
  const next = similar.length
    ? `. Did you mean ${similar.join(" or ")}?`
    : ", and no file in the workspace has a name like it.";
  return new Error(`${place.shown} does not exist${next}`);
}

/** The files, at most three, whose paths are most like one that does not exist; the most alike first. */
async function similarPaths(workspace: Workspace, wanted: string): Promise<string[]> {
  const target = folded(wanted);
  const found: { path: string; distance: number }[] = [];
  for await (const { folder, entry } of entriesBelow(workspace, MAX_FOR_SIMILAR)) {
    if (entry.isDirectory()) continue;
    const path = relativePath(workspace.root, join(folder, entry.name));
    const distance = pathDistance(folded(path), target);
    if (distance !== undefined) found.push({ path: showName(path), distance });
  }
  found.sort((a, b) => a.distance - b.distance || byCodePoint(a.path, b.path));
  return found.slice(0, 3).map(({ path }) => path);
}

/** One form for names that a reader takes for the same: letter case, Unicode forms, Windows separators. */
function folded(path: string): string {
  return path.normalize("NFKC").toLowerCase().replaceAll("\\", "/");
}

/** 0 for the same path, below 1 for the same name in another folder, more for a name with slips; undefined for a stranger. */
function pathDistance(path: string, target: string): number | undefined {
  if (path === target) return 0;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const targetName = target.slice(target.lastIndexOf("/") + 1);
  if (name === targetName) return 0.5;
  const longer = Math.max(name.length, targetName.length);
  if (Math.abs(name.length - targetName.length) > longer / 3) return undefined;
  const distance = editDistance(name, targetName);
  return distance <= longer / 3 ? distance : undefined;
}

/** A way to go on with a half-typed path: its whole path, and what is shown of it where that is not all. */
export interface PathChoice {
  readonly name: string;
  readonly shown?: string;
}

/**
 * The paths that go on with a half-typed one, in its folder; where there are none, and it names no folder, the files
 * and folders of the whole workspace whose own name begins so. What .gitignore names is left out, and folders end in "/".
 */
export async function completePath(workspace: Workspace, path: string): Promise<PathChoice[]> {
  const found = await pathsIn(workspace, path);
  if (found.length > 0 || path === "" || path.includes("/")) return found;
  const choices: PathChoice[] = [];
  for await (const { folder, entry } of entriesBelow(workspace, MAX_FOR_COMPLETION)) {
    if (!entry.name.startsWith(path)) continue;
    choices.push({ name: relativePath(workspace.root, join(folder, entry.name)) + slashOf(entry) });
  }
  return choices;
}

/** What goes on with a half-typed path in the folder that it is in. Hidden names come when the path asks for them. */
async function pathsIn(workspace: Workspace, path: string): Promise<PathChoice[]> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const start = path.slice(folder.length);
  const place = await resolvePath(workspace, folder === "" ? "." : folder).catch(() => undefined);
  if (!place) return [];
  const choices: PathChoice[] = [];
  for await (const { entries } of walkFolders(workspace, place.absolute, 1)) {
    for (const entry of entries) {
      const shown = entry.name + slashOf(entry);
      if (entry.name.startsWith(".") !== start.startsWith(".") || !shown.startsWith(start)) continue;
      choices.push({ name: folder + shown, shown });
    }
  }
  return choices;
}

const slashOf = (entry: Dirent) => (entry.isDirectory() ? "/" : "");

/** Everything in the workspace, until so many entries have come by. */
async function* entriesBelow(
  workspace: Workspace,
  most: number,
): AsyncGenerator<{ readonly folder: string; readonly entry: Dirent }> {
  let visited = 0;
  for await (const { absolute, entries } of walkFolders(workspace, workspace.root)) {
    for (const entry of entries) yield { folder: absolute, entry };
    visited += entries.length;
    if (visited > most) return;
  }
}
