/** Calls of an agent that has helpers: side by side, inside one budget, with changes that can be taken back. */
export { type Budget, budgetOf } from "./budget.ts";
export { relay } from "./relay.ts";
export { runCalls } from "./run-calls.ts";
export { savedFirst } from "./saved-first.ts";
