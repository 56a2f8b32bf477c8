import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, realpath, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir, userInfo } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "@eightfold/core";
import { errorCode, fsError, fsReason, isMissing } from "./fs-errors.ts";
import { finishSaves } from "./unfinished.ts";

/** The folder an agent works in, and what it has read there. */
export interface Workspace {
  /** The real path of the root. */
  readonly root: string;
  /** What this session last read or wrote of each file: real path → fingerprint of the content at that moment. */
  readonly lastRead: Map<string, string>;
}

const PLAYGROUND = fileURLToPath(new URL("../../../playground", import.meta.url));

/** What tools may have left there: the copy is a repository of its own. */
const LEFT_OUT = new Set(["node_modules", ".git"]);

/**
 * Opens a folder as a workspace; without one, a fresh copy of the playground in the temp folder.
 * @throws UsageError when there is no such folder.
 */
export async function openWorkspace(folder: string | undefined): Promise<Workspace> {
  if (folder === "") throw new UsageError("The folder to work in is empty. Name one, such as --cwd .");
  // A shell leaves the tilde of --cwd=~/app as it is.
  const path = resolve(folder?.replace(/^~(?=\/|$)/, homeFolder) ?? (await copyPlayground()));
  await finishSaves();
  try {
    if ((await stat(path)).isDirectory()) return { root: await realpath(path), lastRead: new Map() };
  } catch (error) {
    if (isMissing(error))
      throw new UsageError(`There is no folder ${path}. Name one that exists with --cwd.`);
    throw new UsageError(`The folder ${path} cannot be opened (${errorCode(error) ?? error}).`);
  }
  throw new UsageError(`${path} is not a folder. Name one with --cwd.`);
}

/**
 * Copies the playground into a new folder in the temp folder, so that an agent can break it; returns that folder. It
 * is a repository without a commit, as a project is after `git init`.
 */
export async function copyPlayground(from = PLAYGROUND): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "eightfold-playground-"));
    const filter = (source: string) => !LEFT_OUT.has(basename(source));
    await cp(from, folder, { recursive: true, verbatimSymlinks: true, filter });
    // What git needs to take a folder for a repository. Starting git for it would take longer than the copy.
    const git = join(folder, ".git");
    await mkdir(join(git, "objects"), { recursive: true });
    await mkdir(join(git, "refs"));
    await writeFile(join(git, "HEAD"), "ref: refs/heads/main\n");
    await writeFile(join(git, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    return folder;
  } catch (error) {
    throw new UsageError(
      `The playground cannot be copied to ${tmpdir()}: ${fsReason(error)}. Name a folder to work in with --cwd.`,
    );
  }
}

/**
 * Where this user's agents keep what is theirs: sessions, and output too long to show. It is never in a workspace,
 * because whatever comes with a cloned folder was written by somebody else.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateHome(): string {
  const { XDG_STATE_HOME = "", LOCALAPPDATA } = process.env;
  if (isAbsolute(XDG_STATE_HOME)) return join(XDG_STATE_HOME, "eightfold");
  const home = homeFolder();
  if (process.platform === "darwin") return join(home, "Library/Application Support/eightfold");
  if (process.platform === "win32") return join(LOCALAPPDATA ?? join(home, "AppData/Local"), "eightfold");
  return join(home, ".local/state/eightfold");
}

/** A user that the system does not know, as in a container, has none: Node throws. $HOME may be empty. */
export function homeFolder(): string {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : userInfo().homedir;
  } catch {
    return tmpdir();
  }
}

/** The part of it that belongs to one workspace, named by its root's real path. */
export function stateFolder(root: string): string {
  return join(stateHome(), root.replace(/^([A-Za-z]):/, "$1"), ".eightfold");
}

/** Makes that folder when it is first needed: for the user alone, and left out of searches in the folders above. */
export async function makeStateFolder(root: string): Promise<string> {
  const folder = stateFolder(root);
  try {
    await makeFolders(folder);
    await chmod(folder, 0o700);
    await writeFile(join(stateHome(), ".gitignore"), "*\n", { flag: "wx" }).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
    return folder;
  } catch (error) {
    throw fsError(error, `make ${folder}`);
  }
}

/**
 * Makes a folder, and the folders above it, for the user alone. Where no folder can be made, as in /proc, Node's own `recursive` never
 * returns: it takes each ENOENT to mean that a folder above is missing.
 */
export async function makeFolders(folder: string): Promise<void> {
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) await makeFolders(above); // a drive of Windows has nothing above it
  await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
    throw errorCode(error) === "ENOENT" ? new Error(`no folder can be made in ${above}`) : error;
  });
}
