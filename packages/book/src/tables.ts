import { posix } from "node:path";
import type { Block } from "./blocks.ts";
import { changesBetween, lineCount, sizeOf } from "./changes.ts";
import { Problem } from "./problem.ts";
import type { Chapter, Rendered } from "./render.ts";
import type { Phase, Repo } from "./repo.ts";

/** `<!-- table: phases -->`, `<!-- table: map 5 -->` and `<!-- table: failures workspace guard read -->`. */
export function renderTable(block: Block, chapter: Chapter): Rendered {
  const [name, number = "", ...tests] = block.text.split(" ");
  const base = posix.dirname(chapter.page.path);
  if (name === "phases") return { body: phasesTable(chapter.repo, chapter.phases, base) };
  if (name === "failures") return { body: failuresTable(chapter.repo, number, tests, base) };
  const phase = chapter.phases.find((each) => String(each.number) === number);
  if (name !== "map" || !phase)
    throw new Problem(
      "The tables are phases, map with a phase (map 5), and failures with a room (failures shell).",
    );
  return { body: mapTable(chapter.repo, chapter.phases[chapter.phases.indexOf(phase) - 1], phase, base) };
}

/** What each phase adds, and the lines of its source. */
function phasesTable(repo: Repo, phases: readonly Phase[], base: string): string[] {
  const rows = phases.map(({ number, folder }) => {
    const { eightfold }: { eightfold: { summary: string } } = JSON.parse(
      repo.read(`${folder}/package.json`) ?? "{}",
    );
    const lines = repo
      .list(`${folder}/src`)
      .map((path) => lineCount(repo.read(path) ?? ""))
      .reduce((sum, count) => sum + count, 0);
    const name = folder.replace(/^phases\/\d+-/, "");
    return `| ${number} | [${name}](${posix.relative(base, folder)}) | ${eightfold.summary} | ${lines} |`;
  });
  return ["| | folder | what it adds | lines |", "|---|---|---|---|", ...rows];
}

/** The files that a phase changes, and the tools it gains. */
export function mapTable(repo: Repo, before: Phase | undefined, phase: Phase, base: string): string[] {
  const changes = [...changesBetween(repo, before?.folder, phase.folder).values()];
  const sizes = changes.map((change) => sizeOf(change));
  const rows = changes.map((change, index) => {
    const folder = change.state === "gone" ? before?.folder : phase.folder;
    const link = posix.relative(base, `${folder}/${change.path}`);
    return `| [${change.path}](${link}) | ${change.state} | ${signed(sizes[index])} |`;
  });
  const total = {
    added: sizes.reduce((sum, { added }) => sum + added, 0),
    removed: sizes.reduce((sum, { removed }) => sum + removed, 0),
  };
  const files = `${changes.length} ${changes.length === 1 ? "file" : "files"}`;
  const gained = changes.filter(({ state }) => state === "new").flatMap(({ after }) => toolsIn(after));
  const tools = gained.map((name) => `\`${name}\``).join(", ") || "none";
  return [
    "| file | | lines |",
    "|---|---|---|",
    ...rows,
    `| ${files} | | ${signed(total)} |`,
    "",
    `Tools gained: ${tools}.`,
  ];
}

/** What the README of a room says that it prevents, for a page in `base`; of the rows only those with these test files. */
function failuresTable(repo: Repo, room: string, tests: readonly string[], base: string): string[] {
  const readme = repo.read(`packages/${room}/README.md`) ?? "";
  const rows = readme.split("\n").filter((line) => /^\| .*\]\([^)]*\.test\.ts\)/.test(line));
  const named = (row: string, test: string) => row.includes(`| [${test}](`);
  const absent = tests.find((test) => !rows.some((row) => named(row, test)));
  if (rows.length === 0 || absent)
    throw new Problem(`The README of packages/${room} has no failure with a test ${absent ?? "at all"}.`);
  const folder = posix.relative(base, `packages/${room}`);
  const wanted = rows.filter((row) => tests.length === 0 || tests.some((test) => named(row, test)));
  return [
    "| without this room | the test that shows it |",
    "|---|---|",
    ...wanted.map((row) => row.replace(/\]\((?!https?:)/g, `](${folder}/`)),
  ];
}

function signed(size: { added: number; removed: number } | undefined): string {
  if (!size) return "";
  return [size.added > 0 && `+${size.added}`, size.removed > 0 && `−${size.removed}`]
    .filter(Boolean)
    .join(" ");
}

/** The names in a tool file's `defineTool({ name: "read_file", … })`. */
function toolsIn(text: string): string[] {
  return [...text.matchAll(/defineTool\(\{\s*name: "(\w+)"/g)].map(([, name = ""]) => name);
}
