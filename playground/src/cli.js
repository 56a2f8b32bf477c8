#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { card } from "./card.js";
import { parse, scale } from "./recipe.js";

const [file, people] = process.argv.slice(2);

if (!file) {
  console.error("usage: ladle RECIPE [PEOPLE]");
  process.exit(2);
}

const recipe = parse(await readFile(file, "utf8"));
console.log(card(scale(recipe, Number(people ?? recipe.serves))));
