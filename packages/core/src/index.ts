/** The machinery of every phase: a conversation, a model's reply, a tool, and their limits. It imports nothing of ours. */
export { prepareCall, refuseCall, runCall } from "./calls.ts";
export type * from "./conversation.ts";
export * from "./errors.ts";
export { repeatDetector } from "./limits.ts";
export type * from "./model.ts";
export { processState } from "./process.ts";
export { modelOf } from "./reply.ts";
export { waitFromHeaders, waitFromText } from "./retry.ts";
export { clip, editDistance, nearest, quote } from "./text.ts";
export * from "./tool.ts";
export * from "./usage.ts";
