import type { ServerResponse } from "node:http";
import type { Provider } from "@eightfold/core";
import { type Received, type ScratchServer, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { openOllama } from "../src/ollama/index.ts";

export const qwen = {
  capabilities: ["completion", "tools", "thinking"],
  details: { family: "qwen3" },
  model_info: { "general.architecture": "qwen3", "qwen3.context_length": 40_960 },
};

export interface Routes {
  /** The answer to /api/show, or a function that writes one. */
  readonly show?: object;
  chat?(response: ServerResponse, request: Received): unknown;
  readonly tags?: readonly object[];
}

/** A server with the routes that an adapter asks. */
export function ollamaServer({ show = qwen, chat, tags = [] }: Routes): Promise<ScratchServer> {
  return serve((request, response) => {
    if (request.path === "/api/show") return sendJson(response, 200, show);
    if (request.path === "/api/tags") return sendJson(response, 200, { models: tags });
    if (request.path === "/api/chat" && chat) return chat(response, request);
    return sendJson(response, 404, { error: "404 page not found" });
  });
}

/** Answers with one line of JSON for each thing said; the last of them ends the reply. */
export function sendLines(response: ServerResponse, lines: readonly object[]): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

export function say(message: object, end?: object): object {
  return {
    model: "m",
    message: { role: "assistant", content: "", ...message },
    done: end !== undefined,
    ...end,
  };
}

export const end = { done_reason: "stop", prompt_eval_count: 20, eval_count: 5 };

/** A provider before a server that answers each chat with these lines. */
export async function scripted(lines: readonly object[], show?: object) {
  const server = await ollamaServer({
    ...(show && { show }),
    chat: (response) => sendLines(response, lines),
  });
  return { server, ollama: await ollamaAt(server) };
}

export function ollamaAt(server: ScratchServer, env: Record<string, string> = {}): Promise<Provider> {
  return openOllama("qwen3:8b", { OLLAMA_HOST: server.url, ...env });
}

/** The bodies of the chat requests that a server got. */
export function chats(server: ScratchServer): Received["body"][] {
  return server.received.filter(({ path }) => path === "/api/chat").map(({ body }) => body);
}

/** The messages of a server's chat request. */
export function messagesSent(server: ScratchServer, index: number): { role: string; content: string }[] {
  const messages = chats(server)[index]?.messages;
  return Array.isArray(messages) ? messages : [];
}
