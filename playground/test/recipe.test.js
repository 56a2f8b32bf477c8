import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse, scale } from "../src/recipe.js";

const pancakes = parse(await readFile(new URL("../recipes/pancakes.txt", import.meta.url), "utf8"));

function amountOf(name, recipe) {
  return recipe.ingredients.find((ingredient) => ingredient.name === name).amount;
}

test("a recipe has a title, servings and steps", () => {
  assert.equal(pancakes.title, "Pancakes");
  assert.equal(pancakes.serves, 4);
  assert.equal(pancakes.steps.length, 3);
});

test("an ingredient has an amount, perhaps a unit, and a name", () => {
  const { ingredients } = parse("Brine\nServes 1\n\n1/2 tsp salt\n3 ice cubes\n\nStir.");
  assert.deepEqual(ingredients, [
    { amount: 0.5, unit: "tsp", name: "salt" },
    { amount: 3, unit: undefined, name: "ice cubes" },
  ]);
});

test("a line that is no ingredient is named in the error", () => {
  assert.throws(() => parse("Toast\nServes 1\n\nsome bread\n\nToast it."), /"some bread"/);
});

test("half the guests need half the flour", () => {
  assert.equal(amountOf("flour", scale(pancakes, 2)), 100);
});

test("twice the guests need twice the milk", () => {
  assert.equal(amountOf("milk", scale(pancakes, 8)), 3);
});
