import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { harOf } from "./har.ts";
import { readTrace } from "./trace.ts";

const lines = [
  { type: "trace", t: 0, version: 1, started: "2026-11-29T10:00:00.000Z", phase: 5, title: "Shell" },
  {
    ...{ type: "request", t: 100, id: 1, lane: "main", turn: 1, step: 1, attempt: 1, method: "POST" },
    ...{
      url: "https://h/v1?alt=sse",
      headers: { "content-type": "application/json" },
      body: { text: '{"é":1}' },
    },
  },
  { type: "response", t: 300, id: 1, status: 200, headers: { "content-type": "text/event-stream" } },
  { type: "piece", t: 400, id: 1, text: "event: a\nid: 7\ndata: 1\n\nda" },
  { type: "piece", t: 500, id: 1, text: "ta: 2\ndata: 3\n\n: no event\n\n" },
  { type: "response_end", t: 600, id: 1, how: "done" },
  {
    type: "request",
    t: 700,
    id: 2,
    lane: "main",
    turn: 1,
    step: 2,
    attempt: 1,
    method: "GET",
    url: "https://h/x",
    headers: {},
  },
  { type: "response", t: 710, id: 2, status: 200, headers: {} },
  { type: "piece", t: 720, id: 2, base64: "/w==" },
  { type: "response_end", t: 730, id: 2, how: "error", message: "terminated" },
  {
    type: "request",
    t: 800,
    id: 3,
    lane: "main",
    turn: 1,
    step: 3,
    attempt: 1,
    method: "POST",
    url: "demo:script",
    headers: {},
  },
];

test("bodies are whole, times are those of the trace, and each event has that of the piece which ended it", () => {
  const { log } = harOf(readTrace(lines.map((line) => JSON.stringify(line)))) as ReturnType<
    typeof JSON.parse
  >;
  const [first, second, third] = log.entries;
  expect([log.version, log.pages[0].title]).toEqual(["1.2", "Eightfold, phase 5, Shell"]);
  expect(first).toMatchObject({
    startedDateTime: "2026-11-29T10:00:00.100Z",
    time: 500,
    timings: { send: 0, wait: 200, receive: 300 },
    request: {
      postData: { mimeType: "application/json", text: '{"é":1}' },
      bodySize: 8,
      queryString: [{ name: "alt", value: "sse" }],
    },
    response: {
      status: 200,
      content: { text: "event: a\nid: 7\ndata: 1\n\ndata: 2\ndata: 3\n\n: no event\n\n" },
    },
  });
  const start = Date.parse("2026-11-29T10:00:00Z") / 1000;
  expect(first._eventSourceMessages).toEqual([
    { time: start + 0.4, eventName: "a", eventId: "7", data: "1" },
    { time: start + 0.5, eventName: "message", eventId: "", data: "2\n3" },
  ]);
  expect(second.response).toMatchObject({
    content: { text: "/w==", encoding: "base64", size: 1 },
    _error: "terminated",
  });
  expect(third).toMatchObject({ time: 0, response: { status: 0, content: { size: 0 } } });
});

test("an archive of a recorded run has each of its requests, whole", async () => {
  const trace = readTrace(
    await readFile(new URL("../../../docs/traces/2-anthropic.jsonl", import.meta.url), "utf8"),
  );
  const { log } = JSON.parse(JSON.stringify(harOf(trace)));
  const sent = log.entries.map(
    ({ request }: { request: { postData: { text: string } } }) => request.postData.text,
  );
  expect(sent).toEqual(trace.exchanges.map(({ body }) => body));
  expect(sent).toHaveLength(2);
});

test("a trace that began at the end of time, or at no time, is an archive all the same", () => {
  for (const [started, date] of [
    ["+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.000Z"],
    ["-271821-04-20T00:00:00.000Z", "-271821-04-20T00:00:00.100Z"],
    ["yesterday", "1970-01-01T00:00:00.100Z"],
  ]) {
    const told = lines.map((line) => ({ ...line, ...(line.type === "trace" && { started }) }));
    const { log } = JSON.parse(JSON.stringify(harOf(readTrace(told.map((line) => JSON.stringify(line))))));
    expect(log.entries[0].startedDateTime).toBe(date);
  }
  const early = lines.map((line) => JSON.stringify({ ...line, t: -1e15 }));
  expect(JSON.stringify(harOf(readTrace(early)))).toContain('"startedDateTime":"-');
});
