import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isSecret, relativePath, resolvePath, showName, type Workspace } from "@eightfold/workspace";
import { Unproved } from "./tokens.ts";

/** Where a command may be when it runs: more than one place after a `cd` that may not have happened. */
export type Folders = readonly string[];

/**
 * A path that a program will open: in the workspace from wherever the program may be, and no secret.
 * @returns its real paths, one for each folder
 */
export async function checkPath(
  program: string,
  path: string,
  folders: Folders,
  workspace: Workspace,
): Promise<string[]> {
  if (isSecret(path)) throw new Unproved(`${showName(path)} may hold secrets`);
  const places = await checkPlace(program, path, folders, workspace);
  for (const place of places) await checkContent(place, path, workspace);
  return places;
}

/** The same for a program that tells names, sizes and times, and opens no file: a secret is there for all to see. */
export async function checkPlace(
  program: string,
  path: string,
  folders: Folders,
  workspace: Workspace,
): Promise<string[]> {
  if (goesBack(path)) throw new Unproved(`${showName(path)} goes up again, maybe from behind a link`);
  if (path.startsWith("+")) throw new Unproved(`${program} ${showName(path)} may be an option`);
  const what = `${program} ${showName(path)}`;
  return Promise.all(folders.map((folder) => realPath(resolve(folder, path), workspace, what)));
}

/** Whether ".." stands behind a name: where that is a link, up is not where it seems. */
function goesBack(path: string): boolean {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.some((part, index) => part === ".." && index > 0 && parts[index - 1] !== "..");
}

async function checkContent(absolute: string, path: string, workspace: Workspace): Promise<void> {
  const shown = relativePath(workspace.root, absolute);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats && !stats.isFile() && !stats.isDirectory())
    throw new Unproved(`${showName(path)} is neither a file nor a folder`);
  if (isSecret(shown)) throw new Unproved(`${showName(path)} is ${showName(shown)}, which may hold secrets`);
}

async function realPath(path: string, workspace: Workspace, what: string): Promise<string> {
  try {
    return (await resolvePath(workspace, path)).absolute;
  } catch (error) {
    const real = await realpath(path).catch(() => path);
    const { message } = error as Error;
    throw new Unproved(
      message.includes("outside the workspace") || !real.startsWith(workspace.root)
        ? `${what} leaves the workspace`
        : `${what} is not a usable path`,
    );
  }
}
