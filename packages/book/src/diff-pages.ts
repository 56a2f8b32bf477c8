import { type Change, changesBetween } from "./changes.ts";
import { diffLines, hunksOf } from "./hunks.ts";
import { type Phase, phasesOf, type Repo } from "./repo.ts";
import { mapTable } from "./tables.ts";

/** `docs/diffs/04-05.md` and its like: all that each phase changes in the source of the one before, by path. */
export function diffPages(repo: Repo): Map<string, string> {
  const phases = phasesOf(repo);
  const pages = new Map<string, string>();
  for (const [index, phase] of phases.entries()) {
    const before = phases[index - 1];
    if (before) pages.set(`docs/diffs/${padded(before)}-${padded(phase)}.md`, pageOf(repo, before, phase));
  }
  return pages;
}

const padded = ({ number }: Phase) => String(number).padStart(2, "0");

function pageOf(repo: Repo, before: Phase, phase: Phase): string {
  const changes = [...changesBetween(repo, before.folder, phase.folder).values()];
  const carried = repo
    .list(`${phase.folder}/src`)
    .map((path) => path.slice(phase.folder.length + 1))
    .filter((path) => !changes.some((change) => change.path === path));
  const links = carried.map((path) => `[${path}](../../${phase.folder}/${path})`);
  const chapter = repo.list("docs").find((path) => path.startsWith(`docs/${padded(phase)}-`));
  const parts = [
    `# From phase ${before.number} to phase ${phase.number}`,
    `Everything that ${phase.folder} changes in the source of ${before.folder}.`,
    ...(chapter ? [`[Chapter ${phase.number}](../${chapter.slice("docs/".length)}) explains it.`] : []),
    ...(changes.length > 0 ? [mapTable(repo, before, phase, "docs/diffs").join("\n")] : ["Nothing changes."]),
    ...(links.length > 0 ? [`Carried, the same to the byte: ${links.join(", ")}.`] : []),
    ...changes.map(sectionOf),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionOf(change: Change): string {
  const all = new Set(change.lines.keys());
  const lines = diffLines(hunksOf(change, new Set(), all), []);
  const ticks = "`".repeat(lines.some((line) => line.includes("```")) ? 4 : 3);
  return [`## ${change.path}`, "", `${ticks}diff`, ...lines, ticks].join("\n");
}
