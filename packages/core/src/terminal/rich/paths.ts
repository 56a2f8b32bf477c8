import type { Dirent } from "node:fs";
import { relative, sep } from "node:path";
import { resolvePath } from "../../workspace/guard.ts";
import { walkFolders } from "../../workspace/walk.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import type { Choice } from "./complete.ts";

const MAX_VISITED = 50_000;

/** What is in the folder that a half-typed path is in, without what .gitignore names. Folders end in "/". */
export async function pathsIn(workspace: Workspace, path: string): Promise<Choice[]> {
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
export async function pathsNamed(workspace: Workspace, start: string): Promise<Choice[]> {
  const found: Choice[] = [];
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
