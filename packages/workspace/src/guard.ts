import { isUtf8 } from "node:buffer";
import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fsError, isMissing } from "./fs-errors.ts";
import { stateFolder, stateHome, type Workspace } from "./workspace.ts";

/** A place in the workspace: the only kind of path that the other modules open. */
export interface ResolvedPath {
  /** The real path, with no link in it. What does not exist yet hangs on the real path of the folder that does. */
  readonly absolute: string;
  /** The same for a model: relative to the workspace, with "/" between names, "." for the root. */
  readonly shown: string;
  /** Says that the name on disk is not, character by character, the one that was asked for. */
  readonly notice?: string;
  /** The path in bytes, where its name is not UTF-8: then it can be read, and nothing else. */
  readonly raw?: Buffer;
}

const MAX_PATH = 4096;

/** The kernel's own folders, which no workspace holds: reading one of their files can hang, or give away the environment. */
export const KERNEL_FOLDERS = ["/dev", "/proc", "/sys"];

/**
 * The one guard: turns a path that a model named into a place in the workspace. Real paths are compared, so links,
 * "..", letter case and Unicode forms lead no way out.
 * @throws when the path is unusable, outside, or a link to nothing (writing through it would make its target).
 */
export async function resolvePath(workspace: Workspace, path: string): Promise<ResolvedPath> {
  const { root } = workspace;
  const named = (await unquoted(root, path)) ?? path;
  refuseUnusable(named);
  const { absolute, deadLink, twin, raw } = await realPathOf(resolve(root, named), path, root);
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
  const shown = showName(relativePath(root, absolute));
  const notice = `${showName(path)} is ${twin} on disk, in characters that look the same.`;
  return { absolute, shown, ...(twin && { notice }), ...(raw && { raw }) };
}

/** A name that was given back as `showName` wrote it, unless a file has that very name. */
async function unquoted(root: string, path: string): Promise<string | undefined> {
  if (!/^"(?:[^"\\]|\\.)*"\/?$/s.test(path) || (await lstat(resolve(root, path)).catch(() => undefined)))
    return undefined;
  try {
    return JSON.parse(path.replace(/\/$/, ""));
  } catch {
    return undefined;
  }
}

/** Whether a real path is in the folder of the agents' own. */
async function isState(absolute: string): Promise<boolean> {
  const home = stateHome();
  return isInside(await realpath(home).catch(() => home), absolute);
}

/**
 * Output that was too long to show is in a file of this workspace's state, and a model that was told its name may read it.
 * Sessions are off limits, because they may hold what was allowed only once.
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
  if (await isState(place.absolute))
    throw new Error(`${place.shown} is output that was kept. It can be read, and not be changed.`);
  requireUtf8(place);
  if (!path.endsWith("/") && !path.endsWith(sep)) return place;
  throw new Error(`${showName(path)} names a folder. Name a file in it, such as ${place.shown}/index.ts.`);
}

/** @throws for a file that only `readTextPage` can open */
export function requireUtf8({ raw, shown }: ResolvedPath): void {
  if (!raw) return;
  throw new Error(`The name of ${shown} is not UTF-8. It can be read; to do more with it, rename it first.`);
}

/** What is at a place, undefined for nothing. @param doing what an error says was tried: "write" */
export async function statIfThere({ absolute, raw, shown }: ResolvedPath, doing: string) {
  try {
    return await lstat(raw ?? absolute);
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

/** A name on one line: one with line breaks, escapes, direction marks or outer blanks is written as a JSON string. */
export function showName(name: string): string {
  if (!/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]|^\s|\s$/u.test(name)) return name;
  return asJson(name, /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g);
}

/** A JSON string, in which characters are escaped that JSON would leave. */
export function asJson(name: string, characters = /[^ -~]/g): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(name).replace(characters, escaped);
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
  if (!path.isWellFormed())
    throw new Error(`${asJson(path)} holds half of a surrogate pair. Write the whole character.`);
  const [, start] = /^(~|\$HOME|\$\{HOME\}|file:)(?:[/\\]|$)/.exec(path) ?? [];
  if (start !== undefined) {
    throw new Error(
      `${showName(path)}: "${start}" is not expanded. Use a path inside the workspace, such as src/index.ts, or ./${start} for a file of that name.`,
    );
  }
}

