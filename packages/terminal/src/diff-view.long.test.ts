import { diffTexts } from "@eightfold/workspace";
import { expect, test } from "vitest";
import { styledDiff } from "./diff-view.ts";

test("of several hundred thousand lines, all are shown", async () => {
  const { diff } = await diffTexts("a", "", "x\n".repeat(300_000));
  const texts = styledDiff(diff, 80, Number.POSITIVE_INFINITY).map(({ text }) => text);
  const shown = texts.join("").split("\n");
  expect(shown).toHaveLength(300_001);
  expect(shown.at(-2)).toBe("  300000 + x");
});
