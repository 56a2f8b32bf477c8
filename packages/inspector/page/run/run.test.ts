import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOfText } from "./blocks.ts";
import { partsOf } from "./parts.ts";
import { replyOf } from "./reply.ts";
import { openRun, type Run } from "./run.ts";
import { pausesOf } from "./stream.ts";
import { spansOf, totalsOf } from "./timing.ts";
import { drawWindows } from "./window.ts";

const folder = join(import.meta.dirname, "../../../../docs/traces");

function readRun(text: string): Run {
  const { run, add } = openRun();
  for (const line of text.split("\n")) add(line);
  return run;
}

test.for(readdirSync(folder))("%s: every request and every reply is understood", (name) => {
  const { steps, rows } = readRun(readFileSync(join(folder, name), "utf8"));
  const asked = steps.filter(({ exchange }) => exchange.request.step > 0);
  expect(asked.length).toBeGreaterThan(0);
  for (const { exchange, outline } of asked) {
    const parts = partsOf(exchange.body ?? "") ?? [];
    const kinds = parts
      .filter(({ category }) => category)
      .flatMap(({ text }) => blocksOfText(text).map(({ kind }) => kind));
    expect(outline.isUnknown).toBeUndefined();
    expect(kinds).not.toContain("json");
    const isAnswered = exchange.usage !== undefined && exchange.usage.stop !== "error";
    if (isAnswered) expect(replyOf(exchange).blocks.map(({ kind }) => kind)).not.toContain("json");
    if (isAnswered) expect(replyOf(exchange).blocks.length).toBeGreaterThan(0);
  }
  for (const row of rows)
    if (row.kind === "call") expect(row.step, "the reply that asked for it").toBeDefined();
});

test("a trace that is cut anywhere is a run", () => {
  const text = readFileSync(join(folder, "7-asked.jsonl"), "utf8");
  for (let length = 0; length < text.length; length += 997) {
    const run = readRun(text.slice(0, length));
    expect(drawWindows(run.steps, { width: 900, height: 90 }).columns.length).toBe(run.steps.length);
    expect(spansOf(run).every(({ from, to }) => to >= from)).toBe(true);
  }
});

const request = { type: "request", lane: "main", turn: 1, attempt: 1, method: "POST", url: "u", headers: {} };
const body = (...texts: string[]) =>
  JSON.stringify({ model: "m", input: texts.map((content) => ({ role: "user", content })) });

function runOf(lines: readonly object[]): Run {
  return readRun(lines.map((line) => JSON.stringify(line)).join("\n"));
}

test("a helper's requests and a summary's are no breaks of the main conversation", () => {
  const run = runOf([
    { ...request, t: 1, id: 1, step: 1, body: { text: body("one") } },
    { ...request, t: 2, id: 2, step: 1, lane: "helper:1", body: { text: body("look around") } },
    { ...request, t: 3, id: 3, step: 1, lane: "summary", body: { text: body("sum up") } },
    {
      ...request,
      t: 4,
      id: 4,
      step: 2,
      body: { base: 1, keep: body("one").length - 2, text: ',{"role":"user","content":"two"}', tail: 2 },
    },
  ]);
  expect(run.steps.map(({ outline }) => outline.broken)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(run.steps[3]?.exchange.body).toBe(body("one", "two"));
  expect(run.steps[3]?.before?.request.id).toBe(1);
});

test("each call has its own result, where those of two helpers have the same id", () => {
  const call = (lane: string) => ({ type: "call", t: 2, lane, call: { id: "a", name: "read", input: {} } });
  const result = (lane: string) => ({
    type: "result",
    t: 3,
    lane,
    callId: "a",
    name: "read",
    model: lane,
    user: "",
  });
  const lanes = ["main", "helper:1", "helper:2"];
  const run = runOf([...lanes.map(call), ...lanes.map(result)]);
  expect(run.rows.map((row) => row.kind === "call" && row.result?.model)).toEqual(lanes);
});

test("time is the model's, the tools' or yours, and is counted once where calls run side by side", () => {
  const call = (id: string, t: number) => ({
    type: "call",
    t,
    lane: "main",
    call: { id, name: "read", input: {} },
  });
  const result = (callId: string, t: number) => ({
    type: "result",
    t,
    lane: "main",
    callId,
    name: "read",
    model: "",
    user: "",
  });
  const run = runOf([
    { ...request, t: 0, id: 1, step: 1, body: { text: body("one") } },
    { type: "response_end", t: 100, id: 1, how: "done" },
    call("a", 100),
    call("b", 100),
    result("a", 140),
    result("b", 150),
    call("c", 150),
    { type: "decision", t: 151, lane: "main", callId: "c", decision: "ask", reason: "it changes a file" },
    { type: "answer", t: 2151, lane: "main", answer: "once", waited: 2000 },
    result("c", 2161),
    { type: "retry", t: 2161, lane: "main", attempt: 1, waitMs: 500, error: { message: "Busy." } },
  ]);
  expect(totalsOf(spansOf(run))).toEqual({ model: 100, tools: 60, you: 2000, retry: 500 });
});

test("the window is drawn in the provider's count, with what came from a cache, the budget and the breaks", () => {
  const usage = (id: number, input: number, cached: number) => ({
    type: "usage",
    t: id,
    id,
    lane: "main",
    model: "m",
    stop: "done",
    usage: { input, cached },
  });
  const run = runOf([
    { type: "window", t: 0, lane: "main", size: 2000, limit: 1500, tokens: 1, parts: {} },
    { ...request, t: 1, id: 1, step: 1, body: { text: body("one", "two") } },
    usage(1, 1000, 0),
    { ...request, t: 2, id: 2, step: 2, body: { text: body("one", "other", "three") } },
    usage(2, 1200, 500),
  ]);
  const drawn = drawWindows(run.steps, { width: 100, height: 104 });
  expect(drawn).toMatchObject({ hasCached: true, isEstimated: false, budget: { limit: 1500 } });
  expect(Math.round(drawn.largest)).toBe(1200);
  expect(drawn.breaks.match(/L/g), "a sign over the second").toHaveLength(1);
  expect(drawn.areas.tools).toBe("");
  expect(drawn.areas.history.match(/z/g)).toHaveLength(2);
});

test("a pause in a reply is told from the time that its pieces took", () => {
  const run = runOf([
    { ...request, t: 0, id: 1, step: 1, body: { text: body("one") } },
    { type: "piece", t: 900, id: 1, text: "data: {}\n\n" },
    { type: "piece", t: 910, id: 1, text: "data: {}\n" },
    { type: "piece", t: 2000, id: 1, text: "\n" },
    { type: "response_end", t: 2001, id: 1, how: "done" },
  ]);
  const exchange = run.steps[0]?.exchange;
  expect(exchange && pausesOf(exchange)).toEqual([{ from: 910, to: 2000 }]);
  expect(exchange && replyOf(exchange).events.map(({ t }) => t)).toEqual([900, 2000]);
});
