/** How every SDK is loaded, and its one way to the network. */
import type { IncomingMessage, RequestOptions } from "node:http";
import { addAbortSignal } from "node:stream";

/** A large model on a small machine reads a long conversation for many minutes before it says a word. */
export const LOCAL_IDLE_MS = 30 * 60_000;

/** How every SDK, and we ourselves, get to the network. An unlimited one is for a server on the user's own machine. */
export function openFetch({ isUnlimited }: { readonly isUnlimited: boolean }): typeof globalThis.fetch {
  return isUnlimited ? fetchWithoutTimeLimit : globalThis.fetch;
}

/**
 * A fetch without time limits of its own. Node's gives up when no byte has come for 300 s, and a large model can take
 * longer than that to load and to read a long conversation. https://github.com/ollama/ollama-js/issues/72
 * It takes what SDKs pass: a URL, and a body of text. It follows no redirect. Each request has a connection of its
 * own: none is kept that the server may close meanwhile.
 */
const fetchWithoutTimeLimit: typeof globalThis.fetch = async (url, init = {}) => {
  const { href, protocol } = new URL(url instanceof Request ? url.url : url);
  const { request } = await (protocol === "https:" ? import("node:https") : import("node:http"));
  const { method = "GET", body, signal } = init;
  const headers = Object.fromEntries(new Headers(init.headers));
  const options: RequestOptions = { method, headers, agent: false, ...(signal && { signal }) };
  return new Promise((resolve, reject) => {
    request(href, options)
      .on("response", (answer) => {
        if (signal) addAbortSignal(signal, answer);
        resolve(responseOf(answer));
      })
      .on("error", reject)
      .end(body);
  });
};

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = "", headersDistinct } = answer;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const body = status === 204 || status === 304 ? null : ReadableStream.from<Uint8Array>(answer);
  return new Response(body, { status, statusText, headers });
}

/**
 * Loads an SDK, for the first request that needs it, and gives key presses and timers their turn before and after.
 * Node runs a chain of `await import()` without one, so a Ctrl-C during the first request would wait for every module
 * that it needs, 100 ms and more.
 */
export async function loadSdk<Sdk>(load: () => Promise<Sdk>): Promise<Sdk> {
  await yieldToEventLoop();
  return load().finally(yieldToEventLoop);
}

/** Two turns, because the first may come before the keyboard is looked at. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
