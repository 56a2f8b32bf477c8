import { readFileSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import type { StructuredPatch } from "diff";
import { compareFiles, type FileState, readDeclaration } from "./declarations.ts";
import { CommandError, filesBelow, type Phase } from "./phases.ts";

/** Prints a line for each phase: its number, its title, what it adds, and the lines of its source. */
export function list(phases: readonly Phase[]): void {
  const rows = phases.map((phase) => {
    const { title, summary } = readDeclaration(phase);
    return [String(phase.number), title, summary, String(linesOfSource(phase))] as const;
  });
  const heading = ["", "Phase", "What it adds", "Lines"] as const;
  const width = (column: 0 | 1 | 2 | 3) => Math.max(...[heading, ...rows].map((row) => row[column].length));
  const line = ([number, title, summary, lines]: (typeof rows)[number] | typeof heading) =>
    `${number.padStart(width(0))}  ${title.padEnd(width(1))}  ${summary.padEnd(width(2))}  ${lines.padStart(width(3))}`;

  const last = phases.at(-1)?.number;
  const hint = `pnpm phase ${last} start runs phase ${last}; pnpm phase ${last} diff shows what it adds.`;
  const dim = (text: string) => styleText("dim", text, { stream: process.stdout });
  process.stdout.write(`${dim(line(heading))}\n${rows.map(line).join("\n")}\n\n${dim(hint)}\n`);
}

/** How many lines stand in all files of the phase's src. */
function linesOfSource(phase: Phase): number {
  const source = join(phase.folder, "src");
  const lines = (path: string) => readFileSync(join(source, path), "utf8").match(/\n/g)?.length ?? 0;
  return filesBelow(source).reduce((sum, path) => sum + lines(path), 0);
}

/**
 * Prints what `phase` changes in the source of `before`, or all of `phase` without it: a unified diff on standard
 * output, coloured on a terminal, and a summary on standard error. With `file` (the end of a path will do, such as
 * `tools/index.ts`) only the files that it names; a CommandError when there are none.
 */
export async function diff(before: Phase | undefined, phase: Phase, file?: string): Promise<void> {
  const all = [...compareFiles(before, phase, ["src"])];
  const states = all.filter(([path]) => !file || isNamed(path, file));
  if (states.length === 0) {
    throw new CommandError(`There is no ${file} in src. There are: ${all.map(([path]) => path).join(", ")}.`);
  }

  const { FILE_HEADERS_ONLY, formatPatch, structuredPatch } = await import("diff");
  const patches = states
    .filter(([, state]) => state !== "carried")
    .map(([path, state]) => {
      const old = before && state !== "new" ? textOf(before, path) : nothing;
      const now = state === "gone" ? nothing : textOf(phase, path);
      return structuredPatch(old.name, now.name, old.text, now.text, undefined, undefined, { context: 3 });
    });

  for (const patch of patches) process.stdout.write(coloured(formatPatch(patch, FILE_HEADERS_ONLY)));
  const summary = summarise(
    states.map(([, state]) => state),
    patches,
  );
  process.stderr.write(`${styleText("dim", summary, { stream: process.stderr })}\n`);
}

const nothing = { name: "/dev/null", text: "" };

function textOf(phase: Phase, path: string): { name: string; text: string } {
  return { name: `phases/${phase.name}/${path}`, text: readFileSync(join(phase.folder, path), "utf8") };
}

/** Whether `file`, as typed by the user, means `path`: all of it, its end, or where it is in some phase. */
function isNamed(path: string, file: string): boolean {
  const wanted = file.replaceAll("\\", "/").replace(/^.*phases\/[^/]+\//, "");
  return path === wanted || path.endsWith(`/${wanted}`);
}

function coloured(patch: string): string {
  const paint = (line: string, index: number) => {
    const style = index < 2 ? "bold" : styles[line.charAt(0)];
    return style ? styleText(style, line, { stream: process.stdout }) : line;
  };
  return patch.split("\n").map(paint).join("\n");
}

const styles: Record<string, "green" | "red" | "cyan"> = { "+": "green", "-": "red", "@": "cyan" };

/** "Files: 1 new, 1 changed, 8 carried. Lines: +36 −1." */
function summarise(states: readonly FileState[], patches: readonly StructuredPatch[]): string {
  const counts = (["new", "changed", "gone", "carried"] as const)
    .map((state) => ({ state, count: states.filter((each) => each === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const lines = patches.flatMap(({ hunks }) => hunks).flatMap((hunk) => hunk.lines);
  const starting = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return `Files: ${counts.join(", ")}. Lines: +${starting("+")} −${starting("-")}.`;
}
