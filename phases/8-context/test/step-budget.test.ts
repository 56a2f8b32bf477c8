import { expect, test } from "vitest";
import { stepBudget } from "../src/agent.ts";

/** How often the budget lets itself be spent. */
function spendAll(budget: () => boolean): number {
  let spent = 0;
  while (spent < 100 && budget()) spent++;
  return spent;
}

test("a budget is spent as often as it says, and no more", () => {
  const budget = stepBudget(3);
  expect([spendAll(budget), spendAll(budget)]).toEqual([3, 0]);
});

test("a part is spent out of the whole, and ends with it", () => {
  const whole = stepBudget(5);
  const part = stepBudget(3, whole);
  expect([spendAll(part), spendAll(stepBudget(10, whole)), spendAll(whole)]).toEqual([3, 2, 0]);
});

test("a part that is used up takes nothing more from the whole", () => {
  const whole = stepBudget(5);
  const part = stepBudget(1, whole);
  part();
  part();
  expect(spendAll(whole)).toBe(4);
});
