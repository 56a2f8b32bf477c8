import { openChat } from "./chat/index.ts";
import { openGemini } from "./gemini/index.ts";
import { openResponses } from "./responses/index.ts";
import type { Dialect, WireOptions } from "./script.ts";
import type { Service } from "./service.ts";

/** The service that speaks this dialect. */
export function openService(dialect: Dialect, options: WireOptions): Service {
  if (dialect === "responses") return openResponses(options);
  if (dialect === "chat") return openChat(options);
  if (dialect === "gemini") return openGemini(options);
  throw new Error(`no server for ${dialect}`);
}
