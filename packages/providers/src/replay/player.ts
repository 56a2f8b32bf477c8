/** Answers requests from a trace, in the order in which they were made. */
import { setTimeout as sleep } from "node:timers/promises";
import { ModelFailure } from "@eightfold/core";
import { laneNow, withoutSecrets } from "@eightfold/trace";
import {
  bytesOf,
  type Exchange,
  type RequestLine,
  type ResponseEndLine,
  type Trace,
} from "@eightfold/trace/read";
import { difference } from "./difference.ts";

export interface Player {
  /** What a server answered, piece by piece. */
  readonly fetch: typeof globalThis.fetch;
  /** The recorded answer to the next request of the conversation that asks. @throws ModelFailure when another one was recorded */
  next(url: URL, body: string): Exchange;
  /** An answer as it came; throws where it ended in an error, and where its end is not in the trace. */
  pieces(exchange: Exchange, signal: AbortSignal): AsyncGenerator<Uint8Array>;
}

/** @param isPaced waits between the pieces as the server did */
export function playerOf({ exchanges }: Trace, file: string, isPaced: boolean): Player {
  const unplayed = exchanges.filter(({ request }) => request.step > 0);
  const asked = exchanges.filter(({ request }) => request.step === 0);

  function next(url: URL, body: string): Exchange {
    const lane = laneNow();
    const exchange = unplayed.find(({ request }) => request.lane === lane);
    if (!exchange) throw leaves(file, "It holds no further request of this conversation.");
    const found = differenceOf(exchange, url, withoutSecrets(body));
    if (found) throw leaves(file, `Request ${exchange.request.id} differs: ${found}`);
    unplayed.splice(unplayed.indexOf(exchange), 1);
    return exchange;
  }

  function other(method: string, { pathname }: URL): Exchange {
    const known = asked.find(({ request }) => request.method === method && pathOf(request) === pathname);
    if (!known) throw leaves(file, `Nothing was asked of ${pathname} when it was recorded.`);
    return known;
  }

  async function* pieces(exchange: Exchange, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    let last = exchange.request.t;
    for (const piece of exchange.pieces) {
      if (isPaced) await sleep(piece.t - last, undefined, signal && { signal });
      last = piece.t;
      yield bytesOf(piece);
    }
    if (exchange.end?.how === "error") throw broken(exchange.end);
    if (!isWhole(exchange)) throw noEnd(file, exchange);
  }

  return {
    next,
    pieces,
    async fetch(address, { method = "GET", body, signal } = {}) {
      const url = new URL(address instanceof Request ? address.url : address);
      const isForReply = method === "POST" && !url.pathname.endsWith("/api/show");
      const exchange = isForReply ? next(url, String(body)) : other(method, url);
      const { response, end } = exchange;
      if (!response) throw end?.how === "error" ? broken(end) : noEnd(file, exchange);
      const { status, headers } = response;
      const isEmpty = [204, 205, 304].includes(status);
      const said = isEmpty ? null : ReadableStream.from(pieces(exchange, signal ?? undefined));
      return new Response(said, { status, headers });
    },
  };
}

function differenceOf({ request, body }: Exchange, { pathname }: URL, asked: string): string | undefined {
  const path = pathOf(request);
  if (path !== pathname) return `it went to ${path}, and now goes to ${pathname}.`;
  return body === undefined ? "its body is missing." : difference(body, asked);
}

const pathOf = ({ url }: RequestLine): string => new URL(url).pathname;

/** A reply that was complete may have been let go of before its stream ended. */
function isWhole({ end, usage }: Exchange): boolean {
  return end?.how === "done" || (usage !== undefined && usage.stop !== "aborted" && usage.stop !== "error");
}

const noEnd = (file: string, { request }: Exchange) =>
  leaves(file, `The answer to request ${request.id} has no end in it.`);

/** The connection fails as it did. */
function broken({ message, code }: ResponseEndLine): Error {
  return Object.assign(new Error(message), code !== undefined && { code });
}

function leaves(file: string, why: string): ModelFailure {
  const message = `The conversation has left the trace in ${file}. ${why}`;
  const hint = "A replay answers what was asked when it was recorded, and nothing else.";
  return new ModelFailure({ kind: "bad_request", message, hint, retryable: false });
}
