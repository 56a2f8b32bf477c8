import { type Page, phaseNumberOf } from "./blocks.ts";
import { type Change, changedLines } from "./changes.ts";
import { codeOf } from "./code-block.ts";
import { type Failure, Problem } from "./problem.ts";
import type { Reading } from "./reading.ts";
import { linesOf, type Repo } from "./repo.ts";

/** A tenth of a chapter's changed lines may be left out, and no more. */
const MOST_LEFT_OUT = 0.1;

/** Each changed line of the phase stands in its chapter, or is left out with a reason. */
export function coverage(reading: Reading): Failure[] {
  const { page, phase, before, changes, shown } = reading.chapter;
  if (!phase) return [];
  const fail = (message: string, line = 1): Failure => ({
    chapter: page.path,
    line,
    block: "coverage",
    message,
  });
  const missing = [...changes.values()].flatMap((change) => {
    const hidden = changedLines(change).filter((index) => !shown.get(change.path)?.has(index));
    if (hidden.length === 0) return [];
    const source =
      change.state === "new"
        ? `code: ${phase.folder}/${change.path}`
        : `diff: ${before?.folder} -> ${phase.folder} ${change.path}`;
    return [
      fail(`${change.path}: ${quote(change, hidden)} in no block. Add <!-- ${source} -->, or not-shown.`),
    ];
  });
  const { all, out } = countLines(reading);
  if (out === 0 || out < all * MOST_LEFT_OUT) return missing;
  const line = [...reading.leftOut.keys()][0]?.line;
  return [...missing, fail(`${out} of ${all} changed lines are not shown; fewer than a tenth may be.`, line)];
}

/** What a reader takes from the phase without having seen it: "docs/06-prompt.md: 2 of 242 changed lines are not shown: …". */
export function notShown(reading: Reading): string[] {
  const { all, out } = countLines(reading);
  const parts = [...reading.leftOut].map(([block]) => block.text);
  return out === 0
    ? []
    : [`${reading.chapter.page.path}: ${out} of ${all} changed lines are not shown: ${parts.join("; ")}`];
}

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

function countLines({ chapter, leftOut }: Reading): { all: number; out: number } {
  const all = [...chapter.changes.values()].flatMap(changedLines).length;
  const out = [...leftOut.values()].flatMap(({ lines }) => lines).length;
  return { all, out };
}

/** "3 changed lines (+12 `const a`, …) stand". */
function quote({ lines }: Change, hidden: readonly number[]): string {
  const some = hidden.slice(0, 3).flatMap((index) => {
    const line = lines[index];
    return line ? [`${line.sign}${line.now || line.old} \`${line.text.trim()}\``] : [];
  });
  const more = hidden.length > some.length ? ", …" : "";
  return `${hidden.length} changed ${hidden.length === 1 ? "line stands" : "lines stand"} (${some.join(", ")}${more})`;
}
