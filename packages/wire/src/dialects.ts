import { openAnthropic } from "./anthropic/index.ts";
import { openChat } from "./chat/index.ts";
import type { RefusalName } from "./fault.ts";
import { openGemini } from "./gemini/index.ts";
import { openOllama } from "./ollama/index.ts";
import { openResponses } from "./responses/index.ts";
import type { WireOptions } from "./script.ts";
import type { Service } from "./service.ts";

/** What is served. All that goes through the dialects, here and in other packages, goes through this list. */
const services = {
  responses: openResponses,
  chat: openChat,
  anthropic: openAnthropic,
  gemini: openGemini,
  ollama: openOllama,
} satisfies Record<string, (options: WireOptions) => Service>;

export type Dialect = keyof typeof services;

export const dialects = Object.keys(services) as Dialect[];

/** The service that speaks this dialect. */
export function openService(dialect: Dialect, options: WireOptions): Service {
  return services[dialect](options);
}

/** What the service of this dialect is known to refuse with: each is a `{ type: "refusal", name }`. */
export function refusalNames(dialect: Dialect): RefusalName[] {
  return Object.keys(openService(dialect, {}).refusals) as RefusalName[];
}
