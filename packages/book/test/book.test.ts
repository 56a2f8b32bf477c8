import { join } from "node:path";
import { expect, test } from "vitest";
import { failuresOf, missingPages, pagePaths, readBook } from "../src/book.ts";
import { openRepo } from "../src/repo.ts";

const repo = openRepo(join(import.meta.dirname, "../../.."));

test.for(pagePaths(repo))("%s is true: blocks, coverage, the follower, words, links", async (path) => {
  const [reading] = await readBook(repo, [path]);
  expect(reading && failuresOf(reading)).toEqual([]);
});

test("no page is missing, and docs/diffs has what the phases differ in", () => {
  expect(missingPages(repo)).toEqual([]);
});
