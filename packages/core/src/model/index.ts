/** Language models: choosing one, asking it for a reply, and what that cost. */
export { UsageError } from "../usage-error.ts";
export { type ChosenModel, chooseModel } from "./choose.ts";
export { contextWindow } from "./context-window.ts";
export type * from "./model.ts";
export { modelOf } from "./model-of.ts";
export { quietly } from "./quietly.ts";
export { nothingSpent, type Spent, spend } from "./spent.ts";
export { messageTokens, type RequestTokens, requestTokens } from "./tokens.ts";
