import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Block, nameOf, readPage } from "./blocks.ts";
import { difference, fill } from "./fill.ts";
import { type Failure, Problem } from "./problem.ts";
import { openChapter, type Rendered, renderCode, renderDiff } from "./render.ts";
import { openRepo } from "./repo.ts";
import { renderTable } from "./tables.ts";

const root = join(import.meta.dirname, "../../..");
const { values, positionals } = parseArgs({
  options: { write: { type: "boolean" }, check: { type: "boolean" }, quick: { type: "boolean" } },
  allowPositionals: true,
});
const repo = openRepo(root);
const failures: Failure[] = [];
const renderers = { code: renderCode, diff: renderDiff, table: renderTable } as const;
for (const path of [
  "README.md",
  ...repo.list("docs").filter((path) => path.endsWith(".md") && !path.startsWith("docs/diffs/")),
]) {
  if (positionals[0] && !path.startsWith(`docs/${positionals[0].padStart(2, "0")}`)) continue;
  const page = readPage(path, repo.read(path) ?? "");
  const chapter = openChapter(repo, page);
  const rendered = new Map<Block, Rendered>();
  for (const block of page.blocks) {
    const fail = (message: string) =>
      failures.push({ chapter: path, line: block.line, block: nameOf(block), message });
    const render = Object.entries(renderers).find(([kind]) => kind === block.kind)?.[1];
    if (!render) continue;
    try {
      const content = render(block, chapter);
      rendered.set(block, content);
      const differs = values.write ? undefined : difference(page, block, content);
      if (differs) fail(`${differs} Run pnpm book --write.`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      fail(error.message);
    }
  }
  if (values.write && page.blocks.length > 0) writeFileSync(join(root, path), fill(page, rendered));
}
for (const { chapter, line, block, message } of failures)
  process.stdout.write(`${chapter}:${line}: ${block}\n  ${message}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
