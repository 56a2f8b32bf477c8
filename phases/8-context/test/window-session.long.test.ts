import {
  type Dialect,
  dialects,
  promptText,
  type RecordedRequest,
  sharedStart,
  startWire,
} from "@eightfold/checker";
import { messageTokens } from "@eightfold/core";
import { chooseModel } from "@eightfold/providers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { shrunk } from "../src/window/shrink.ts";
import { wholeLog } from "../src/window/view.ts";
import { askInWindow } from "../src/window/window.ts";
import { openWindow } from "./a-window.ts";
import {
  FIRST_REQUEST,
  isSummary,
  LAST_EDITS,
  runSession,
  STEPS,
  SYSTEM,
  sessionScript,
  TOOLS,
} from "./long-session.ts";

const WINDOW = 16_000;

async function session(dialect: Dialect) {
  vi.stubEnv("EIGHTFOLD_CONTEXT", String(WINDOW));
  onTestFinished(() => void vi.unstubAllEnvs());
  await using server = await startWire(dialect, sessionScript(), { contextLength: WINDOW });
  const { model } = await chooseModel(server.env.EIGHTFOLD_MODEL, server.env);
  const window = openWindow();
  const { signal } = new AbortController();
  const log = await runSession((conversation) =>
    askInWindow(window, { model, system: SYSTEM, conversation, tools: TOOLS, memory: "" }, signal),
  );
  const work = messageTokens(shrunk(log, { ...wholeLog, resultRoom: WINDOW / 2 }));
  return { all: server.requests, work };
}

const tokensOf = (dialect: Dialect, request: RecordedRequest) =>
  Buffer.byteLength(promptText(dialect, request)) / 4;

/** How much of the text that was sent repeats the start of the request before. */
function repeated(texts: readonly string[]): number {
  const shared = texts.slice(1).map((after, index) => sharedStart(texts[index] ?? "", after));
  return shared.reduce((sum, length) => sum + length) / texts.join("").length;
}

describe.each(dialects)("300 steps in a window of 16k, %s", (dialect) => {
  test("no request is over it, all are valid, and what matters is known at the end", async () => {
    const { all, work } = await session(dialect);
    const steps = all.filter((request) => !isSummary(request));
    expect(all.flatMap(({ refusal }) => refusal ?? [])).toEqual([]);
    expect(steps.length).toBe(STEPS);
    expect(Math.max(...all.map((request) => tokensOf(dialect, request)))).toBeLessThan(WINDOW);

    const compactions = all.length - steps.length;
    expect(compactions).toBeGreaterThan(0);
    expect(work / compactions).toBeGreaterThan(8000);

    expect(repeated(steps.map((request) => promptText(dialect, request)))).toBeGreaterThan(0.9);
    expect(repeated(steps.map(({ view }) => JSON.stringify([view.system, view.messages])))).toBeGreaterThan(
      0.9,
    );
    const last = JSON.stringify(steps.at(-1)?.view.messages);
    for (const words of [FIRST_REQUEST, ...LAST_EDITS]) expect(last).toContain(words);
  });
});
