import { type ScriptedReply, startWire } from "@eightfold/checker";
import type { Message, ModelEvent } from "@eightfold/core";
import { chooseModel } from "@eightfold/providers";
import { expect, onTestFinished, test, vi } from "vitest";
import { askInWindow, refuseTooLong, type WindowEvent } from "../src/window/window.ts";
import { openWindow } from "./a-window.ts";

const WINDOW = 16_000;

/** About so many tokens. */
const words = (tokens: number, word = "word ") => word.repeat((tokens * 4) / word.length);
const asked = (text: string): Message => ({ role: "user", text });
const said = (text: string): Message => ({ role: "assistant", text, toolCalls: [] });

/** Has a server answer what is at most so long, and refuse the rest; asks it with each log, a longer one each time. */
async function play(logs: readonly Message[][], most = Number.POSITIVE_INFINITY) {
  vi.stubEnv("EIGHTFOLD_CONTEXT", String(WINDOW));
  onTestFinished(() => void vi.unstubAllEnvs());
  await using server = await startWire("chat", ({ view, raw }): ScriptedReply => {
    if (view.system?.startsWith("You write the summary")) return { text: "Goal: this." };
    return raw.length > most ? { fault: { type: "refusal", name: "context_too_long" } } : { text: "Yes." };
  });
  const { model } = await chooseModel(server.env.EIGHTFOLD_MODEL, server.env);
  const window = openWindow();
  const stops: string[] = [];
  for (const conversation of logs) {
    const request = { model, system: "Be brief.", conversation, memory: "" };
    const events = askInWindow(window, request, new AbortController().signal);
    let next = await events.next();
    while (!next.done) next = await events.next();
    stops.push(next.value.stop);
  }
  const sent = server.requests.filter(({ view }) => view.system === "Be brief.");
  return { stops, sizes: sent.map(({ raw }) => raw.length), last: sent.at(-1)?.view.messages ?? [], window };
}

test.each<[string, Message[]]>([
  ["of the first request", [asked(words(100_000)), said("Yes."), asked("And now?")]],
  [
    "of a request in the middle",
    [asked("Hi."), said("Yes."), asked(words(100_000)), said("Yes."), asked("And now?")],
  ],
  [
    "of a request that was never answered",
    [asked("Hi."), said("Yes."), asked(words(100_000)), said(""), asked("And now?")],
  ],
  ["of a reply", [asked("Hi."), said(words(100_000)), asked("And now?")]],
  [
    "of one huge request among small ones",
    [
      ...Array.from({ length: 20 }, (_, at) => (at % 2 ? said("Yes.") : asked(`${at}?`))),
      asked(words(100_000)),
      said(""),
      asked("And now?"),
    ],
  ],
])("a session that was made with a larger window goes on in spite %s", async (_, log) => {
  const { stops, sizes, last } = await play([log], 4 * WINDOW);
  expect(stops).toEqual(["done"]);
  expect(sizes).toHaveLength(1);
  expect(last.at(-1)?.text).toBe("And now?");
});

test("many requests of a quarter of the window each are all answered", async () => {
  const log = Array.from({ length: 24 }, (_, at) =>
    at % 2 ? said("Yes.") : asked(words(4000, `no ${at} `)),
  );
  const logs = Array.from({ length: 12 }, (_, at) => log.slice(0, 2 * at + 1));
  const { stops, sizes } = await play(logs, 4 * WINDOW);
  expect(new Set(stops)).toEqual(new Set(["done"]));
  expect(Math.max(...sizes)).toBeLessThan(4 * WINDOW);
});

test("a server that takes less than was believed is refused by once, and then gets less", async () => {
  const log = Array.from({ length: 60 }, (_, at) => (at % 2 ? said(words(300)) : asked(words(300))));
  const logs = Array.from({ length: 30 }, (_, at) => log.slice(0, 2 * at + 1));
  const { stops, sizes, window } = await play(logs, 30_000);
  expect(new Set(stops)).toEqual(new Set(["done"]));
  expect(sizes.filter((size) => size > 30_000)).toHaveLength(1);
  expect(window.tooLong?.tokens).toBeGreaterThan(7000);
});

/** What is told of a request, and whether it is refused. */
async function refused(text: string, system = "Be brief.") {
  vi.stubEnv("EIGHTFOLD_CONTEXT", String(WINDOW));
  onTestFinished(() => void vi.unstubAllEnvs());
  const { model } = await chooseModel("demo");
  const request = { model, system, conversation: [], memory: "" };
  const told: (ModelEvent | WindowEvent)[] = [];
  const events = refuseTooLong(text, request, new AbortController().signal);
  let next = await events.next();
  for (; !next.done; next = await events.next()) told.push(next.value);
  return { isRefused: next.value, told };
}

test("a request that the window can take is not refused", async () => {
  expect(await refused(words(13_000))).toEqual({ isRefused: false, told: [] });
});

test.each([
  ["a request", words(15_000), "Be brief."],
  ["what the project's documents put into a request", "Hi.", words(15_000)],
])("%s that is larger than the window is refused, with its size and the limit", async (_, text, system) => {
  const { isRefused, told } = await refused(text, system);
  expect(isRefused).toBe(true);
  expect(told).toMatchObject([
    { type: "reply_end", stop: "error", usage: { input: 0, output: 0 }, error: { kind: "context_too_long" } },
  ]);
  expect(JSON.stringify(told)).toMatch(/about 15,0\d\d tokens, .* room for 14,000/);
});