/** @throws for a number of a model that counts nothing */
export function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new Error(`${name} is ${value}, but must be a whole number, 1 or more.`);
}

type RealPath = Pick<ResolvedPath, "absolute" | "raw"> & { deadLink: boolean; twin?: string };

/**
 * The real path of the part that exists, followed by the names that do not exist yet. A dead link stays in the path, because
 * nobody knows where it will lead. Inside the root, a name that does not exist is taken for an existing one that looks the same,
 * so that no second file appears beside it.
 */
async function realPathOf(path: string, asked: string, root: string): Promise<RealPath> {
  try {
    return { absolute: await realpath(path), deadLink: false };
  } catch (error) {
    if (!isMissing(error)) throw fsError(error, `use ${showName(asked)}`);
  }
  if (path === root)
    throw new Error(`The workspace ${root} is gone. Ask the user to make that folder again.`);
  const [parent, name] = [dirname(path), basename(path)];
  if (parent === path) return { absolute: path, deadLink: false };
  const above = await realPathOf(parent, asked, root);
  const folder = above.raw ?? Buffer.from(above.absolute);
  const onDisk = isInside(root, above.absolute) ? await nameOnDisk(folder, name, asked) : undefined;
  const absolute = join(above.absolute, onDisk?.name ?? name);
  if (above.raw || (onDisk && !isUtf8(onDisk.bytes))) {
    const raw = Buffer.concat([folder, Buffer.from(sep), onDisk?.bytes ?? Buffer.from(name)]);
    const isLink = (await lstat(raw).catch(() => undefined))?.isSymbolicLink() === true;
    return { absolute, raw, deadLink: above.deadLink || isLink };
  }
  if (absolute !== path && !above.deadLink) {
    const twin = onDisk && onDisk.name !== name ? asJson(onDisk.name) : above.twin;
    return { ...(twin && { twin }), ...(await realPathOf(absolute, asked, root)) };
  }
  const link = await lstat(path).catch(() => undefined);
  return { ...above, absolute, deadLink: above.deadLink || link?.isSymbolicLink() === true };
}

/** The one name in a folder that looks like the wanted one. @throws when several do */
async function nameOnDisk(folder: Buffer, wanted: string, asked: string) {
  const names = await readdir(folder, { encoding: "buffer" }).catch(() => []);
  const found = names.map((bytes) => ({ bytes, name: bytes.toString() }));
  const look = lookOf(wanted);
  const exact = found.filter(({ name }) => name === wanted);
  const alike = exact.length > 0 ? exact : found.filter(({ name }) => lookOf(name) === look);
  if (exact.length > 1)
    throw new Error(
      `${showName(asked)} is what several names that are not UTF-8 look like. Rename them first.`,
    );
  if (alike.length > 1) {
    const choices = alike.map(({ name }) => asJson(name)).join(" and ");
    throw new Error(
      `${showName(asked)} does not exist, and ${choices} look like it. Name one of them as it is written here.`,
    );
  }
  return alike[0];
}

/** Latin letters, and the Cyrillic and Greek ones that are drawn like them. */
const LATIN = "aeopcyxsijABEKMHOPCTYXSIJoABEZHIKMNOPTYX";
const NOT_LATIN = "аеорсухѕіјАВЕКМНОРСТУХЅІЈοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

/** A text as it looks: alike for every Unicode form, alphabet, and kind of blank, quote or hyphen that a reader cannot tell apart. */
export function lookOf(text: string): string {
  return text
    .replace(/[\u0370-\u052f]/g, (letter) => LATIN[NOT_LATIN.indexOf(letter)] ?? letter)
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/\p{Zs}/gu, " ")
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2010\u2011]/g, "-")
    .normalize("NFC");
}
