export { type Budget, budgetOf } from "./budget.ts";
export { clip } from "./clip.ts";
export { relay } from "./relay.ts";
export { repeatDetector } from "./repeats.ts";
export { runCalls } from "./run-calls.ts";
export { runTool } from "./run-tool.ts";
export { savedFirst } from "./saved-first.ts";
export {
  defineTool,
  type Permit,
  type Plan,
  type ReadyCall,
  type ReplyEnd,
  type Report,
  type Tool,
  type ToolDefinition,
  type ToolEvent,
  type ToolOutput,
} from "./tool.ts";
