/** A trace as an HTTP archive, which the network panel of any browser opens. http://www.softwareishard.com/blog/har-12-spec/ */
import { bytesOf, type Exchange, type Trace, textOf } from "./trace.ts";

const PAGE = "run";
const HTTP = "HTTP/1.1";

/** HAR 1.2, with bodies whole and as they were sent, except that secrets are asterisks. */
export function harOf(trace: Trace): object {
  const began = Date.parse(trace.start?.started ?? "") || 0;
  const { phase = 0, title = "" } = trace.start ?? {};
  const page = {
    startedDateTime: dateOf(began),
    id: PAGE,
    title: `Eightfold, phase ${phase}, ${title}`,
    pageTimings: {},
  };
  const entries = trace.exchanges.map((exchange) => entryOf(exchange, began));
  return { log: { version: "1.2", creator: { name: "Eightfold", version: "1" }, pages: [page], entries } };
}

function entryOf(exchange: Exchange, began: number): object {
  const { request, response, end, pieces } = exchange;
  const answered = response?.t ?? end?.t ?? request.t;
  const over = end?.t ?? pieces.at(-1)?.t ?? answered;
  const timings = { send: 0, wait: answered - request.t, receive: over - answered };
  const isStream = response?.headers["content-type"]?.startsWith("text/event-stream") ?? false;
  return {
    pageref: PAGE,
    startedDateTime: dateOf(began + request.t),
    time: over - request.t,
    request: requestOf(exchange),
    response: responseOf(exchange),
    cache: {},
    timings,
    comment: `${request.lane}, turn ${request.turn}, step ${request.step}, attempt ${request.attempt}`,
    // Chrome's own: without it, the events of a stream would all have come at once.
    ...(isStream && { _resourceType: "eventsource", _eventSourceMessages: eventsOf(exchange, began) }),
  };
}

/** As ISO 8601 has it; one that JavaScript cannot write is the last that it can, or the first. */
function dateOf(time: number): string {
  const most = 8.64e15;
  return new Date(Math.max(-most, Math.min(time, most))).toISOString();
}

function requestOf({ request, body }: Exchange): object {
  const { method, url, headers } = request;
  const queryString = [...(URL.parse(url)?.searchParams ?? [])].map(([name, value]) => ({ name, value }));
  const mimeType = headers["content-type"] ?? "application/json";
  return {
    ...{ method, url, httpVersion: HTTP, cookies: [], headers: pairsOf(headers), queryString },
    ...(body !== undefined && { postData: { mimeType, text: body } }),
    ...{ headersSize: -1, bodySize: body === undefined ? 0 : sizeOf(body) },
  };
}

function responseOf(exchange: Exchange): object {
  const { response, end, pieces } = exchange;
  const { status = 0, headers = {} } = response ?? {};
  const bytes = pieces.map(bytesOf);
  const size = bytes.reduce((sum, { length }) => sum + length, 0);
  const isText = pieces.every((piece) => "text" in piece);
  const binary = isText
    ? ""
    : bytes.flatMap((piece) => Array.from(piece, (byte) => String.fromCharCode(byte))).join("");
  const said = isText ? { text: textOf(exchange) } : { text: btoa(binary), encoding: "base64" };
  const content = { size, mimeType: headers["content-type"] ?? "", ...said };
  return {
    ...{ status, statusText: "", httpVersion: HTTP, cookies: [], headers: pairsOf(headers), content },
    ...{ redirectURL: "", headersSize: -1, bodySize: size },
    ...(end?.message !== undefined && { _error: end.message }),
  };
}

const pairsOf = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

/** Server-sent events, each at the time of the piece that ends it: a piece joins many. Times are in seconds. */
function eventsOf({ pieces }: Exchange, began: number): object[] {
  const decoder = new TextDecoder();
  let rest = "";
  return pieces.flatMap((piece) => {
    const events = (rest + decoder.decode(bytesOf(piece), { stream: true })).split(/\r\n\r\n|\n\n|\r\r/);
    rest = events.pop() ?? "";
    const time = (began + piece.t) / 1000;
    return events.filter((event) => /^data:/m.test(event)).map((event) => ({ time, ...readEvent(event) }));
  });
}

function readEvent(event: string) {
  const fields = (name: string) =>
    Array.from(event.matchAll(new RegExp(`^${name}: ?(.*)$`, "gm")), ([, value = ""]) =>
      value.replace(/\r$/, ""),
    );
  return {
    eventName: fields("event").at(-1) ?? "message",
    eventId: fields("id").at(-1) ?? "",
    data: fields("data").join("\n"),
  };
}
