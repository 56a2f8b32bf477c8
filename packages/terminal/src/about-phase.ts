import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface AboutPhase {
  /** The folder's name: "5-shell". */
  readonly phase: string;
  readonly title: string;
  readonly summary: string;
}

/** What a phase's package.json says of it, so that the same main.ts serves every phase. Takes main.ts's import.meta.url. */
export function aboutPhase(mainUrl: string): AboutPhase {
  const folder = dirname(dirname(fileURLToPath(mainUrl)));
  const { eightfold } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    eightfold: AboutPhase;
  };
  return { phase: basename(folder), title: eightfold.title, summary: eightfold.summary };
}
