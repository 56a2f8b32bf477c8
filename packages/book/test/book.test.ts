import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { phaseNumberOf, readPage } from "../src/blocks.ts";
import { failuresOf, missingPages, pagePaths, readBook } from "../src/book.ts";
import { openRepo, phasesOf, type Repo } from "../src/repo.ts";

const repo = openRepo(join(import.meta.dirname, "../../.."));

async function failuresIn(path: string, from: Repo = repo) {
  const readings = await readBook(from, [path]);
  return readings.flatMap(failuresOf);
}

test.for(pagePaths(repo))("%s is true: blocks, coverage, the follower, words, links", async (path) => {
  expect(await failuresIn(path)).toEqual([]);
});

test("no page is missing, and docs/diffs has what the phases differ in", () => {
  expect(missingPages(repo)).toEqual([]);
});

const chapters = pagePaths(repo).flatMap((path) => {
  const number = phaseNumberOf(readPage(path, ""));
  const phase = phasesOf(repo).find((each) => each.number === number);
  return phase ? [{ path, phase }] : [];
});

describe.for(chapters)("one changed line turns $path red", ({ path, phase }) => {
  test.for(repo.list(`${phase.folder}/src`))("in %s", async (file) => {
    const lines = (repo.read(file) ?? "").split("\n");
    for (const index of new Set([0, lines.length >> 1, lines.length - 2])) {
      const changed = lines.with(index, `${lines[index]} // changed`).join("\n");
      const mutated = { ...repo, read: (each: string) => (each === file ? changed : repo.read(each)) };
      const places = (await failuresIn(path, mutated)).map(({ chapter, block }) => `${chapter}: ${block}`);
      expect(places, `${file}:${index + 1}`).toContainEqual(
        expect.stringMatching(new RegExp(`^${path}: (?:code|diff|coverage|follower)`)),
      );
    }
  });
});
