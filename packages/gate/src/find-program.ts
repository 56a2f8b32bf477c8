import { createReadStream } from "node:fs";
import { access, constants, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { programFolders } from "@eightfold/shell";
import { isInside } from "@eightfold/workspace";
import { Unproved } from "./parse.ts";
import { entryOf, lists, type Table } from "./usage.ts";

/** A program outside the workspace, found through PATH as a shell would: as that leads to it, and with no link in it. */
type Found = Record<"path" | "file", string>;

/** What was found, by PATH, workspace and name: programs do not come and go during a session. */
const found = new Map<string, Promise<Found>>();

/**
 * Ripgrep comes with us. Any other program that is not on PATH gets the path where the system would have it: nothing runs, and
 * the model reads that it is not there.
 * @throws Unproved when the first on PATH is the workspace's own
 */
export function findProgram(name: string, root: string): Promise<Found> {
  const key = JSON.stringify([process.env.PATH, root, name]);
  const program = found.get(key) ?? lookFor(name, root);
  found.set(key, program);
  program.catch(() => found.delete(key));
  return program;
}

/** The files behind everything that was found. */
export async function foundPrograms(): Promise<string[]> {
  const all = await Promise.allSettled(found.values());
  return all.flatMap((each) => (each.status === "fulfilled" ? each.value.file : []));
}

async function lookFor(name: string, root: string): Promise<Found> {
  for (const folder of programFolders(process.env)) {
    const path = join(resolve(root, folder), name);
    if (!(await isProgram(path))) continue;
    const file = await realpath(path);
    if (!isAbsolute(folder) || isInside(root, path) || isInside(root, file))
      throw new Unproved(`${name} is a program of the workspace itself`);
    return { path, file };
  }
  const path = name === "rg" ? (await import("@vscode/ripgrep")).rgPath : `/usr/bin/${name}`;
  const file = await realpath(path).catch(() => path);
  if (isInside(root, file)) throw new Unproved(`${name} is a program of the workspace itself`);
  return { path, file };
}

async function isProgram(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  const failure = await access(path, constants.X_OK).catch((error: Error) => error);
  return !failure && stats?.isFile() === true;
}

const NATIVE = ["7f454c46", "cffaedfe", "cafebabe", "feedfacf"]; // ELF, and the three of macOS

/**
 * Whether a program is what its name says, and no launcher (of pyenv, asdf, volta, mise, rustup, corepack) that
 * looks into the workspace for the program to start.
 * @param runtime what a script of that name is written for: "node" when it is one for Node
 */
async function isItself(name: string, { path, file }: Found, runtime?: string): Promise<boolean> {
  if (!basename(file).includes(name.replace(/[\d.]+$/, ""))) return false;
  if (await isProgram(join(path, "../rustup"))) return false;
  if (!(await isProgram(path))) return true;
  const start = await buffer(createReadStream(file, { end: 127 }));
  if (NATIVE.includes(start.subarray(0, 4).toString("hex"))) return true;
  const [, interpreter] = /^#!\s*(?:\/usr\/bin\/env\s+)?(\S+)/.exec(start.toString("latin1")) ?? [];
  return runtime !== undefined && basename(interpreter ?? "").replace(/[\d.]+$/, "") === runtime;
}

/**
 * Programs that do more than read, but not when asked for their version like this. Not pnpm, yarn and corepack: they
 * run the release that the folder names. Nor dotnet, whose global.json may name a folder to run one from.
 */
const VERSIONS: Table<string> = {
  "--version": `bash bun cargo clang cmake deno docker g++ gcc gh java javac make node npm perl php pip pip3 python
    python3 ruby rustc tsc`,
  "-v": "bun docker make node npm perl php ruby tsc",
  "-V": "cargo deno pip pip3 python python3 rustc",
  "-version": "java javac",
  version: "go",
};

/** What a script of that name is written for. */
const RUNTIMES: Table<string> = { "npm tsc": "node", "pip pip3": "python" };

/** Without these flags, Java writes a file of performance figures to /tmp at each run. */
const QUIETLY: Table<string> = { java: "-XX:-UsePerfData", javac: "-J-XX:-UsePerfData" };

/** The words for a call that only has a program tell its version. @throws Unproved for all else */
export async function versionWords(name: string, words: readonly string[], root: string): Promise<string[]> {
  const [first = ""] = words;
  if (words.length !== 1 || !lists(entryOf(VERSIONS, first) ?? "", name))
    throw new Unproved(
      `${/^[a-z][a-z-]*$/.test(first) ? `${name} ${first}` : name} is not known to only read`,
    );
  const program = await findProgram(name, root);
  // Its first line may have it looked for on PATH.
  const runtime = entryOf(RUNTIMES, name);
  if (runtime === "node") await findProgram("node", root);
  if (!(await isItself(name, program, runtime)))
    throw new Unproved(`${name} may run a program that the folder names`);
  return [entryOf(QUIETLY, name) ?? [], ...words].flat();
}
