import { deepStrictEqual } from "node:assert/strict";
import {
  type AssistantMessage,
  type Message,
  type Model,
  type ModelErrorKind,
  type ModelRequest,
  messageTokens,
  type Reply,
  type ToolResult,
} from "@eightfold/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { type View, viewOf, wholeLog } from "../src/window/view.ts";
import { askInWindow } from "../src/window/window.ts";
import { openWindow } from "./a-window.ts";

type Dice = (below: number) => number;

/** Numbers that only look random: a failure comes again. */
function diceOf(seed: number): Dice {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const words = (dice: Dice, most: number) => "some words ".repeat(dice(most));

/** A model that says anything, fails now and then, and writes good, empty and endless summaries. */
function moodyModel(dice: Dice, sent: (request: ModelRequest) => void): Model {
  let calls = 0;

  function replyTo(request: ModelRequest): Reply {
    const isSummary = request.system?.startsWith("You write the summary");
    if (!isSummary) sent(request);
    if (dice(30) === 0) return failed("context_too_long");
    if (dice(30) === 0) return failed("overloaded");
    const usage = dice(3) === 0 ? {} : { input: messageTokens(request.conversation) + 60, output: 20 };
    if (isSummary)
      return { message: said(["", "Goal.", words(dice, 5000)][dice(3)] ?? ""), stop: "done", usage };
    const toolCalls = Array.from({ length: dice(5) }, () => ({
      id: `call-${calls++}`,
      name: "read_file",
      input: { path: words(dice, 40) },
    }));
    const native = { provider: "moody", model: "moody", data: words(dice, 100) };
    return { message: { ...said(words(dice, 40)), toolCalls, native }, stop: "done", usage };
  }

  return {
    provider: "moody",
    name: "moody",
    async *stream(request) {
      const { message, ...end } = replyTo(request);
      yield { type: "text_delta", text: message.text };
      yield { type: "reply_end", provider: "moody", model: "moody", ...end };
      return { message, ...end };
    },
  };
}

const said = (text: string): AssistantMessage => ({ role: "assistant", text, toolCalls: [] });

function failed(kind: ModelErrorKind): Reply {
  return { message: said(""), stop: "error", usage: {}, error: { kind, message: kind, retryable: false } };
}

function resultOf(id: string, dice: Dice): ToolResult {
  const text = words(dice, dice(10) === 0 ? 5000 : 60);
  return { role: "tool", callId: id, name: "read_file", text, isError: dice(4) === 0, summary: "some words" };
}

interface Sent {
  readonly messages: readonly Message[];
  readonly view: View;
  readonly log: readonly Message[];
}

/** Some turns of a random session, with every request that was sent for a reply. */
async function play(dice: Dice, size: number): Promise<Sent[]> {
  vi.stubEnv("EIGHTFOLD_CONTEXT", String(size));
  onTestFinished(() => void vi.unstubAllEnvs());
  const sent: Sent[] = [];
  const log: Message[] = [];
  const window = openWindow();
  const model = moodyModel(dice, ({ conversation }) =>
    sent.push({ messages: conversation, view: window.session.view, log: [...log] }),
  );
  for (let step = 0; step < 120; step++) {
    const last = log.at(-1);
    const pasted = dice(6) === 0 ? Math.floor(size / 8) : 60; // a fifth of the window, or a few lines
    if (last?.role !== "tool") log.push({ role: "user", text: `Request ${step}. ${words(dice, pasted)}` });
    const memory = dice(2) === 0 ? "" : words(dice, 20);
    const before = [...log];
    for (const message of log) Object.freeze(message);
    const events = askInWindow(window, { model, conversation: log, memory }, new AbortController().signal);
    let next = await events.next();
    while (!next.done) next = await events.next();
    deepStrictEqual(log, before);
    const { message } = next.value;
    log.push(message, ...message.toolCalls.map(({ id }) => resultOf(id, dice)));
  }
  return sent;
}

/** Each call has its results behind it, all of them, once; and no result stands anywhere else. */
function expectPairs(messages: readonly Message[]): void {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      expect(open.shift()).toBe(message.callId);
      continue;
    }
    expect(open).toEqual([]);
    open = message.role === "assistant" ? message.toolCalls.map(({ id }) => id) : [];
  }
  expect(open).toEqual([]);
}

/** What came last: the last request or reply, and what followed it. */
function lastStep(messages: readonly Message[]): readonly Message[] {
  return messages.slice(messages.findLastIndex(({ role }) => role !== "tool"));
}

test.each(Array.from({ length: 25 }, (_, seed) => seed + 1))(
  "random session %i: every request is sound",
  async (seed) => {
    const dice = diceOf(seed);
    const size = 4000 + dice(20_000);
    const sent = await play(dice, size);
    for (const [index, { messages, view: kept, log }] of sent.entries()) {
      const view = { ...kept, resultRoom: Math.min(kept.resultRoom, Math.floor(size / 2)) };
      deepStrictEqual(viewOf(log, view), messages);
      expectPairs(messages);
      const [start] = /^Request \d+\. /.exec(log.findLast(({ role }) => role === "user")?.text ?? "") ?? [];
      expect(messages[0]?.text).toMatch(/^Request 0\. /);
      expect(messages.some(({ text }) => start && text.startsWith(start))).toBe(true);
      const whole = { ...wholeLog, resultRoom: view.resultRoom };
      deepStrictEqual(lastStep(messages), lastStep(viewOf(log, whole)));
      expect(messageTokens(messages)).toBeLessThan(size);
      const before = sent[index - 1];
      if (before?.view === kept) deepStrictEqual(messages.slice(0, before.messages.length), before.messages);
    }
    expect(new Set(sent.map(({ view }) => view)).size).toBeGreaterThan(1);
  },
);
