import { type Block, nameOf, readPage } from "./blocks.ts";
import { coreCoverage } from "./core-coverage.ts";
import { coverage } from "./coverage.ts";
import { diffPages } from "./diff-pages.ts";
import { difference, fill } from "./fill.ts";
import { follow } from "./follower.ts";
import { links } from "./links.ts";
import { PAGES } from "./pages.ts";
import { plainMarkdown } from "./plain-markdown.ts";
import type { Failure } from "./problem.ts";
import { type Reading, read } from "./reading.ts";
import type { Repo } from "./repo.ts";
import { handWritten } from "./shell-fences.ts";
import { idleSteps } from "./steps.ts";
import { wordLimits } from "./words.ts";

/** The pages whose name begins with `wanted` (`5`, `05-shell`, `README`), or all. */
export function pagePaths(repo: Repo, wanted = ""): string[] {
  const docs = repo.list("docs").filter((path) => path.endsWith(".md") && !path.startsWith("docs/diffs/"));
  const name = wanted.replace(/^docs\//, "").replace(/^\d(?=-|$)/, "0$&");
  return ["README.md", ...docs].filter((path) => path.replace(/^docs\//, "").startsWith(name));
}

/** Reads the pages; with `root`, the repository on disk, also what needs processes. */
export async function readBook(repo: Repo, paths: readonly string[], root?: string): Promise<Reading[]> {
  const readings = paths.map((path) => read(repo, readPage(path, repo.read(path) ?? "")));
  if (root === undefined) return readings;
  const { runSlow } = await import("./slow.ts"); // a terminal and the checks: not for what is quick
  await runSlow(readings, root);
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
    ...idleSteps(reading),
    ...wordLimits(page, phase !== undefined),
    ...plainMarkdown(page),
    ...links(repo, page),
  ].sort((a, b) => a.line - b.line);
}

/** What is wrong with the book as a whole: a missing chapter, a stale page of diffs, a line of core that nobody sees. */
export function missingPages(repo: Repo, pages = PAGES): Failure[] {
  const missing = pages.filter((path) => repo.read(path) === undefined);
  const absent = missing.map((chapter) => ({ chapter, line: 1, block: "page", message: "It is not there." }));
  const stale = [...diffPages(repo)].filter(([path, text]) => repo.read(path) !== text);
  const advice = "It is not what the phases differ in. Run pnpm book --write diffs.";
  const all = pagePaths(repo).map((path) => readPage(path, repo.read(path) ?? ""));
  return [
    ...absent,
    ...stale.map(([chapter]) => ({ chapter, line: 1, block: "diffs", message: advice })),
    ...coreCoverage(repo, all),
  ];
}

/** The pages as they must be, by path. `now` has their text as it is by now: an author goes on writing meanwhile. */
export function written(readings: readonly Reading[], now: Repo): Map<string, string> {
  return new Map(
    readings.map(({ chapter, rendered }) => {
      const page = readPage(chapter.page.path, now.read(chapter.page.path) ?? "");
      const key = (block: Block) => `${block.kind} (${block.options}): ${block.text}`;
      const known = Map.groupBy(rendered, ([block]) => key(block));
      const again = page.blocks.map((block) => [block, known.get(key(block))?.shift()?.[1]] as const);
      const found = again.flatMap(([block, content]) => (content ? [[block, content] as const] : []));
      return [page.path, fill(page, new Map(found))];
    }),
  );
}
