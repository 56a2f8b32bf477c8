import { readAmount } from "./amount.js";

const INGREDIENT = /^([\d./ ]*[\d]) +(?:(g|ml|tsp|tbsp|cups?) +)?(.+)$/;

/** Reads a recipe: title and servings, ingredients, steps, in three blocks of text. */
export function parse(text) {
  const blocks = text.trim().split(/\r?\n\s*\n/);
  const [[title, serves], ingredients, steps] = blocks.map((block) => block.split(/\r?\n/));
  return {
    title,
    serves: Number(serves.replace("Serves ", "")),
    ingredients: ingredients.map(ingredient),
    steps,
  };
}

function ingredient(line) {
  const match = INGREDIENT.exec(line);
  if (!match) throw new Error(`Not an ingredient: "${line}". Write it as "200 g flour" or "2 eggs".`);
  const [, amount, unit, name] = match;
  return { amount: readAmount(amount), unit, name };
}

/** The same recipe for another number of people. */
export function scale(recipe, serves) {
  const factor = serves / recipe.serves;
  const ingredients = recipe.ingredients.map((each) => ({ ...each, amount: each.amount * factor }));
  return { ...recipe, serves, ingredients };
}
