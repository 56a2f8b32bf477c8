import { type RecordedRequest, type ScriptedReply, startWire } from "@eightfold/checker";
import type { Message, ModelEvent } from "@eightfold/core";
import { chooseModel } from "@eightfold/providers";
import { expect, onTestFinished, test, vi } from "vitest";
import { viewOf } from "../src/window/view.ts";
import { askInWindow, compact, type WindowEvent } from "../src/window/window.ts";
import { openWindow } from "./a-window.ts";

const isSummary = ({ view }: RecordedRequest) => view.system?.startsWith("You write the summary") ?? false;
const tooLong: ScriptedReply = { fault: { type: "refusal", name: "context_too_long" } };

const CLEARED = expect.stringContaining("Old results are left out");
const COMPACTED = expect.stringContaining("A summary stands for");
const TRUNCATED = expect.stringContaining("left out without a summary");

/** A log of steps, each with a reply of so many characters, and a result. */
function logOf(steps: number, replied: number, found: number): Message[] {
  const log: Message[] = [{ role: "user", text: "The first request." }];
  for (let step = 0; step < steps; step++) {
    const call = { id: `call_${step}`, name: "run_bash", input: { command: "ls" } };
    const text = `found ${step} `.repeat(found / 8);
    log.push({ role: "assistant", text: `reply ${step} `.repeat(replied / 8), toolCalls: [call] });
    log.push({ role: "tool", callId: call.id, name: call.name, text, isError: false, summary: "exit 0" });
  }
  return log;
}

interface Played {
  readonly window: ReturnType<typeof openWindow>;
  readonly requests: readonly RecordedRequest[];
  readonly events: readonly (ModelEvent | WindowEvent)["type"][];
  readonly changes: readonly string[];
  readonly shown: string;
  readonly outcome: unknown;
}

/** What happens when a reply to each log, a longer one each time, is asked for in a window of 16k. */
async function play(
  logs: readonly Message[][],
  script: (request: RecordedRequest, index: number) => ScriptedReply,
  how: typeof askInWindow | typeof compact = askInWindow,
): Promise<Played> {
  vi.stubEnv("EIGHTFOLD_CONTEXT", "16000");
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.spyOn(Math, "random").mockReturnValue(0); // the wait before another attempt
  await using server = await startWire("chat", script);
  const { model } = await chooseModel(server.env.EIGHTFOLD_MODEL, server.env);
  const window = openWindow();
  const seen: (ModelEvent | WindowEvent)[] = [];
  let outcome: unknown;
  for (const log of logs) {
    const request = { model, system: "Be brief.", conversation: log, memory: "What I noted." };
    const events = how(window, request, new AbortController().signal);
    let next = await events.next();
    for (; !next.done; next = await events.next()) seen.push(next.value);
    outcome = next.value;
  }
  return {
    window,
    requests: server.requests,
    events: seen.map(({ type }) => type),
    changes: seen.flatMap((event) =>
      event.type === "notice" && !event.text.startsWith("The model writes") ? [event.text] : [],
    ),
    shown: seen.map((event) => (event.type === "text_delta" ? event.text : "")).join(""),
    outcome,
  };
}

const answers = (summary: ScriptedReply) => (request: RecordedRequest) =>
  isSummary(request) ? summary : { text: "The answer." };

test("a log that fits is sent as it is", async () => {
  const log = logOf(4, 200, 2000);
  const { requests, events } = await play([log], answers(tooLong));
  expect(requests.map(({ view }) => view.messages.length)).toEqual([log.length]);
  expect(events).not.toContain("notice");
});

test("old results are cleared, and no summary is asked for, where that is enough", async () => {
  const { requests, changes, window } = await play([logOf(40, 80, 2000)], answers(tooLong));
  expect(changes).toEqual([CLEARED]);
  expect(requests.map(isSummary)).toEqual([false]);
  const texts = requests[0]?.view.messages.map(({ text }) => text) ?? [];
  expect(texts[2]).toBe("[run_bash, exit 0: cleared to save room; call it again if needed.]");
  expect(texts.at(-1)).toMatch(/^found 39/);
  expect(window.session.view.keptFrom).toBe(0);
});

test("a turn that has grown huge is compacted within the turn, and its summary is not shown as an answer", async () => {
  const { requests, changes, shown, window } = await play(
    [logOf(40, 1600, 80)],
    answers({ text: "Goal: this." }),
  );
  expect(changes).toEqual([COMPACTED]);
  expect(requests.map(isSummary)).toEqual([true, false]);
  expect(shown).toBe("The answer.");
  const [first, summary, ...rest] = requests[1]?.view.messages ?? [];
  expect(first?.text).toBe("The first request.");
  expect(summary?.text).toContain("<summary>\nGoal: this.\n</summary>\n<memory>\nWhat I noted.\n</memory>");
  expect(rest[0]?.role).toBe("assistant");
  expect(rest.at(-1)?.text).toMatch(/^found 39/);
  expect(window.session.view.summary).toBe("Goal: this.");
});

