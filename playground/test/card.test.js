import assert from "node:assert/strict";
import { test } from "node:test";
import { writeAmount } from "../src/amount.js";
import { card } from "../src/card.js";

test("amounts are written the way cooks write them", () => {
  assert.deepEqual([2, 0.75, 2.25, 1 / 3].map(writeAmount), ["2", "3/4", "2 1/4", "0.33"]);
});

test("a card lines its amounts up and numbers its steps", () => {
  const tea = {
    title: "Tea",
    serves: 2,
    ingredients: [
      { amount: 500, unit: "ml", name: "water" },
      { amount: 2, name: "tea bags" },
    ],
    steps: ["Boil the water.", "Wait four minutes."],
  };
  assert.equal(
    card(tea),
    "Tea, for 2\n\n  500 ml  water\n       2  tea bags\n\n1. Boil the water.\n2. Wait four minutes.",
  );
});
