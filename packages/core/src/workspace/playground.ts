import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fsError } from "./fs-error.ts";

const PLAYGROUND = fileURLToPath(new URL("../../../../playground", import.meta.url));

/** Copies the playground into a new folder in the temp folder, so that an agent can break it; returns that folder. */
export async function copyPlayground(): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "eightfold-playground-"));
    await cp(PLAYGROUND, folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => basename(source) !== "node_modules",
    });
    return folder;
  } catch (error) {
    throw fsError(error, `copy ${PLAYGROUND} to ${tmpdir()}`);
  }
}
