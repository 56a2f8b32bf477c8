/** What the bytes of one answer told, beneath the SDK. */
export interface Seen {
  contentType: string;
  /** At least one event has begun. */
  events: boolean;
  /** `data: [DONE]` has come. The SDK takes it for itself, and ends just as quietly without it. */
  done: boolean;
}

/**
 * The same fetch, whose answers are looked at as they pass. `alive` is called for each piece that arrives, comments
 * that only keep the connection open included.
 */
export function tapped(
  fetch: typeof globalThis.fetch,
  seen: Seen,
  alive: () => void,
): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    seen.contentType = response.headers.get("content-type") ?? "";
    const body = response.body && ReadableStream.from(watched(response.body, seen, alive));
    return new Response(body, response);
  };
}

async function* watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  seen: Seen,
  alive: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let tail = "\n";
  for await (const chunk of body) {
    alive();
    // Both marks are ASCII, begin a line and may come in pieces; inside JSON a line break is always escaped.
    tail += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    seen.events ||= /[\r\n]data:/.test(tail);
    seen.done ||= /[\r\n]data: ?\[DONE\]/.test(tail);
    tail = tail.slice(-16);
    yield chunk;
  }
}
