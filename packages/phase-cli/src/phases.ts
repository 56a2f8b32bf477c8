import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** One phase on disk. */
export interface Phase {
  readonly number: number;
  /** Its folder's name, such as `5-shell`. */
  readonly name: string;
  /** Its folder's absolute path. */
  readonly folder: string;
}

/** The repo this command belongs to. */
export const repoRoot: string = join(import.meta.dirname, "../../..");

/** The phases that exist under `root`/phases, in order: a phase is a folder whose name begins with its number. */
export function findPhases(root: string): Phase[] {
  const phases = join(root, "phases");
  return readdirSync(phases)
    .filter((name) => /^\d+-/.test(name) && existsSync(join(phases, name, "package.json")))
    .map((name) => ({ number: Number.parseInt(name, 10), name, folder: join(phases, name) }))
    .sort((a, b) => a.number - b.number);
}

/** The phase that the user means by `word`, its number or "last"; otherwise a CommandError that says which phases there are. */
export function phaseNumbered(word: string, phases: readonly Phase[]): Phase {
  const phase = word === "last" ? phases.at(-1) : phases.find(({ number }) => String(number) === word);
  if (phase) return phase;
  const first = phases.at(0)?.number;
  const last = phases.at(-1)?.number;
  throw new CommandError(
    `There is no phase ${word}: the phases here are ${first} to ${last}. See pnpm phase list.`,
  );
}

/** The paths of all files below `folder`, relative to it, with `/`, sorted; none when there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** A command that cannot be carried out. The message is for the user; the exit code is 2 for wrong usage. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
