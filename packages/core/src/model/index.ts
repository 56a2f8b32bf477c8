/** Language models: choosing one, asking it for a reply, and what that cost. */
import type * as lazy from "./context-window.ts";

export { UsageError } from "../usage-error.ts";
export { type ChosenModel, chooseModel } from "./choose.ts";
export type * from "./model.ts";
export { modelOf } from "./model-of.ts";
export { quietly } from "./quietly.ts";

/** As in context-window.ts, which only a long session needs. */
export const contextWindow: typeof lazy.contextWindow = async (...args) => {
  const { contextWindow } = await import("./context-window.ts");
  return contextWindow(...args);
};
