import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { phaseNumberOf, readPage } from "../src/blocks.ts";
import { failuresOf, missingPages, pagePaths, readBook } from "../src/book.ts";
import { follow } from "../src/follower.ts";
import { PAGES } from "../src/pages.ts";
import { read } from "../src/reading.ts";
import { openRepo, phasesOf } from "../src/repo.ts";

const repo = openRepo(join(import.meta.dirname, "../../.."));

async function failuresIn(path: string) {
  const readings = await readBook(repo, [path]);
  return readings.flatMap(failuresOf);
}

test.for(pagePaths(repo))("%s is true: blocks, coverage, the follower, words, links", async (path) => {
  expect(await failuresIn(path)).toEqual([]);
});

test("no page is missing, and docs/diffs has what the phases differ in", () => {
  expect(missingPages(repo)).toEqual([]);
});

/** The last page of each phase, where the reader must have it. */
const chapters = phasesOf(repo).flatMap((phase) => {
  const path = PAGES.findLast((each) => phaseNumberOf({ path: each }) === phase.number);
  return path ? [{ path, phase }] : [];
});

describe.for(chapters)("one changed line turns $path red", ({ path, phase }) => {
  const reading = read(repo, readPage(path, repo.read(path) ?? ""));

  test.for(repo.list(`${phase.folder}/src`))("in %s", (file) => {
    const lines = (repo.read(file) ?? "").split("\n");
    for (const index of new Set([0, lines.length >> 1, lines.length - 2])) {
      const changed = lines.with(index, `${lines[index]} // changed`).join("\n");
      const mutated = { ...repo, read: (each: string) => (each === file ? changed : repo.read(each)) };
      const failures = follow({ ...reading, chapter: { ...reading.chapter, repo: mutated } });
      expect(failures, `${file}:${index + 1}`).toEqual([
        expect.objectContaining({ chapter: path, block: "follower" }),
      ]);
    }
  });
});
