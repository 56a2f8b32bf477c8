import { access, constants, open, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { programFolders } from "@eightfold/shell";
import { isInside } from "@eightfold/workspace";
import { Unproved } from "./tokens.ts";

/** A program outside the workspace, found through PATH as a shell would. */
export interface Program {
  /** As PATH leads to it. */
  readonly path: string;
  /** The file itself, with no link in it. */
  readonly file: string;
}

/** What was found, by PATH, workspace and name: programs do not come and go during a session. */
const found = new Map<string, Promise<Program>>();

/**
 * Ripgrep comes with us. Another program that is nowhere on PATH is looked for, in vain, where the system would have
 * it: nothing runs, and the model reads that it is not there.
 * @throws Unproved when the first on PATH is the workspace's own
 */
export function findProgram(name: string, root: string): Promise<Program> {
  const key = JSON.stringify([process.env.PATH, root, name]);
  const program = found.get(key) ?? lookFor(name, root);
  found.set(key, program);
  program.catch(() => found.delete(key));
  return program;
}

async function lookFor(name: string, root: string): Promise<Program> {
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
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const NATIVE = ["7f454c46", "cffaedfe", "cafebabe", "feedfacf"]; // ELF, and the three of macOS

/**
 * Whether a program is what its name says, and no launcher (of pyenv, asdf, volta, mise, rustup, corepack) that
 * looks into the workspace for the program to start.
 * @param runtime what a script of that name is written for: "node" when it is one for Node
 */
export async function isItself(name: string, { path, file }: Program, runtime?: string): Promise<boolean> {
  if (!basename(file).includes(name.replace(/[\d.]+$/, ""))) return false;
  if (await isProgram(join(path, "../rustup"))) return false;
  if (!(await isProgram(path))) return true;
  const start = await firstBytes(file);
  if (NATIVE.includes(start.subarray(0, 4).toString("hex"))) return true;
  const [, interpreter] = /^#!\s*(?:\/usr\/bin\/env\s+)?(\S+)/.exec(start.toString("latin1")) ?? [];
  return runtime !== undefined && basename(interpreter ?? "").replace(/[\d.]+$/, "") === runtime;
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file); // `await using` is more than Node 22 can read
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(128), 0, 128, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
