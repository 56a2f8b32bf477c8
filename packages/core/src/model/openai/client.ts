import type OpenAI from "openai";
import type { Environment } from "../environment.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * The SDK, loaded by the first request. Its own retries and log are off, and what it would read from the process's
 * environment is given to it: ours also holds `.env`.
 */
export async function openClient(endpoint: Endpoint, env: Environment, tap: Tap): Promise<OpenAI> {
  const { OpenAI: Client } = await import("openai");
  return new Client({
    baseURL: endpoint.baseURL,
    // The SDK insists on a key; servers on one's own machine mostly want none.
    apiKey: endpoint.key ?? "none",
    adminAPIKey: null,
    organization: env.OPENAI_ORG_ID ?? null,
    project: env.OPENAI_PROJECT_ID ?? null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: tap.fetch,
  });
}

/** What the bytes of one answer told, beneath the SDK. */
export interface Tap {
  readonly fetch: typeof fetch;
  /** Whether `data: [DONE]` came. The SDK takes it for itself, and ends just as quietly without it. */
  sawDone(): boolean;
  contentType(): string;
}

/** `alive` is called for each piece that arrives, comments that only keep the connection open included. */
export function openTap(alive: () => void): Tap {
  let contentType = "";
  let tail = "\n";
  let isDone = false;

  function watch(chunk: Uint8Array): void {
    alive();
    // The marker is ASCII, stands at the start of a line and may be cut in two; JSON has no raw line breaks in it.
    tail += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    isDone ||= /[\r\n]data: ?\[DONE\]/.test(tail);
    tail = tail.slice(-16);
  }

  return {
    async fetch(url, init) {
      const response = await fetch(url, init);
      contentType = response.headers.get("content-type") ?? "";
      if (!response.body) return response;
      const watched = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          watch(chunk);
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body.pipeThrough(watched), response);
    },
    sawDone: () => isDone,
    contentType: () => contentType,
  };
}
