import { type Page, phaseNumberOf } from "./blocks.ts";
import { codeOf } from "./code-block.ts";
import { type Failure, Problem } from "./problem.ts";
import { linesOf, type Repo } from "./repo.ts";

const CORE = "packages/core/src";

/** What of core a reader does not see, and why. */
const CORE_NOT_SHOWN: ReadonlyMap<string, string> = new Map([
  [`${CORE}/index.ts`, "it lists names of the other files"],
]);

/** Each line of core is in some chapter. */
export function coreCoverage(repo: Repo, pages: readonly Page[]): Failure[] {
  const chapters = pages.filter((page) => phaseNumberOf(page) !== undefined);
  const blocks = chapters.flatMap((page) => page.blocks).filter(({ kind }) => kind === "code");
  const shown = Map.groupBy(
    blocks.filter(({ text }) => text.startsWith(`${CORE}/`)).flatMap(({ text }) => rangesIn(repo, text)),
    ({ path }) => path,
  );
  const files = repo.list(CORE).filter((path) => !/\.test\.ts$/.test(path) && !CORE_NOT_SHOWN.has(path));
  return files.flatMap((path) => {
    const isShown = (line: number) =>
      (shown.get(path) ?? []).some(({ first, last }) => first <= line && line <= last);
    const hidden = linesOf(repo.read(path) ?? "").flatMap((text, index) =>
      text === "" || isShown(index + 1) ? [] : [index + 1],
    );
    const [line] = hidden;
    if (!line) return [];
    const message = `${hidden.length} lines are in no chapter (${hidden.slice(0, 3).join(", ")}, …). Add <!-- code: ${path} -->.`;
    return [{ chapter: path, line, block: "coverage", message }];
  });
}

/** The lines that a code block shows; none for one that names nothing, which is told where the block is read. */
function rangesIn(repo: Repo, directive: string) {
  try {
    const { path, ranges } = codeOf(repo, directive);
    return ranges.map((range) => ({ path, ...range }));
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}
