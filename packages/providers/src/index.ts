/** Language models: choosing one, and what its window and its price are. */
export { type ChosenModel, chooseModel } from "./choose.ts";
export { contextWindow } from "./published.ts";
