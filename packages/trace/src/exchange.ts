/** The one place where what goes over the wire is seen: the `fetch` that every SDK is given. */
import { isUtf8 } from "node:buffer";
import type { TraceLine } from "./lines.ts";
import { openedTrace, record } from "./record.ts";
import { noteRequest, type Sent } from "./requests.ts";
import { safeHeaders } from "./secrets.ts";
import { openFilter } from "./spoken.ts";

type Fetch = typeof globalThis.fetch;

/** The same fetch. Where there is a trace, what it sends and what comes back is in it, as it comes. */
export function recordedFetch(fetch: Fetch): Fetch {
  return async (url, init) => {
    const exchange = beginExchange(sentBy(url, init));
    if (!exchange) return fetch(url, init);
    try {
      const response = await fetch(url, init);
      exchange.response(response);
      return passedOn(response, exchange, init?.signal);
    } catch (error) {
      exchange.end(init?.signal?.aborted ? "aborted" : "error", error);
      throw error;
    }
  };
}

/** What SDKs pass: an address, and a body of text. */
function sentBy(url: Parameters<Fetch>[0], { method = "GET", headers, body }: RequestInit = {}): Sent {
  const address = url instanceof Request ? url.url : String(url);
  const wanted = openedTrace() ? new Headers(headers) : undefined;
  return { method, url: address, headers: wanted, body: typeof body === "string" ? body : undefined };
}

/** What came of a request, for the trace. */
export interface Exchange {
  response(answer: { readonly status: number; readonly headers: Headers }): void;
  piece(bytes: Uint8Array): void;
  /** The first time counts. */
  end(how: TraceLine<"response_end">["how"], error?: unknown): void;
}

/** Undefined where there is no trace. */
export function beginExchange(sent: Sent): Exchange | undefined {
  const id = noteRequest(sent);
  if (id === undefined) return undefined;
  // Bytes as characters, so that secrets are found in whatever it is, and offsets stay.
  const filter = openFilter();
  let isOver = false;
  const write = (text: string) => {
    const bytes = Buffer.from(text, "latin1");
    const said = isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString("base64") };
    if (text !== "") record({ type: "piece", id, ...said });
  };
  return {
    response: ({ status, headers }) =>
      record({ type: "response", id, status, headers: safeHeaders(headers) }),
    piece: (bytes) => write(filter.add(Buffer.from(bytes).toString("latin1"))),
    end(how, error) {
      if (isOver) return;
      isOver = true;
      write(filter.end());
      record({ type: "response_end", id, how, ...(error !== undefined && told(error)) });
    },
  };
}

/**
 * The response, read through us and not ahead of its reader. Whoever stops reading cancels it, and whoever aborts the
 * request ends it: a copy (`clone`, `tee`) would hear of neither, and would be held in memory.
 */
function passedOn(response: Response, exchange: Exchange, signal: AbortSignal | null | undefined): Response {
  const { body, status, statusText, headers } = response;
  if (!body) {
    exchange.end("done");
    return response;
  }
  const reader = body.getReader();
  let isAwaited = false;
  // A reply can be complete before its stream ends: then nobody reads on, and the request is aborted.
  signal?.addEventListener("abort", () => exchange.end(isAwaited ? "aborted" : "cancelled"));
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      isAwaited = true;
      const { done, value } = await reader.read().catch((error: unknown) => {
        exchange.end(signal?.aborted ? "aborted" : "error", error);
        throw error;
      });
      isAwaited = false;
      if (!done) exchange.piece(value);
      else exchange.end("done");
      if (!done) controller.enqueue(value);
      else controller.close();
    },
    async cancel(reason: unknown) {
      exchange.end("cancelled");
      await reader.cancel(reason);
    },
  };
  return new Response(new ReadableStream(source, { highWaterMark: 0 }), { status, statusText, headers });
}

/** In a sentence: the causes of a failed connection say more than it does. The code is that of the innermost. */
function told(error: unknown): { message: string; code?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const inner = error.cause instanceof Error ? told(error.cause) : undefined;
  const message = inner ? `${error.message}: ${inner.message}` : error.message;
  const code = inner?.code ?? ("code" in error && typeof error.code === "string" ? error.code : undefined);
  return { message, ...(code !== undefined && { code }) };
}
