import type { Dirent } from "node:fs";
import { relative, sep } from "node:path";
import { resolvePath } from "./guard.ts";
import { walkFolders } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

const MAX_VISITED = 50_000;

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
  const found = (await pathsIn(workspace, path)).filter(({ name }) => name.startsWith(path));
  return found.length > 0 || path === "" || path.includes("/") ? found : pathsNamed(workspace, path);
}

/** What is in the folder that a half-typed path is in, without what .gitignore names. Folders end in "/". */
async function pathsIn(workspace: Workspace, path: string): Promise<PathChoice[]> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const place = await resolvePath(workspace, folder === "" ? "." : folder).catch(() => undefined);
  if (!place) return [];
  const hidden = path.slice(folder.length).startsWith(".");
  for await (const { entries } of walkFolders(workspace, place.absolute, 1)) {
    return entries
      .filter(({ name }) => name.startsWith(".") === hidden)
      .map((entry) => ({ name: folder + nameOf(entry), shown: nameOf(entry) }));
  }
  return [];
}

/** The files and folders of the whole workspace whose name begins so. */
async function pathsNamed(workspace: Workspace, start: string): Promise<PathChoice[]> {
  const found: PathChoice[] = [];
  let visited = 0;
  for await (const { absolute, entries } of walkFolders(workspace, workspace.root)) {
    const folder = relative(workspace.root, absolute).split(sep).join("/");
    for (const entry of entries) {
      if (entry.name.startsWith(start)) found.push({ name: `${folder}/${nameOf(entry)}` });
    }
    visited += entries.length;
    if (visited > MAX_VISITED) break;
  }
  return found;
}

function nameOf(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
