import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { relativePath, resolvePath } from "../../workspace/guard.ts";
import { showName } from "../../workspace/names.ts";
import { isSecret } from "../../workspace/secret.ts";
import type { Workspace } from "../../workspace/workspace.ts";
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
  return Promise.all(folders.map((folder) => checkFrom(folder, program, path, workspace)));
}

async function checkFrom(folder: string, program: string, path: string, workspace: Workspace) {
  const absolute = await realPath(resolve(folder, path), workspace, `${program} ${showName(path)}`);
  const shown = relativePath(workspace.root, absolute);
  if (isSecret(shown)) throw new Unproved(`${showName(path)} is ${showName(shown)}, which may hold secrets`);
  return absolute;
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
