import { chmod, lstat, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, fsError } from "./fs-error.ts";

export const AGENT_FOLDER = ".eightfold";

/**
 * The folder for what an agent leaves in a workspace: `<root>/.eightfold`, made when it is first needed, for the
 * user alone, and ignored by git.
 */
export async function agentFolder(root: string): Promise<string> {
  const folder = join(root, AGENT_FOLDER);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A link here would carry sessions out of the workspace.
    if (!(await lstat(folder)).isDirectory())
      throw new Error(`${folder} is a link. Remove it, and a folder is made.`);
    await chmod(folder, 0o700);
    await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
    return folder;
  } catch (error) {
    throw fsError(error, `make ${folder}`);
  }
}
