/** Reads a trace, whole or as far as it has come. It runs in a browser too. */
import type { StoredBody, TraceLine } from "./lines.ts";

export type * from "./lines.ts";

/** A request with everything that is known of it. */
export interface Exchange {
  readonly request: TraceLine<"request">;
  /**
   * Whole, as it was sent. Undefined if there was none, or if the body it differs from is missing. It is put together on
   * demand and not kept, because those of a long session take a hundred megabytes.
   */
  readonly body: string | undefined;
  response?: TraceLine<"response">;
  readonly pieces: TraceLine<"piece">[];
  end?: TraceLine<"response_end">;
  usage?: TraceLine<"usage">;
}

export interface Trace {
  start?: TraceLine<"trace">;
  readonly lines: TraceLine[];
  /** In the order in which they were sent. */
  readonly exchanges: Exchange[];
  /** Lines that are no line of a trace, by their number from 1: the last of a trace that was cut, mostly. */
  readonly unread: number[];
}

/** Reads line by line, while the trace is still being written. */
export function openTraceReader() {
  const trace: Trace = { lines: [], exchanges: [], unread: [] };
  const known: Known = { byId: new Map(), recent: [] };
  let count = 0;
  return {
    trace,
    /** Takes the next line; undefined for one that cannot be read. */
    add(text: string): TraceLine | undefined {
      count++;
      if (text.trim() === "") return undefined;
      const line = parseLine(text);
      if (line === undefined) trace.unread.push(count);
      else take(line, trace, known);
      return line;
    },
  };
}

/** A whole trace, or what there is of it: it may have been cut anywhere. */
export function readTrace(text: string | Iterable<string>): Trace {
  const { trace, add } = openTraceReader();
  for (const line of typeof text === "string" ? text.split("\n") : text) add(line);
  return trace;
}

/** What came of a response's body, as text. */
export function textOf({ pieces }: Exchange): string {
  const decoder = new TextDecoder();
  return pieces.map((piece) => decoder.decode(bytesOf(piece), { stream: true })).join("") + decoder.decode();
}

export function bytesOf(piece: TraceLine<"piece">): Uint8Array {
  if ("base64" in piece) return Uint8Array.from(atob(piece.base64), (byte) => byte.charCodeAt(0));
  return new TextEncoder().encode(piece.text);
}

function parseLine(text: string): TraceLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    if (!isRecord(line) || typeof line.type !== "string") return undefined;
    // A kind of line that a later version adds is handed on, and means nothing to a reader of this one.
    const parts = Object.hasOwn(PARTS, line.type) ? ` ${PARTS[line.type]}` : "";
    const isLine = `t#${parts}`.split(" ").every((part) => has(line, part));
    return isLine ? (line as unknown as TraceLine) : undefined;
  } catch {
    return undefined;
  }
}

/** A larger number, of milliseconds or of anything else, is damage, and what is reckoned with it would be infinite. */
const MOST = 1e15;

/** What the lines of each type have: a number is marked #, an object %, base64 &, and what may be missing ?. Anybody can have written a file. */
const PARTS: Readonly<Record<string, string>> = {
  trace: "version# started phase# title",
  model: "model reason",
  turn: "turn# request",
  request:
    "lane id# turn# step# attempt# method url headers% headers.content-type? body?% body.text? body.base?#",
  response: "id# status# headers% headers.content-type?",
  piece: "id# text? base64?&",
  response_end: "id# how message?",
  retry: "lane attempt# waitMs# error.message",
  usage: "lane model stop id?# cost?# usage% usage.input?# usage.output?# usage.cached?# error?%",
  call: "lane call.id call.name",
  decision: "lane callId decision reason",
  answer: "lane answer waited#",
  result: "lane callId name model user diff?",
  view: "view%",
  notice: "text",
  window: "size# limit# tokens# parts%",
  turn_end: "turn# stop",
  end: "exit#",
} satisfies Record<TraceLine["type"], string>;

function has(line: Readonly<Record<string, unknown>>, part: string): boolean {
  const [, path = "", isOptional = "", sign = ""] = /^([^?#%&]+)(\??)([#%&]?)$/.exec(part) ?? [];
  const read = (within: unknown, name: string) => (isRecord(within) ? within[name] : undefined);
  const value = path.split(".").reduce<unknown>(read, line);
  if (value === undefined) return isOptional !== "";
  if (sign === "&") return /^[a-z\d+/]*={0,2}$/i.test(`${value}`) && `${value}`.length % 4 === 0;
  if (sign === "#") return typeof value === "number" && Math.abs(value) <= MOST;
  return sign === "%" ? isRecord(value) : typeof value === "string";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

interface Known {
  readonly byId: Map<number, Exchange>;
  /** The bodies that were asked for last: the next is usually a difference from one of them. */
  readonly recent: { readonly id: number; readonly text: string }[];
}

function take(line: TraceLine, trace: Trace, known: Known): void {
  trace.lines.push(line);
  if (line.type === "trace") trace.start ??= line;
  if (line.type === "request") {
    const exchange: Exchange = {
      request: line,
      get body() {
        return bodyOf(line, known);
      },
      pieces: [],
    };
    known.byId.set(line.id, exchange);
    trace.exchanges.push(exchange);
  }
  const exchange = "id" in line && line.id !== undefined ? known.byId.get(line.id) : undefined;
  if (!exchange) return;
  if (line.type === "response") exchange.response = line;
  if (line.type === "piece") exchange.pieces.push(line);
  if (line.type === "response_end") exchange.end = line;
  if (line.type === "usage") exchange.usage = line;
}

function bodyOf(line: TraceLine<"request">, { byId, recent }: Known): string | undefined {
  const keptOf = (id: number) => recent.find((each) => each.id === id)?.text;
  const told: ToldBody[] = [];
  let [at, text]: [TraceLine<"request"> | undefined, string | undefined] = [line, keptOf(line.id)];
  while (text === undefined && at?.body !== undefined) {
    const { id, body }: TraceLine<"request"> = at;
    if ("base" in body) told.push(body);
    at = "base" in body && body.base < id ? byId.get(body.base)?.request : undefined;
    text = "base" in body ? at && keptOf(at.id) : body.text;
  }
  for (const body of told.toReversed()) text = changed(text, body);
  if (text !== undefined && keptOf(line.id) === undefined) recent.push({ id: line.id, text });
  if (recent.length > 2) recent.shift();
  return text;
}

function changed(base: string | undefined, { keep, text, tail }: ToldBody): string | undefined {
  return base === undefined ? undefined : base.slice(0, keep) + text + base.slice(base.length - tail);
}

type ToldBody = Extract<StoredBody, { readonly base: number }>;
