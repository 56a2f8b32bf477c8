import { readdir, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Workspace } from "@eightfold/workspace";
import { byCodePoint, isSecret, relativePath, resolvePath, showName } from "@eightfold/workspace";
import { Unproved, type Word } from "./parse.ts";

/** Where a command may be when it runs. */
export interface Place extends Workspace {
  /** The folder it runs in; more than one after a `cd` that may not have happened. */
  readonly folders: readonly string[];
}

/**
 * A path that a program will open: in the workspace from wherever the program may be, and no secret.
 * @returns its real paths, one for each folder
 */
export async function checkPath(program: string, path: string, place: Place): Promise<string[]> {
  if (isSecret(path)) throw new Unproved(`${showName(path)} may hold secrets`);
  const found = await checkPlace(program, path, place);
  for (const real of found) {
    const stats = await stat(real).catch(() => undefined);
    if (stats && !stats.isFile() && !stats.isDirectory())
      throw new Unproved(`${showName(path)} is neither a file nor a folder`);
    const shown = relativePath(place.root, real);
    if (isSecret(shown))
      throw new Unproved(`${showName(path)} is ${showName(shown)}, which may hold secrets`);
  }
  return found;
}

/** The same for a program that tells names, sizes and times, and opens no file: a secret is there for all to see. */
export async function checkPlace(program: string, path: string, place: Place): Promise<string[]> {
  const what = `${program} ${showName(path)}`;
  if (goesBack(path)) throw new Unproved(`${showName(path)} goes up again, maybe from behind a link`);
  if (path.startsWith("+")) throw new Unproved(`${what} may be an option`);
  return Promise.all(place.folders.map((folder) => realPath(resolve(folder, path), place, what)));
}

/** Whether ".." is behind a name: where that is a link, up is not where it seems. */
function goesBack(path: string): boolean {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.some((part, index) => part === ".." && index > 0 && parts[index - 1] !== "..");
}

async function realPath(path: string, workspace: Workspace, what: string): Promise<string> {
  try {
    return (await resolvePath(workspace, path)).absolute;
  } catch (error) {
    const real = await realpath(path).catch(() => path);
    const isOutside = (error as Error).message.includes("outside the workspace");
    const leaves = isOutside || !real.startsWith(workspace.root);
    throw new Unproved(`${what} ${leaves ? "leaves the workspace" : "is not a usable path"}`);
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

const MAX_NAMES = 1000;
const MAX_STARS = 3;

/**
 * The names that a pattern stands for now, as the shell would find them; the pattern itself when there are none.
 * They are found before the command is judged, so each of them is judged like a word that was written.
 */
export async function namesOf({ text, pattern }: Word, place: Place): Promise<string[]> {
  if (pattern === undefined) return [text];
  if (place.folders.length > 1) throw new Unproved(`what ${text} stands for depends on a cd`);
  if (pattern.startsWith("/")) throw new Unproved(`${text} leaves the workspace`);
  let found = [""];
  for (const part of pattern.split("/")) {
    found = (await Promise.all(found.map((path) => matches(path, part, place)))).flat();
    if (found.length > MAX_NAMES) throw new Unproved(`${text} stands for more than ${MAX_NAMES} names`);
  }
  return found.length === 0 ? [text] : found.sort(byCodePoint);
}

/** The paths that one part of a pattern, such as `*.ts`, leads to from a path. */
async function matches(path: string, part: string, place: Place): Promise<string[]> {
  if (part === "") return [path];
  const below = path === "" ? "" : `${path}/`;
  const wanted = expressionOf(part);
  const takesHidden = /^\\?\./.test(part);
  const [folder = ""] = await checkPath("a pattern in", below || ".", place);
  const names = await readdir(folder).catch(() => []);
  return [".", "..", ...names]
    .filter((name) => wanted.test(name) && (takesHidden || !name.startsWith(".")))
    .map((name) => below + name);
}

/** @throws Unproved for a bracket with classes or escapes in it, whose rules depend on the language */
function expressionOf(part: string): RegExp {
  // A pattern with many stars may take for ever.
  if ((part.match(/\*+/g)?.length ?? 0) > MAX_STARS) throw new Unproved(`${part} is not a plain pattern`);
  const pieces = part.match(/\\[\s\S]|\*+|\?|\[[!^]?[^\]]+\]|[\s\S]/gu) ?? [];
  const sources = pieces.map((piece) => {
    if (piece.startsWith("*")) return "[\\s\\S]*";
    if (piece === "?") return "[\\s\\S]";
    if (!/^\[./su.test(piece)) return piece.replace(/^\\/, "").replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    if (/[\\[&~]/.test(piece.slice(1)))
      throw new Unproved(`${piece} in a pattern is not a plain list of letters`);
    return piece.replace("[!", "[^");
  });
  try {
    return new RegExp(`^${sources.join("")}$`, "u");
  } catch {
    throw new Unproved(`${part} is not a plain pattern`);
  }
}
