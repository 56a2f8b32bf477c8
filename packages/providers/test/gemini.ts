import type { ServerResponse } from "node:http";
import { type ScratchServer, serve } from "@eightfold/core/test/scratch-server";
import { openGemini } from "../src/gemini/index.ts";

/** Answers with server-sent events, one for each chunk. */
export function sendChunks(response: ServerResponse, chunks: readonly unknown[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(""));
}

/** A chunk of the given parts; with a reason, the last one. */
export function chunk(parts: readonly unknown[], finishReason?: string): unknown {
  return { candidates: [{ content: { role: "model", parts }, ...(finishReason && { finishReason }) }] };
}

/** A provider before a server that gives these replies, one a request. */
export async function scripted(replies: readonly (readonly unknown[])[], model?: string) {
  const server = await serve((_, response, index) => sendChunks(response, replies[index] ?? []));
  return { server, gemini: geminiAt(server, model) };
}

export function geminiAt(server: ScratchServer, model?: string) {
  return openGemini(model, { GEMINI_API_KEY: "key-1", GOOGLE_GEMINI_BASE_URL: server.url });
}
