/** Reads a trace, whole or as far as it has come. It runs in a browser too. */
import type {
  PieceLine,
  RequestLine,
  ResponseEndLine,
  ResponseLine,
  StartLine,
  StoredBody,
  TraceLine,
  UsageLine,
} from "./lines.ts";

export type * from "./lines.ts";

/** A request with everything that is known of it. */
export interface Exchange {
  readonly request: RequestLine;
  /**
   * Whole, as it was sent. Undefined if there was none, or if the body it differs from is missing. It is put together on
   * demand and not kept, because those of a long session take a hundred megabytes.
   */
  readonly body: string | undefined;
  response?: ResponseLine;
  readonly pieces: PieceLine[];
  end?: ResponseEndLine;
  usage?: UsageLine;
}

export interface Trace {
  start?: StartLine;
  readonly lines: TraceLine[];
  /** In the order in which they were sent. */
  readonly exchanges: Exchange[];
  /** Lines that are no line of a trace, by their number from 1: the last of a trace that was cut, mostly. */
  readonly unread: number[];
}

export interface TraceReader {
  readonly trace: Trace;
  /** Takes the next line; undefined for one that cannot be read. */
  add(line: string): TraceLine | undefined;
}

/** Reads line by line, while the trace is still being written. */
export function openTraceReader(): TraceReader {
  const trace: Trace = { lines: [], exchanges: [], unread: [] };
  const known: Known = { byId: new Map(), recent: [] };
  let count = 0;
  return {
    trace,
    add(text) {
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

export function bytesOf(piece: PieceLine): Uint8Array {
  if ("text" in piece) return new TextEncoder().encode(piece.text);
  return Uint8Array.from(atob(piece.base64), (byte) => byte.charCodeAt(0));
}

function parseLine(text: string): TraceLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    const isLine = typeof line === "object" && line !== null && "type" in line && "t" in line;
    // A kind of line that a later version adds is handed on, and means nothing to a reader of this one.
    return isLine ? (line as TraceLine) : undefined;
  } catch {
    return undefined;
  }
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

function bodyOf({ id, body }: RequestLine, { byId, recent }: Known): string | undefined {
  const kept = recent.find((each) => each.id === id);
  if (kept || body === undefined) return kept?.text;
  const text = "base" in body ? changed(byId.get(body.base)?.body, body) : body.text;
  if (text !== undefined) recent.push({ id, text });
  if (recent.length > 2) recent.shift();
  return text;
}

function changed(base: string | undefined, { keep, text, tail }: ToldBody): string | undefined {
  return base === undefined ? undefined : base.slice(0, keep) + text + base.slice(base.length - tail);
}

type ToldBody = Extract<StoredBody, { readonly base: number }>;
