import { join } from "node:path";
import { expect, test } from "vitest";
import { failuresOf, pagePaths, readBook } from "../src/book.ts";
import { openRepo } from "../src/repo.ts";

// In a file of its own, beside the others: it takes the longest.
const root = join(import.meta.dirname, "../../..");
const repo = openRepo(root);

test.runIf(process.platform === "linux")(
  "all that the book runs gives what the book says",
  { timeout: 900_000 },
  async () => {
    const readings = await readBook(repo, pagePaths(repo), root);
    expect(readings.flatMap(failuresOf)).toEqual([]);
  },
);
