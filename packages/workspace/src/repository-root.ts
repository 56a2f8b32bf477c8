import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The nearest folder, from this real path up, that is the top of a repository's working tree. */
export async function repositoryRoot(folder: string): Promise<string | undefined> {
  const place = await kindOf(join(folder, ".git"));
  // A file tells where the repository is: that of a worktree or a submodule. An empty folder is no repository.
  if (place === "file" || (place === "folder" && (await kindOf(join(folder, ".git/HEAD"))))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : repositoryRoot(above);
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return "file";
  return stats?.isDirectory() ? "folder" : undefined;
}
