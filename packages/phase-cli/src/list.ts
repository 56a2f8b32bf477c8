import { readFileSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { readDeclaration } from "./declarations.ts";
import { filesBelow, type Phase } from "./phases.ts";

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
