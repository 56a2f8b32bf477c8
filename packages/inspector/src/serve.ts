/** Shows a trace at an address on this machine, while it is being written or afterwards, to whoever has the token. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { servedHtml } from "./html.ts";
import { pageCode } from "./page.ts";

export interface ServedTrace {
  /** With the token behind `#`, which a browser sends to nobody. */
  readonly url: string;
  /** The run is over, which its trace says only when this process ends. */
  end(exit: number): void;
  close(): void;
}

/** How often the file is looked at for new lines, in milliseconds. */
const LOOK_MS = 100;

/** @param file the trace; it does not have to be there yet */
export async function serveTrace(file: string): Promise<ServedTrace> {
  const { createServer } = await import("node:http");
  let ended: string | undefined;
  const token = randomBytes(24).toString("base64url");
  const page = servedHtml(await pageCode());
  const server = createServer((request, response) => {
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const refusal = refusalOf(request, address);
    if (refusal) return void answer(response, 403, "text/plain", refusal);
    if (request.method !== "GET") return void answer(response, 405, "text/plain", "Only GET is understood.");
    if (request.url === "/") return void answer(response, 200, "text/html; charset=utf-8", page);
    if (request.url !== "/lines") return void answer(response, 404, "text/plain", "There is no such page.");
    if (!isToken(request.headers.authorization, token))
      return void answer(response, 401, "text/plain", "The token is wrong.");
    sendLines(
      growingLines(file, () => ended),
      request,
      response,
    ).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const end = (exit: number) => {
    ended = JSON.stringify({ type: "end", t: 0, exit });
  };
  return { end, url: `http://127.0.0.1:${port}/#token=${token}`, close };
}

/**
 * A page of another site that a browser is made to ask from: by its own name for this address (rebinding), by a form, or
 * by a script. A navigation may come from anywhere, and gets a page without data.
 */
function refusalOf({ headers, url }: IncomingMessage, address: string): string | undefined {
  if (headers.host !== address) return "This is not the address that was asked for.";
  if (headers.origin !== undefined && headers.origin !== `http://${address}`) return "Another site asks.";
  const site = headers["sec-fetch-site"];
  const isOurs = site === undefined || site === "same-origin";
  return isOurs || url === "/" ? undefined : "Another site asks.";
}

/** Compared in a time that tells nothing. */
function isToken(given: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given ?? ""), digest(`Bearer ${token}`));
}

const SAFE = {
  "cache-control": "no-store",
  "content-security-policy": "frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...SAFE, "content-type": type }).end(body);
}

/** Server-sent events: each is a line of the trace, with its number as the id. Goes on until the browser has enough. */
async function sendLines(
  batches: AsyncGenerator<string[]>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { ...SAFE, "content-type": "text/event-stream" });
  response.flushHeaders();
  response.once("close", () => void batches.return(undefined));
  const seen = Number(request.headers["last-event-id"]) || 0;
  let number = 0;
  for await (const lines of batches) {
    const events = lines.flatMap((line) => (++number > seen ? `id: ${number}\ndata: ${line}\n\n` : []));
    if (response.destroyed) return;
    if (!response.write(events.join(""))) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve).once("close", resolve);
  });
}

/** The whole lines of a file as they are added, and last the line that says how the run ended, once there is one. */
async function* growingLines(file: string, ended: () => string | undefined): AsyncGenerator<string[]> {
  let handle: FileHandle | undefined;
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const last = ended(); // asked first: what the file has by then is the whole run
      handle ??= await open(file).catch(() => undefined);
      const { bytesRead = 0, buffer } = (await handle?.read(Buffer.allocUnsafe(PIECE), 0, PIECE)) ?? {};
      if (bytesRead > 0 && buffer) {
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf("\n") + 1;
        rest = bytes.subarray(end);
        if (end > 0) yield bytes.toString("utf8", 0, end - 1).split("\n");
      } else if (last !== undefined) {
        yield [last];
        return;
      } else {
        yield []; // so that whoever no longer wants them can leave
        await sleep(LOOK_MS, undefined, { ref: false });
      }
    }
  } finally {
    await handle?.close();
  }
}

/** How much of the file is read at a time, in bytes. */
const PIECE = 1 << 20;
