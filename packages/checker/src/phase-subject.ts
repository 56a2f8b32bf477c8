import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dialect } from "@eightfold/wire";
import type { Subject } from "./check.ts";

const root = join(import.meta.dirname, "../../..");

/** The agent of a phase of this repository, started as `pnpm phase N start` does. Throws when there is no such phase. */
export async function phaseSubject(phase: number, dialect: Dialect): Promise<Subject> {
  const folders = await readdir(join(root, "phases"));
  if (!folders.some((name) => name.startsWith(`${phase}-`))) throw new Error(`There is no phase ${phase}.`);
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const [launcher = "", ...flags] = String(scripts.phase).split(" ").slice(1).toReversed();
  const approval = phase >= 7 ? ["--approval", "auto"] : []; // nobody answers in a check; a later flag wins over this
  return {
    command: [process.execPath, ...flags, join(root, launcher), String(phase), "start", ...approval],
    dialect,
    ours: true,
  };
}
