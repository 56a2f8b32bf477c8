/** Answers requests from a trace, in the order in which they were made. */
import { setTimeout as sleep } from "node:timers/promises";
import { ModelFailure } from "@eightfold/core";
import { laneNow, withoutSecrets } from "@eightfold/trace";
import { bytesOf, type Exchange, type ResponseEndLine, type Trace } from "@eightfold/trace/read";
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
    const index = unplayed.findIndex(({ request }) => request.lane === lane);
    const exchange = unplayed[index];
    if (!exchange) throw leaves(file, "It holds no further request of this conversation.");
    const { id } = exchange.request;
    const recorded = new URL(exchange.request.url);
    if (recorded.pathname !== url.pathname) {
      throw leaves(file, `Request ${id} went to ${recorded.pathname}, and this one goes to ${url.pathname}.`);
    }
    const found =
      exchange.body === undefined ? "its body is missing" : difference(exchange.body, withoutSecrets(body));
    if (found) throw leaves(file, `Request ${id} differs: ${found}`);
    unplayed.splice(index, 1);
    return exchange;
  }

  function other(method: string, url: URL): Exchange {
    const known = asked.find(
      ({ request }) => request.method === method && new URL(request.url).pathname === url.pathname,
    );
    if (!known) throw leaves(file, `Nothing was asked of ${url.pathname} when it was recorded.`);
    return known;
  }

  const stopped = ({ request }: Exchange) =>
    leaves(file, `The answer to request ${request.id} has no end in it.`);
  return {
    next,
    pieces,
    async fetch(address, { method = "GET", body, signal } = {}) {
      const url = new URL(address instanceof Request ? address.url : address);
      const isForReply = method === "POST" && !url.pathname.endsWith("/api/show");
      const exchange = isForReply ? next(url, String(body)) : other(method, url);
      const { response, end, request } = exchange;
      if (!response) throw end?.how === "error" ? broken(end) : stopped(exchange);
      await waited(request.t, response.t, signal);
      const { status, headers } = response;
      const isEmpty = [204, 205, 304].includes(status);
      const said = isEmpty ? null : ReadableStream.from(pieces(exchange, signal));
      return new Response(said, { status, headers });
    },
  };

  async function waited(from: number, to: number, signal: AbortSignal | null | undefined): Promise<void> {
    if (isPaced) await sleep(to - from, undefined, signal ? { signal } : {});
  }

  async function* pieces(exchange: Exchange, signal?: AbortSignal | null): AsyncGenerator<Uint8Array> {
    let last = exchange.response?.t ?? exchange.request.t;
    for (const piece of exchange.pieces) {
      await waited(last, piece.t, signal);
      last = piece.t;
      yield bytesOf(piece);
    }
    const { end, usage } = exchange;
    if (end?.how === "error") throw broken(end);
    // A reply that was complete may have been let go of before its stream ended.
    const isWhole = usage !== undefined && usage.stop !== "aborted" && usage.stop !== "error";
    if (end?.how !== "done" && !isWhole) throw stopped(exchange);
  }
}

/** The connection fails as it did. */
function broken({ message, code }: ResponseEndLine): Error {
  return Object.assign(new Error(message), code !== undefined && { code });
}

function leaves(file: string, why: string): ModelFailure {
  const message = `The conversation has left the trace in ${file}. ${why}`;
  const hint = "A replay answers what was asked when it was recorded, and nothing else.";
  return new ModelFailure({ kind: "bad_request", message, hint, retryable: false });
}
