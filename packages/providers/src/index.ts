/** Language models: choosing one, what may be set of it, and what its window and its price are. */
export { type ChosenModel, chooseModel, inWords, modelNames } from "./choose.ts";
export { contextWindow } from "./published.ts";
export { modelFlags } from "./settings.ts";
