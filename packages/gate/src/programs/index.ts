import type { Program, Programs } from "./program.ts";

/** The parts of the table, what is called most often first. */
const PARTS: readonly (() => Promise<Programs>)[] = [
  async () => (await import("./files.ts")).files,
  async () => (await import("./search.ts")).search,
  async () => (await import("./text.ts")).text,
  async () => (await import("./system.ts")).system,
  async () => (await import("./scripts.ts")).scripts,
];

/** The program's entry, when it is known to only read: not git, nor what only tells its version. Loads what it must. */
export async function programNamed(name: string): Promise<Program | undefined> {
  for (const load of PARTS) {
    const programs = await load();
    if (Object.hasOwn(programs, name)) return programs[name];
  }
  return undefined;
}
