import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "@eightfold/core";
import { errorCode, isMissing } from "./fs-error.ts";
import { copyPlayground } from "./playground.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Opens a folder as a workspace; without one, a fresh copy of the playground in the temp folder.
 * @throws UsageError when there is no such folder.
 */
export async function openWorkspace(folder: string | undefined): Promise<Workspace> {
  if (folder === "") throw new UsageError("The folder to work in is empty. Name one, such as --cwd .");
  const path = resolve(folder ?? (await copyPlayground()));
  try {
    if ((await stat(path)).isDirectory()) return { root: await realpath(path), seen: new Map() };
  } catch (error) {
    if (isMissing(error))
      throw new UsageError(`There is no folder ${path}. Name one that exists with --cwd.`);
    throw new UsageError(`The folder ${path} cannot be opened (${errorCode(error) ?? error}).`);
  }
  throw new UsageError(`${path} is not a folder. Name one with --cwd.`);
}
