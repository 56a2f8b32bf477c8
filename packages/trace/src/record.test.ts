import { readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { about, post, traced, traceFolder } from "../test/traced.ts";
import { recordedFetch } from "./exchange.ts";
import { readTrace } from "./read.ts";
import { openTrace } from "./record.ts";
import { beginTurn, inLane, recordEvent } from "./turns.ts";

test("a trace takes the place of a trace, and of no other file", async () => {
  const file = join(await traceFolder(), "a.jsonl");
  openTrace(file, about)(0);
  openTrace(file, about)(1);
  const { lines } = readTrace(await readFile(file, "utf8"));
  expect(lines.map(({ type }) => type)).toEqual(["trace", "end"]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, "my notes");
  expect(() => openTrace(file, about)).toThrow("already exists, and is not a trace");
  expect(await readFile(file, "utf8")).toBe("my notes");
});

test.each(["a trace", "nothing"])(
  "a link to %s is no place for a trace: it may have come with a clone",
  async (what) => {
    const folder = await traceFolder();
    const [link, target] = [join(folder, "run.jsonl"), join(folder, "target")];
    if (what === "a trace") openTrace(target, about)(0);
    const before = await readFile(target, "utf8").catch(() => "nothing");
    await symlink("target", link);
    expect(() => openTrace(link, about)).toThrow(`${link} is a link. Name the file itself for --trace.`);
    expect(await readFile(target, "utf8").catch(() => "nothing")).toBe(before);
  },
);

test.each([".", "no/such/folder.jsonl"])(
  "a trace that cannot be written to %s says so in one line",
  async (path) => {
    const file = join(await traceFolder(), path);
    expect(() => openTrace(file, about)).toThrow(/^The trace cannot be written to \S+: [^\n]+\.$/);
  },
);

test("a body is told by the one before of its lane, and every 50th is whole", async () => {
  const bodies = Array.from({ length: 120 }, (_, index) => `["${"x".repeat(index * 7)}👋","end"]`);
  const { exchanges, text } = await traced(() => {
    for (const body of bodies) post(body);
  });
  expect(exchanges.map(({ body }) => body)).toEqual(bodies);
  const whole = exchanges.flatMap(({ request }, index) =>
    request.body && "base" in request.body ? [] : [index],
  );
  expect(whole).toEqual([0, 50, 100]);
  expect(text.length).toBeLessThan(bodies.join("").length);
});

test("side conversations have lanes of their own, also at the same time", async () => {
  async function* helper(name: string) {
    for (let step = 1; step <= 2; step++) {
      await sleep(1);
      post(`{"${name}":${step}}`);
      yield { type: "reply_end", provider: "p", model: "m", stop: "done", usage: {} } as const;
    }
  }
  const { lines, exchanges } = await traced(async () => {
    beginTurn();
    const drain = async (name: string) => {
      for await (const _ of inLane("helper", helper(name)));
    };
    await Promise.all([drain("a"), drain("b")]);
    post('{"main":1}');
  });
  const places = exchanges.map(({ request }) => `${request.lane} ${request.step}`);
  const [a, b] = [places[0], places[1]].map((place) => place?.split(" ")[0]);
  expect(a).not.toBe(b);
  expect(places.sort()).toEqual([`${a} 1`, `${a} 2`, `${b} 1`, `${b} 2`, "main 1"].sort());
  expect(lines.filter(({ type }) => type === "usage")).toHaveLength(4);
});

test("a repeated request is the next attempt, and the reply after it the next step", async () => {
  const error = { kind: "timeout", message: "late", retryable: true } as const;
  const { exchanges } = await traced(() => {
    beginTurn();
    post("1");
    recordEvent({ type: "retry", attempt: 1, waitMs: 0, error });
    post("1");
    recordEvent({ type: "reply_end", provider: "p", model: "m", stop: "done", usage: {} });
    post("2");
  });
  expect(exchanges.map(({ request: { step, attempt } }) => [step, attempt])).toEqual([
    [1, 1],
    [1, 2],
    [2, 1],
  ]);
  expect(exchanges.map(({ usage }) => usage !== undefined)).toEqual([false, true, false]);
});

test("a response is passed on as it comes, and its end is told: done, left, aborted, failed", async () => {
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(Buffer.from("x")),
      }),
    );
  const { exchanges } = await traced(async () => {
    await (await recordedFetch(async () => new Response("all"))("http://h/a", { method: "POST" })).text();
    const left = await recordedFetch(async () => endless())("http://h/b", { method: "POST" });
    for await (const _ of left.body ?? []) break;
    const cause = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const failing = recordedFetch(() => Promise.reject(new TypeError("fetch failed", { cause })));
    await expect(failing("http://h/c")).rejects.toThrow("fetch failed");
    const control = new AbortController();
    const { signal } = control;
    const stuck = new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    const answer = await recordedFetch(async () => stuck)("http://h/d", { signal });
    void answer.text().catch(() => {});
    await sleep(1);
    control.abort();
  });
  expect(exchanges.map(({ end }) => [end?.how, end?.message, end?.code])).toEqual([
    ["done", undefined, undefined],
    ["cancelled", undefined, undefined],
    ["error", "fetch failed: reset", "ECONNRESET"],
    ["aborted", undefined, undefined],
  ]);
});
