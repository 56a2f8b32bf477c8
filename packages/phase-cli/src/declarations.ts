import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, type Phase } from "./phases.ts";

/** What a phase's package.json says of it, under `eightfold`. */
export interface Declaration {
  readonly title: string;
  /** What it adds to an agent, in a few words. */
  readonly summary: string;
  /** Files that the phase before does not have; paths below the phase's folder, with `/`. */
  readonly adds: readonly string[];
  /** Files that differ from the phase before. Every other file is carried: the same, byte by byte. */
  readonly changes: readonly string[];
}

export type FileState = "new" | "changed" | "carried" | "gone";

export function readDeclaration(phase: Phase): Declaration {
  const manifest: { eightfold: Declaration } = JSON.parse(
    readFileSync(join(phase.folder, "package.json"), "utf8"),
  );
  return manifest.eightfold;
}

/**
 * What became of each file of `before` in `phase`, in the order of their paths: those under `part` only, by default
 * under `src` and `test`. Without a phase before, every file is new.
 */
export function compareFiles(
  before: Phase | undefined,
  phase: Phase,
  parts: readonly string[] = ["src", "test"],
): Map<string, FileState> {
  const below = (folder: string) =>
    parts.flatMap((part) => filesBelow(join(folder, part)).map((path) => `${part}/${path}`));
  const old = new Set(before ? below(before.folder) : []);
  const now = new Set(below(phase.folder));
  const state = (path: string): FileState => {
    if (!before || !old.has(path)) return "new";
    if (!now.has(path)) return "gone";
    const same = readFileSync(join(before.folder, path)).equals(readFileSync(join(phase.folder, path)));
    return same ? "carried" : "changed";
  };
  return new Map([...new Set([...old, ...now])].sort().map((path) => [path, state(path)]));
}

/** Each place where what `phase` declares is not what is on disk, in a sentence. */
export function undeclared(before: Phase | undefined, phase: Phase): string[] {
  const { adds, changes } = readDeclaration(phase);
  const files = compareFiles(before, phase);
  const wrong = [...files].flatMap(([path, state]) => {
    const declared = adds.includes(path) ? "new" : changes.includes(path) ? "changed" : "carried";
    return declared === state ? [] : [`${phase.name}: ${path} is declared ${declared}, but it is ${state}.`];
  });
  const missing = [...adds, ...changes]
    .filter((path) => !files.has(path))
    .map((path) => `${phase.name}: ${path} is declared, but there is no such file.`);
  return [...wrong, ...missing];
}
