import { expect, test } from "vitest";
import { similarity } from "./nearest-text.ts";

test("similarity is 1 for the same, 0 for strangers, and more for what is nearer", () => {
  expect(similarity("return x;", "return x;")).toBe(1);
  expect(similarity("abc", "xyz")).toBe(0);
  expect(similarity("", "a")).toBe(0);
  expect(similarity("return total;", "return totals;")).toBeGreaterThan(
    similarity("return total;", "let total;"),
  );
});
