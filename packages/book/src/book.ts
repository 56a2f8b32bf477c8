import { nameOf, readPage } from "./blocks.ts";
import { coverage } from "./coverage.ts";
import { diffPages } from "./diff-pages.ts";
import { difference, fill } from "./fill.ts";
import { follow } from "./follower.ts";
import { links } from "./links.ts";
import type { Failure } from "./problem.ts";
import { type Reading, read } from "./reading.ts";
import type { Repo } from "./repo.ts";
import { handWritten } from "./shell-fences.ts";
import { sideBySide, slowJobs } from "./slow.ts";
import { wordLimits } from "./words.ts";

/** Chapters that must be there. */
const WRITTEN: readonly string[] = [];

/** The pages whose name begins with `wanted` (`5`, `05-shell`, `README`), or all. */
export function pagePaths(repo: Repo, wanted = ""): string[] {
  const docs = repo.list("docs").filter((path) => path.endsWith(".md") && !path.startsWith("docs/diffs/"));
  const name = wanted.replace(/^docs\//, "").replace(/^\d(?=-|$)/, "0$&");
  return ["README.md", ...docs].filter((path) => path.replace(/^docs\//, "").startsWith(name));
}

/** Reads the pages; with `root`, the repository on disk, also what needs processes. */
export async function readBook(repo: Repo, paths: readonly string[], root?: string): Promise<Reading[]> {
  const readings = paths.map((path) => read(repo, readPage(path, repo.read(path) ?? "")));
  if (root !== undefined)
    await sideBySide(
      readings.flatMap((reading) => slowJobs(reading, root)),
      2,
    );
  return readings;
}

/** Each place where a page is not true, in the order of its lines. */
export function failuresOf(reading: Reading): Failure[] {
  const { chapter, rendered, failures } = reading;
  const { page, repo, phase } = chapter;
  const blocks = [...rendered].flatMap(([block, content]) => {
    const message = difference(page, block, content);
    const advice = `Run pnpm book --write ${page.path.replace(/^docs\/|\.md$/g, "")}.`;
    return message
      ? [{ chapter: page.path, line: block.line, block: nameOf(block), message: `${message} ${advice}` }]
      : [];
  });
  return [
    ...failures,
    ...blocks,
    ...handWritten(page),
    ...coverage(reading),
    ...follow(reading),
    ...wordLimits(page, phase !== undefined),
    ...links(repo, page),
  ].sort((a, b) => a.line - b.line);
}

/** What is wrong with the book as a whole: a chapter that is not there, a page of diffs that is not as it must be. */
export function missingPages(repo: Repo): Failure[] {
  const absent = WRITTEN.filter((path) => repo.read(path) === undefined).map((chapter) => ({
    chapter,
    line: 1,
    block: "chapter",
    message: "It is not there.",
  }));
  const stale = [...diffPages(repo)].filter(([path, text]) => repo.read(path) !== text);
  const advice = "It is not what the phases differ in. Run pnpm book --write diffs.";
  return [...absent, ...stale.map(([chapter]) => ({ chapter, line: 1, block: "diffs", message: advice }))];
}

/** The pages as they must be, by path: those that a reading can fill, and the pages of diffs. */
export function written(readings: readonly Reading[]): Map<string, string> {
  return new Map(readings.map(({ chapter, rendered }) => [chapter.page.path, fill(chapter.page, rendered)]));
}
