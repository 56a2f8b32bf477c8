import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fsError, isMissing } from "./fs-errors.ts";
import { stateFolder, stateHome, type Workspace } from "./workspace.ts";

/** A place in the workspace: the only kind of path that the other modules open. */
export interface ResolvedPath {
  /** The real path, with no link in it. What does not exist yet hangs on the real path of the folder that does. */
  readonly absolute: string;
  /** The same for a model: relative to the workspace, with "/" between names, "." for the root. */
  readonly shown: string;
}

const MAX_PATH = 4096;

/** The kernel's own folders: reading one of their files can hang, or give away the environment. */
const KERNEL_FOLDERS = ["/dev", "/proc", "/sys"];

/**
 * The one guard: turns a path that a model named into a place in the workspace. Real paths are compared, so links,
 * "..", letter case and Unicode forms lead no way out.
 * @throws when the path is unusable, outside, or a link to nothing (writing through it would make its target).
 */
export async function resolvePath(workspace: Workspace, path: string): Promise<ResolvedPath> {
  refuseUnusable(path);
  const { root } = workspace;
  const { absolute, deadLink } = await realPathOf(root, resolve(root, path), path);
  if (await isState(absolute)) return keptOutput(root, absolute);
  const kernels = KERNEL_FOLDERS.some((folder) => isInside(folder, absolute) && !isInside(folder, root));
  if (kernels || !isInside(root, absolute)) {
    throw new Error(
      `${showName(path)} is outside the workspace (${root}). Use a path inside it, such as src/index.ts.`,
    );
  }
  if (deadLink) {
    throw new Error(`${showName(path)} leads through a link to nothing. Name the file itself.`);
  }
  return { absolute, shown: showName(relativePath(root, absolute)) };
}

/** Whether a real path is in the folder of the agents' own. */
async function isState(absolute: string): Promise<boolean> {
  const home = stateHome();
  return isInside(await realpath(home).catch(() => home), absolute);
}

/**
 * Output of a command that was too long to show is in a file of this workspace's state, and whoever was told its name
 * may read it. Sessions may hold what was allowed once, and nobody reads them.
 */
async function keptOutput(root: string, absolute: string): Promise<ResolvedPath> {
  const folder = join(stateFolder(root), "output");
  const real = await realpath(folder).catch(() => folder);
  if (dirname(absolute) === real) return { absolute, shown: showName(absolute) };
  throw new Error(`${showName(absolute)} is in a folder which the agent keeps for itself. Use another path.`);
}

/** The same for a file to be written: "src/new/" would make a file named "new". */
export async function resolveFilePath(workspace: Workspace, path: string): Promise<ResolvedPath> {
  const place = await resolvePath(workspace, path);
  if (!isInside(workspace.root, place.absolute) || (await isState(place.absolute)))
    throw new Error(`${place.shown} is output that was kept. It can be read, and not be changed.`);
  if (!path.endsWith("/") && !path.endsWith(sep)) return place;
  throw new Error(`${showName(path)} names a folder. Name a file in it, such as ${place.shown}/index.ts.`);
}

/** What is at a place, undefined for nothing. @param doing what an error says was tried: "write" */
export async function statIfThere({ absolute, shown }: ResolvedPath, doing: string) {
  try {
    return await lstat(absolute);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fsError(error, `${doing} ${shown}`);
  }
}

/** A real path inside the root, relative to it, with "/" between names; "." for the root itself. */
export function relativePath(root: string, absolute: string): string {
  return relative(root, absolute).split(sep).join("/") || ".";
}

/** Whether a real path is the folder (a real path too) or lies in it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Compares by code point. `localeCompare` differs between machines, and `<` puts an emoji before U+E000. */
export function byCodePoint(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    return (a.codePointAt(index) ?? 0) - (b.codePointAt(index) ?? 0);
  }
  return a.length - b.length;
}

/** A name on one line: one with line breaks, escapes or direction marks is written as a JSON string. */
export function showName(name: string): string {
  if (!/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name)) return name;
  return JSON.stringify(name).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function refuseUnusable(path: string): void {
  if (path === "") {
    throw new Error('The path is empty. Name a file such as src/index.ts, or "." for the workspace itself.');
  }
  if (path.length > MAX_PATH) {
    throw new Error(`The path has ${path.length} characters. No system takes more than ${MAX_PATH}.`);
  }
  if (path.includes("\0")) {
    throw new Error(`${showName(path)} holds a NUL character, which no path can. Name the file without it.`);
  }
  if (/^~([/\\]|$)/.test(path)) {
    throw new Error(
      `${showName(path)}: "~" is not expanded. Use a path inside the workspace, such as src/index.ts, or ./~ for a file of that name.`,
    );
  }
}

/** @throws for a number of a model that counts nothing */
export function requireCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new Error(`${name} is ${value}, and must be a whole number from 1.`);
}

/**
 * The real path of what exists of a path, followed by the names that do not exist yet. A link to nothing is a dead
 * link: it stays in the path, for nobody knows where it will lead.
 */
async function realPathOf(
  root: string,
  path: string,
  named: string,
): Promise<{ absolute: string; deadLink: boolean }> {
  try {
    return { absolute: await realpath(path), deadLink: false };
  } catch (error) {
    if (!isMissing(error)) throw fsError(error, `use ${showName(named)}`);
  }
  if (path === root)
    throw new Error(`The workspace ${root} is gone. Ask the user to make that folder again.`);
  const parent = dirname(path);
  if (parent === path) return { absolute: path, deadLink: false };
  const { absolute, deadLink } = await realPathOf(root, parent, named);
  const link = await lstat(path).catch(() => undefined);
  return { absolute: join(absolute, basename(path)), deadLink: deadLink || link?.isSymbolicLink() === true };
}
