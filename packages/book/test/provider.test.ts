import { join } from "node:path";
import { expect, test } from "vitest";
import { applyDiff } from "../src/apply-diff.ts";
import { readPage } from "../src/blocks.ts";
import { linesOf, openRepo } from "../src/repo.ts";

const repo = openRepo(join(import.meta.dirname, "../../.."));
const page = readPage("docs/09-write-a-provider.md", repo.read("docs/09-write-a-provider.md") ?? "");

// That each of these files gives the output below it is proved where all of the book's commands run.
test("a reader who types the blocks of the provider's page has, at each check, the file that is checked", () => {
  let typed: string[] = [];
  const checked: string[] = [];
  for (const { kind, text, fence } of page.blocks) {
    const isStep = /provider-\d\.ts/.test(text);
    if (kind === "code" && isStep) typed = [...(fence?.body ?? [])];
    if (kind === "diff" && isStep) typed = applyDiff(fence?.body ?? [], typed);
    const file = kind === "run" && /check-provider (docs\/examples\/provider-\d\.ts)/.exec(text)?.[1];
    if (!file) continue;
    expect(typed, file).toEqual(linesOf(repo.read(file) ?? ""));
    checked.push(file);
  }
  expect(checked).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => `docs/examples/provider-${step}.ts`));
});
