import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Dialect } from "@eightfold/wire";
import type { Subject } from "./check.ts";

const phases = join(import.meta.dirname, "../../../phases");

/** The agent of a phase of this repository. Throws when there is no such phase. */
export async function phaseSubject(phase: number, dialect: Dialect): Promise<Subject> {
  const folder = (await readdir(phases)).find((name) => name.startsWith(`${phase}-`));
  if (folder === undefined) throw new Error(`There is no phase ${phase}.`);
  return { command: [process.execPath, join(phases, folder, "src/main.ts")], dialect };
}
