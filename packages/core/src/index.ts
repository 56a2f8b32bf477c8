/** The machinery of every phase: a conversation, a model's reply, a tool, and their limits. It imports nothing of ours. */
export { type Budget, budgetOf } from "./budget.ts";
export { clip } from "./clip.ts";
export type * from "./conversation.ts";
export { editDistance } from "./edit-distance.ts";
export * from "./errors.ts";
export type * from "./model.ts";
export { modelOf } from "./model-of.ts";
export { nearest } from "./nearest.ts";
export type * from "./plan.ts";
export type * from "./provider.ts";
export { repeatDetector } from "./repeats.ts";
export { parseDuration, waitFromHeaders, waitFromText } from "./retry.ts";
export { runTool } from "./run-tool.ts";
export { addUsage, nothingSpent, replyIn, type Spent, spend } from "./spent.ts";
export { messageTokens, type RequestTokens, requestTokens } from "./tokens.ts";
export * from "./tool.ts";
export { UsageError } from "./usage-error.ts";
