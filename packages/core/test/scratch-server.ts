import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { freePort } from "./free-port.ts";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export interface ScratchServer {
  readonly url: string;
  readonly received: Received[];
}

/** A server for the rest of the running test. `answer` gets each request in turn, and writes whatever it likes. */
export async function serve(
  answer: (request: Received, response: ServerResponse, index: number) => unknown,
): Promise<ScratchServer> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const { method = "", url: path = "", headers } = incoming;
    received.push({ method, path, headers, body });
    await answer({ method, path, headers, body }, response, received.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, received };
}

/** An address where nothing listens. (A fixed low port would not do: fetch refuses some by itself.) */
export async function nobody(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8" }).end(JSON.stringify(body));
}
