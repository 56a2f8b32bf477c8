import { openAnthropic } from "./anthropic/index.ts";
import { openChat } from "./chat/index.ts";
import type { RefusalName } from "./fault.ts";
import { openGemini } from "./gemini/index.ts";
import { openOllama } from "./ollama/index.ts";
import { openResponses } from "./responses/index.ts";
import type { WireOptions } from "./script.ts";
import type { HttpCall, Service } from "./service.ts";

/** What is served. All that goes through the dialects, here and in other packages, goes through this list. */
const openers = {
  responses: openResponses,
  chat: openChat,
  anthropic: openAnthropic,
  gemini: openGemini,
  ollama: openOllama,
} satisfies Record<string, (options: WireOptions) => Service>;

export type Dialect = keyof typeof openers;

export const dialects = Object.keys(openers) as Dialect[];

/** The service that answers a call, and the dialect that it speaks. */
export interface Spoken {
  readonly dialect: Dialect;
  readonly service: Service;
}

/**
 * All services on one port. A request for a reply tells by its path which of them it is meant for. Other questions are
 * told apart by their path too, or by a header that one vendor alone wants.
 */
export function openServices(options: WireOptions): (call: HttpCall) => Spoken {
  const services = Object.fromEntries(dialects.map((dialect) => [dialect, openService(dialect, options)]));
  return (call) => {
    const dialect = dialects.find((name) => services[name]?.asksForReply(call)) ?? guess(call);
    return { dialect, service: services[dialect] ?? openService(dialect, options) };
  };
}

function guess({ path, headers }: HttpCall): Dialect {
  if (path === "/" || path.startsWith("/api/")) return "ollama";
  if (headers["anthropic-version"] !== undefined) return "anthropic";
  if (path.startsWith("/v1beta") || headers["x-goog-api-key"] !== undefined) return "gemini";
  return path.startsWith("/v1/responses") ? "responses" : "chat";
}

/** What points an agent at all services on one port. Each of them takes the model's name. */
export function environmentOfAll(url: string, options: WireOptions): Record<string, string> {
  const order: Dialect[] = ["ollama", "gemini", "anthropic", "responses", "chat"];
  const all = order.map((dialect) => openService(dialect, options).env(url));
  const { OPENAI_API: _, ...env } = Object.assign({}, ...all) as Record<string, string>;
  return env;
}

/** The service that speaks this dialect. */
export function openService(dialect: Dialect, options: WireOptions): Service {
  return openers[dialect](options);
}

/** What the service of this dialect is known to refuse with: each is a `{ type: "refusal", name }`. */
export function refusalNames(dialect: Dialect): RefusalName[] {
  return Object.keys(openService(dialect, {}).refusals) as RefusalName[];
}