test("the summary is asked for with a bounded text, and takes in the one before", async () => {
  const { requests } = await play(
    [logOf(40, 1600, 80), logOf(80, 1600, 80)],
    answers({ text: "Goal: this." }),
  );
  const [first, second] = requests.filter(isSummary);
  expect(first?.view.tools).toEqual([]);
  expect(first?.raw.length).toBeLessThan(30_000);
  expect(first?.raw).not.toContain("earlier-summary>");
  expect(second?.view.messages[0]?.text).toContain("<earlier-summary>\nGoal: this.\n</earlier-summary>");
  expect(requests.at(-1)?.raw.split("<summary>").length).toBe(2);
});

test.each<[string, ScriptedReply]>([
  ["it is empty", { text: " \n" }],
  ["it is a refusal", { text: "I will not.", stop: "refused" }],
  ["it is too long to be asked for", tooLong],
])("no summary, for %s: the messages are left out with a notice", async (_, summary) => {
  const { requests, changes } = await play([logOf(40, 1600, 80)], answers(summary));
  expect(changes).toEqual([TRUNCATED]);
  expect(requests.at(-1)?.view.messages[1]?.text).toContain("Messages were left out without a summary");
});

test("a summary that is longer than what it stands for is not taken", async () => {
  const log = logOf(6, 400, 400);
  const { changes, window } = await play([log], answers({ text: "Endless. ".repeat(800) }), compact);
  expect(changes).toEqual([TRUNCATED]);
  expect(window.session.view.summary.length).toBeLessThan(100);
});

test("an endless summary is clipped", async () => {
  const { window } = await play([logOf(40, 1600, 80)], answers({ text: "Endless. ".repeat(2000) }));
  expect(window.session.view.summary.length).toBeLessThan(8100);
});

test("a summary that cannot be asked for just now changes nothing", async () => {
  const badKey: ScriptedReply = { fault: { type: "refusal", name: "bad_key" } };
  const { requests, changes, window } = await play([logOf(40, 1600, 80)], answers(badKey));
  expect(changes).toEqual([]);
  expect(requests.map(isSummary)).toEqual([true, false]);
  expect(window.session.view.keptFrom).toBe(0);
});

test("a request that is too long all the same is compacted once and sent once more", async () => {
  let refusals = 0;
  const { requests, outcome, changes } = await play([logOf(8, 200, 2000)], (request) => {
    if (isSummary(request)) return { text: "Goal: this." };
    return refusals++ === 0 ? tooLong : { text: "The answer." };
  });
  expect(requests.map(isSummary)).toEqual([false, true, false]);
  expect(changes).toEqual([COMPACTED]);
  expect(outcome).toMatchObject({ stop: "done", message: { text: "The answer." } });
});

test("a service that finds everything too long is asked a few times, and never in circles", async () => {
  const script = (request: RecordedRequest) => (isSummary(request) ? { text: "Goal: this." } : tooLong);
  const { requests, outcome } = await play(
    Array.from({ length: 5 }, () => logOf(8, 200, 2000)),
    script,
  );
  expect(outcome).toMatchObject({ stop: "error", error: { kind: "context_too_long" } });
  expect(requests.filter(isSummary).length).toBe(1);
  expect(requests.filter((request) => !isSummary(request)).length).toBeLessThanOrEqual(7);
});

test("a compaction that was asked for is made at once, and not twice", async () => {
  const log = logOf(8, 200, 2000);
  const { requests, changes, outcome, window } = await play(
    [log, log],
    answers({ text: "Goal: this." }),
    compact,
  );
  expect(requests.map(isSummary)).toEqual([true]);
  expect(changes).toEqual([COMPACTED]);
  expect(outcome).toBe(false);
  expect(JSON.parse(JSON.stringify(window.session.view))).toEqual(window.session.view);
  expect(viewOf(log, window.session.view).length).toBeLessThan(log.length);
});

test("a count of the provider's is worth more than an estimate, until the view changes", async () => {
  const log = logOf(4, 200, 2000);
  const script = (request: RecordedRequest, index: number) =>
    isSummary(request)
      ? { text: "Goal: this." }
      : { text: "Yes.", usage: { input: index === 0 ? 15_000 : 900, output: 9 } };
  const { changes, window } = await play([log, log, log], script);
  expect(changes.length).toBe(1);
  expect(window.reported?.tokens).toBe(909);
});

test("of a log that was made in a far larger window, one that fits is left", async () => {
  const { requests, changes } = await play([logOf(400, 400, 4000)], answers({ text: "## Goal\nAll of it." }));
  expect(changes).toEqual([COMPACTED]);
  expect(requests.map(isSummary)).toEqual([true, false]);
  expect(requests.at(-1)?.raw.length).toBeLessThan(4 * 16_000);
});

test("a view is the session's before anyone is told of it", async () => {
  const { requests, window } = await play([logOf(40, 80, 2000)], answers(tooLong));
  expect(window.views).toHaveLength(1);
  expect(requests.map(({ view }) => view.messages.map(({ text }) => text))).toEqual([
    viewOf(logOf(40, 80, 2000), window.session.view).map(({ text }) => text),
  ]);
});
