import { expect, test } from "vitest";
import { readTrace, textOf } from "./read.ts";

const request = {
  type: "request",
  lane: "main",
  turn: 1,
  attempt: 1,
  method: "POST",
  url: "http://h/",
  headers: {},
};

const lines = [
  { type: "trace", t: 0, version: 1, started: "2026-11-29T10:00:00.000Z", phase: 5, title: "Shell" },
  { type: "turn", t: 1, turn: 1, request: "hi" },
  { ...request, t: 2, id: 1, step: 1, body: { text: "[a,b]" } },
  { type: "response", t: 3, id: 1, status: 200, headers: {} },
  { type: "piece", t: 4, id: 1, base64: Buffer.from("grü").subarray(0, 3).toString("base64") },
  { type: "piece", t: 5, id: 1, base64: Buffer.from("ü").subarray(1).toString("base64") },
  { type: "piece", t: 6, id: 1, text: "n" },
  { type: "response_end", t: 7, id: 1, how: "done" },
  { type: "usage", t: 8, id: 1, lane: "main", model: "m", stop: "done", usage: { input: 3 } },
  {
    ...request,
    t: 9,
    id: 2,
    step: 2,
    body: { base: 1, keep: 3, text: "👋,c", tail: 1 },
  },
  { type: "a later version's", t: 9.5 },
  { type: "end", t: 10, exit: 0 },
].map((line) => JSON.stringify(line));

test("bodies are whole, and pieces are joined where a character was cut", () => {
  const trace = readTrace(lines.join("\n"));
  const [first, second] = trace.exchanges;
  expect(first && textOf(first)).toBe("grün");
  expect(second?.body).toBe("[a,👋,c]");
  expect(first).toMatchObject({
    end: { how: "done" },
    usage: { usage: { input: 3 } },
    response: { status: 200 },
  });
  expect(trace.unread).toEqual([]);
});

test("a trace that is cut at any character opens, with all lines before the cut", () => {
  const text = lines.join("\n");
  for (let end = 0; end <= text.length; end++) {
    const cut = text.slice(0, end);
    const whole = cut.split("\n").filter((line) => lines.includes(line));
    const { lines: read, unread } = readTrace(cut);
    expect(read.length).toBe(whole.length);
    expect(unread.length).toBeLessThanOrEqual(1);
  }
});

test("a body that is told by a lost line is not known, and the rest is", () => {
  const trace = readTrace(lines.filter((_, index) => index !== 2));
  expect(trace.exchanges.map(({ body }) => body)).toEqual([undefined]);
  expect(trace.lines).toHaveLength(11);
});

test("lines that are no JSON, or no object, are counted", () => {
  expect(readTrace(["null", "7", "{", '{"t":1}', '{"type":"end","t":1,"exit":0}', ""]).unread).toEqual([
    1, 2, 3, 4,
  ]);
});

test.each([
  '{"type":"request","t":1,"id":1}',
  '{"type":"usage","t":1,"lane":"main","model":"m","stop":"done","usage":{"input":"many"}}',
  '{"type":"call","t":1,"lane":"main","call":{"id":1,"name":"x"}}',
  '{"type":"piece","t":1,"id":1,"text":["x"]}',
  '{"type":"piece","t":1,"id":1,"base64":"a?"}',
  '{"type":5,"t":1}',
  "null",
])("a line that has not what its type says is passed over: %s", (line) => {
  expect(readTrace(`{"type":"later","t":0}\n${line}\n`)).toMatchObject({
    lines: [{ type: "later" }],
    unread: [2],
  });
});

test("a body that is told by itself is not known", () => {
  const line = { ...request, t: 1, id: 1, step: 1, body: { base: 1, keep: 1, text: "", tail: 0 } };
  expect(readTrace(JSON.stringify(line)).exchanges.map(({ body }) => body)).toEqual([undefined]);
});

test("a line whose numbers are absurd is no line of a trace: sums and dates of them would not be numbers", () => {
  for (const t of ["1e308", "-1e308", "1e999", "1e16", "null", '"5"']) {
    const damaged = lines.with(3, `{"type":"response","t":${t},"id":1,"status":200,"headers":{}}`);
    const trace = readTrace(damaged);
    expect(trace.unread, t).toEqual([4]);
    expect(trace.exchanges[0]?.response).toBeUndefined();
  }
});

test("a body that differs from the one before, and that from the one before, is put together however long that goes on", () => {
  const told = Array.from({ length: 20_000 }, (_, index) => ({
    ...{ ...request, t: 1, step: 1, id: index + 2 },
    body: { base: index + 1, keep: index + 1, text: "b", tail: 0 },
  }));
  const first = { ...request, t: 1, step: 1, id: 1, body: { text: "a" } };
  const { exchanges } = readTrace([first, ...told].map((line) => JSON.stringify(line)));
  expect(exchanges.at(-1)?.body).toBe(`a${"b".repeat(20_000)}`);
});
