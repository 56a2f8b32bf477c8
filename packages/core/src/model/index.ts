/** Language models: choosing one, and asking it for a reply. */
export { UsageError } from "../usage-error.ts";
export { type ChosenModel, chooseModel } from "./choose.ts";
export type * from "./model.ts";
export { modelOf } from "./model-of.ts";
