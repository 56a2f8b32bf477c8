import { openAnthropic } from "./anthropic/index.ts";
import { openChat } from "./chat/index.ts";
import type { RefusalName } from "./fault.ts";
import { openGemini } from "./gemini/index.ts";
import { openOllama } from "./ollama/index.ts";
import { openResponses } from "./responses/index.ts";
import type { Dialect, WireOptions } from "./script.ts";
import type { Service } from "./service.ts";

/** The service that speaks this dialect. */
export function openService(dialect: Dialect, options: WireOptions): Service {
  if (dialect === "responses") return openResponses(options);
  if (dialect === "chat") return openChat(options);
  if (dialect === "anthropic") return openAnthropic(options);
  if (dialect === "gemini") return openGemini(options);
  return openOllama(options);
}

/** What the service of this dialect is known to refuse with: each is a `{ type: "refusal", name }`. */
export function refusalNames(dialect: Dialect): RefusalName[] {
  return Object.keys(openService(dialect, {}).refusals) as RefusalName[];
}
