import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const docsFolder: string = join(import.meta.dirname, "..");
export const repoFolder: string = join(docsFolder, "..");

/** A phase as it stands on disk. */
export interface Phase {
  readonly number: number;
  /** Its folder's name: `5-shell`. */
  readonly folder: string;
  readonly title: string;
  /** What it adds to an agent, in a few words. */
  readonly summary: string;
  /** The chapter that explains it, as a path of the site; undefined while there is none. */
  readonly chapter?: string;
  /** The text of each file of its `src`, by its path below the phase's folder. */
  readonly files: ReadonlyMap<string, string>;
}

export function readPhases(): Phase[] {
  const folder = join(repoFolder, "phases");
  return readdirSync(folder)
    .filter((name) => /^\d+-/.test(name))
    .map((name) => readPhase(folder, name))
    .sort((one, other) => one.number - other.number);
}

function readPhase(phases: string, folder: string): Phase {
  const { eightfold }: { eightfold: { title: string; summary: string } } = JSON.parse(
    readFileSync(join(phases, folder, "package.json"), "utf8"),
  );
  const number = Number.parseInt(folder, 10);
  const chapter = readdirSync(docsFolder).find((name) => Number.parseInt(name, 10) === number);
  return {
    number,
    folder,
    title: eightfold.title,
    summary: eightfold.summary,
    ...(chapter && { chapter: `/${chapter.replace(/\.md$/, "")}` }),
    files: new Map(sourcesOf(join(phases, folder))),
  };
}

function sourcesOf(folder: string): [string, string][] {
  return readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `src/${path.replaceAll("\\", "/")}`)
    .sort()
    .map((path) => [path, readFileSync(join(folder, path), "utf8")]);
}

/** How many lines a text has. */
export function linesIn(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}
