export { type Dialect, dialects, refusalNames } from "./dialects.ts";
export type { Fault, Moment, RefusalName, RetryHint } from "./fault.ts";
export type {
  RecordedRequest,
  Script,
  ScriptedCall,
  ScriptedReply,
  View,
  ViewCall,
  ViewMessage,
  ViewTool,
  WireOptions,
} from "./script.ts";
export { startWire, type WireServer } from "./server.ts";
