import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { readDeclaration } from "./declarations.ts";
import { CommandError, type Phase } from "./phases.ts";

/**
 * Copies `file`, an absolute path inside a phase, over the same file of each later phase that carries it, up to the
 * first that declares it changed. Says what it copied on standard output, and where it stopped on standard error.
 * A CommandError, and nothing copied, when the next phase changes the file or when an edit of a copy would be lost.
 */
export function carry(file: string, phases: readonly Phase[]): void {
  const { origin, path } = locate(file, phases);
  const text = readFileSync(file, "utf8");
  const later = phases.filter(({ number }) => number > origin.number);
  const end = later.find((phase) => readDeclaration(phase).changes.includes(path));
  const stale = later
    .slice(0, end && later.indexOf(end))
    .map((phase) => ({ phase, copy: join(phase.folder, path) }))
    .filter(({ copy }) => !existsSync(copy) || readFileSync(copy, "utf8") !== text);
  if (end && end === later[0]) throw new CommandError(byHand(end, path), 1);
  refuseToLoseAnEdit(stale, path);

  for (const { phase, copy } of stale) {
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
    process.stdout.write(`Copied to phases/${phase.name}/${path}\n`);
  }
  if (stale.length === 0)
    process.stdout.write("Nothing to copy: the phases that carry this file have it already.\n");
  if (end) process.stderr.write(`${byHand(end, path)}\n`);
}

function locate(file: string, phases: readonly Phase[]): { origin: Phase; path: string } {
  const origin = phases.find((phase) => file.startsWith(phase.folder + sep));
  if (!origin)
    throw new CommandError(`${file} is not in a phase. Name a file as in phases/2-read-tool/src/agent.ts.`);
  const path = relative(origin.folder, file).replaceAll("\\", "/");
  if (!existsSync(file)) throw new CommandError(`There is no file phases/${origin.name}/${path}.`, 1);
  if (!/^(src|test)\//.test(path))
    throw new CommandError(`Phases carry files of src and test; ${path} is in neither.`, 1);
  return { origin, path };
}

/** Copies that are behind are all the same; one that differs from the others was edited itself. */
function refuseToLoseAnEdit(stale: readonly { phase: Phase; copy: string }[], path: string): void {
  const [first, ...others] = stale.filter(({ copy }) => existsSync(copy));
  const edited = first && others.find(({ copy }) => !readFileSync(copy).equals(readFileSync(first.copy)));
  if (!first || !edited) return;
  const places = `phases/${first.phase.name} and phases/${edited.phase.name}`;
  throw new CommandError(
    `${places} have different versions of ${path}: an edit would be lost. Make them equal first.`,
    1,
  );
}

function byHand(phase: Phase, path: string): string {
  return `phases/${phase.name} changes ${path}: make the edit there by hand, then carry that file.`;
}
