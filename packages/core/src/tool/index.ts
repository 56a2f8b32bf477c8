export { clip } from "./clip.ts";
export { repeatDetector } from "./repeats.ts";
export { runTool } from "./run-tool.ts";
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
