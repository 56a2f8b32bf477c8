/** Answers requests from a trace, in the order in which they were made; and says where one differs from the recorded. */
import { setTimeout as sleep } from "node:timers/promises";
import { ModelFailure } from "@eightfold/core";
import { laneNow, withoutSecrets } from "@eightfold/trace";
import { bytesOf, type Exchange, type Trace, type TraceLine } from "@eightfold/trace/read";
import { isRecord, listOf, recordOf } from "../wire-values.ts";

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

const pathOf = ({ url }: TraceLine<"request">): string => new URL(url).pathname;

/** A reply that was complete may have been let go of before its stream ended. */
function isWhole({ end, usage }: Exchange): boolean {
  return end?.how === "done" || (usage !== undefined && usage.stop !== "aborted" && usage.stop !== "error");
}

const noEnd = (file: string, { request }: Exchange) =>
  leaves(file, `The answer to request ${request.id} has no end in it.`);

/** The connection fails as it did. */
function broken({ message, code }: TraceLine<"response_end">): Error {
  return Object.assign(new Error(message), code !== undefined && { code });
}

function leaves(file: string, why: string): ModelFailure {
  const message = `The conversation has left the trace in ${file}. ${why}`;
  const hint = "A replay answers what was asked when it was recorded, and nothing else.";
  return new ModelFailure({ kind: "bad_request", message, hint, retryable: false });
}

/**
 * The first difference between the messages of two requests, in a sentence; undefined where both say the same. The
 * system prompt and the tools are the setting, and are not compared: a trace can be played in another phase.
 */
export function difference(recorded: string, asked: string): string | undefined {
  const [one, other] = [recorded, asked].map((body) => messagesIn(JSON.parse(body)));
  return differenceIn(one, other, "messages");
}

function messagesIn(request: unknown): unknown[] {
  const { messages, input, contents } = recordOf(request);
  const all = messages ?? input ?? contents;
  if (!Array.isArray(all)) return [all];
  return listOf(all).filter((message) => !/^(system|developer)$/.test(String(recordOf(message).role)));
}

function differenceIn(one: unknown, other: unknown, path: string): string | undefined {
  if (typeof one === "string" && typeof other === "string") return differenceOfTexts(one, other, path);
  const areLists = Array.isArray(one) && Array.isArray(other);
  if (areLists || (isRecord(one) && isRecord(other))) {
    const [was, is] = [Object(one), Object(other)];
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const place = areLists ? `${path}[${name}]` : `${path}.${name}`;
      const found = name === "cache_control" ? undefined : differenceIn(was[name], is[name], place);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return one === other ? undefined : `${path} was ${shown(one)}, and is ${shown(other)}.`;
}

const AROUND = 40;

function differenceOfTexts(one: string, other: string, path: string): string | undefined {
  const [a, b] = [steady(one), steady(other)];
  if (a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at++;
  const around = (text: string) => shown(text.slice(Math.max(0, at - AROUND / 2), at + AROUND));
  return `${path}, at character ${at}: recorded ${around(a)}, now ${around(b)}.`;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 2 * AROUND);
}

/**
 * What clocks and throwaway folders write differs in each run and means nothing: days, times, how long something took,
 * and the name of a copy of the playground.
 */
function steady(text: string): string {
  return text
    .replace(/[\w/\\.:-]*eightfold-playground-\w+/g, "(playground)")
    .replace(/\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?|\b\d\d:\d\d:\d\d\b/g, "(time)")
    .replace(/duration_ms:? [\d.]+|\b\d+([.,]\d+)? ?m?s\b/g, "(duration)");
}
