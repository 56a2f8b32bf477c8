import type OpenAI from "openai";
import type { Environment } from "../environment.ts";
import { letEventsIn } from "../let-events-in.ts";
import type { Endpoint } from "./endpoint.ts";

/** The longest that a timer can wait. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * The SDK, loaded by the first request. Its own retries, time limit and log are off. What it would read from the
 * process's environment is given to it, because ours also holds `.env`.
 */
export async function openClient(
  endpoint: Endpoint,
  env: Environment,
  fetch: typeof globalThis.fetch,
): Promise<OpenAI> {
  await letEventsIn();
  const { OpenAI: Client } = await import("openai");
  await letEventsIn();
  return new Client({
    baseURL: endpoint.baseURL,
    // The SDK insists on a key; servers on one's own machine mostly want none.
    apiKey: endpoint.key ?? "none",
    adminAPIKey: null,
    organization: env.OPENAI_ORG_ID ?? null,
    project: env.OPENAI_PROJECT_ID ?? null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: "off",
    fetch,
  });
}
