/** How every SDK is loaded, and its one way to the network. */

import { once } from "node:events";
import type { IncomingMessage, RequestOptions } from "node:http";
import { addAbortSignal, pipeline, type Readable, type Transform } from "node:stream";
import { ModelFailure, UsageError } from "@eightfold/core";
import { recordedFetch } from "@eightfold/trace";
import type { EnvHttpProxyAgent } from "undici";
import { type Environment, NETWORK } from "./environment.ts";
import { causesOf, explainNetwork, explainStatus } from "./http-errors.ts";

/** A large model on a small machine reads a long conversation for many minutes before it says a word. */
export const LOCAL_IDLE_MS = 30 * 60_000;

/** The longest that a timer can wait: for SDKs, whose own time limits are off. */
export const NEVER_MS = 2 ** 31 - 1;

/** How every SDK, and we ourselves, get to the network. */
export interface Network {
  /** For a server on the user's own machine, and where the user says how long to wait. */
  readonly isUnlimited: boolean;
  /** Names the proxies. */
  readonly env?: Environment;
  /** Of the server's address: it goes behind the path of each request. */
  readonly query?: string;
}

/** Whatever it sends, and what comes back, is in the trace, if there is one. */
export function openFetch(network: Network): typeof globalThis.fetch {
  const { env, query = "" } = network;
  const fetch = recordedFetch(env?.[NETWORK] ?? fetchOf(network));
  if (query === "") return fetch;
  return (url, init) => {
    const target = new URL(url instanceof Request ? url.url : url);
    for (const [name, value] of new URLSearchParams(query)) target.searchParams.set(name, value);
    return fetch(target, init);
  };
}

function fetchOf({ isUnlimited, env = {} }: Network): typeof globalThis.fetch {
  const direct = isUnlimited ? fetchWithoutTimeLimit : globalThis.fetch;
  const proxies = proxiesIn(env);
  if (!proxies.httpProxy && !proxies.httpsProxy) return direct;
  return (url, init) => {
    const target = new URL(url instanceof Request ? url.url : url);
    return needsNoProxy(target, proxies.direct) ? direct(url, init) : fetchByProxy(proxies, url, init);
  };
}

/** By the usual variables. Those in small letters win, as they do in curl. */
function proxiesIn(env: Environment) {
  const named = (name: string) => env[name] ?? env[name.toUpperCase()];
  const every = named("all_proxy");
  return {
    httpProxy: proxyUrl(named("http_proxy") ?? every),
    httpsProxy: proxyUrl(named("https_proxy") ?? every),
    noProxy: "",
    direct: (named("no_proxy") ?? "").split(/[\s,]+/).filter((entry) => entry !== ""),
  };
}

/** An empty text for none: undici would look into the process's environment for one that is undefined. */
function proxyUrl(value: string | undefined): string {
  if (value === undefined) return "";
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url && /^(https?|socks5?h?):$/.test(url.protocol)) return url.href.replace(/^socks\w*:/, "socks5:");
  throw new UsageError(
    "A proxy in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY is not an address like http://10.0.0.1:3128.",
  );
}

/**
 * Whether a host is reached directly: one on this machine, as in Go's clients, Ollama's own among them; and one in NO_PROXY, which
 * lists hosts with everything that is below them, with a port or without, addresses and networks (10.0.0.0/8).
 */
function needsNoProxy({ hostname, port, protocol }: URL, direct: readonly string[]): boolean {
  if (/^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return true;
  const host = hostname.replace(/^\[|\]$/g, "");
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  const family = isIP(host) === 6 ? "ipv6" : "ipv4";
  return direct.some((entry) => {
    const [, network = "", bits] = /^\[?([\da-f.:]+)\]?\/(\d+)$/i.exec(entry) ?? [];
    if (isIP(network) !== 0 && Number(bits) <= (isIP(network) === 6 ? 128 : 32)) {
      const list = new BlockList();
      list.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
      return isIP(host) !== 0 && list.check(host, family);
    }
    const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
    if (only !== undefined && only !== (port || (protocol === "https:" ? "443" : "80"))) return false;
    const domain = name.toLowerCase().replace(/^\*?\.|^\[|\]$/g, "");
    return name === "*" || host === domain || (domain !== "" && host.endsWith(`.${domain}`));
  });
}

/** The time limits are undici's, and off: the watchdog of `core` knows when an answer is late. */
async function fetchByProxy(
  proxies: ReturnType<typeof proxiesIn>,
  url: Parameters<typeof globalThis.fetch>[0],
  init: RequestInit = {},
): Promise<Response> {
  const undici = await loadSdk(() => import("undici"));
  const { direct: _, ...addresses } = proxies;
  const settings = JSON.stringify(addresses);
  const agent =
    agents.get(settings) ?? new undici.EnvHttpProxyAgent({ ...addresses, headersTimeout: 0, bodyTimeout: 0 });
  agents.set(settings, agent);
  try {
    return await undici.fetch(url, { ...init, dispatcher: agent });
  } catch (error) {
    const hint = "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; NO_PROXY lists hosts that need none.";
    const proxy = `The proxy at ${new URL(proxies.httpsProxy || proxies.httpProxy).host}`;
    const [, status] = /Proxy response \((\d+)\)/.exec(causesOf(error).join()) ?? [];
    const known = status ? explainStatus(proxy, { status: Number(status) }) : explainNetwork(error, proxy);
    if (!status && known?.kind !== "unreachable") throw error;
    throw known ? new ModelFailure({ ...known, hint }) : error;
  }
}

/** One for all requests that go by the same proxies, so that they share its connections. */
const agents = new Map<string, EnvHttpProxyAgent>();

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
        responseOf(answer).then(resolve, reject);
      })
      .on("error", reject)
      .end(body);
  });
};

async function responseOf(answer: IncomingMessage): Promise<Response> {
  const { statusCode: status = 0, statusMessage: statusText = "", headersDistinct } = answer;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const isEmpty = [204, 205, 304].includes(status);
  return new Response(isEmpty ? null : ReadableStream.from<Uint8Array>(await unpacked(answer)), {
    status,
    statusText,
    headers,
  });
}

/** Nobody asked for a packed answer, but gateways send one, some packed twice. What is cut is judged by what is in it. */
async function unpacked(answer: IncomingMessage): Promise<Readable> {
  const zlib = process.getBuiltinModule("node:zlib");
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants;
  // Some servers send deflate without its frame, or gzip under its name. The first byte of a frame ends in 8, and that of gzip is 1f.
  const inflate = (first: number) =>
    zlib[first % 16 === 8 || first === 0x1f ? "createUnzip" : "createInflateRaw"]({
      finishFlush: Z_SYNC_FLUSH,
    });
  const unpackers: Readonly<Record<string, (first: number) => Transform>> = {
    ...{ gzip: inflate, deflate: inflate },
    br: () => zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH }),
    zstd: () => zlib.createZstdDecompress({ finishFlush: ZSTD_e_flush }),
  };
  const encodings = (answer.headers["content-encoding"] ?? "").toLowerCase().split(/[\s,]+/);
  let body: Readable = answer;
  for (const encoding of encodings.toReversed()) {
    const unpack = unpackers[encoding.replace(/^x-/, "")];
    if (unpack) body = pipeline(body, unpack(await firstByte(body)), () => {});
  }
  return body;
}

/** The first byte that will be read. It is left where it is. */
async function firstByte(body: Readable): Promise<number> {
  await once(body, "readable");
  const bytes: Buffer | null = body.read();
  if (bytes) body.unshift(bytes);
  return bytes?.[0] ?? 0;
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
