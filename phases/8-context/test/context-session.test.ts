import type { Message } from "@eightfold/core/conversation";
import { chooseModel, type ModelEvent } from "@eightfold/core/model";
import { promptText, sharedStart } from "@eightfold/checker";
import { type Dialect, type RecordedRequest, startWire } from "@eightfold/checker";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ask, type Context, type ContextEvent } from "../src/context.ts";
import { messageTokens } from "@eightfold/core/model";
import { wholeLog } from "../src/view.ts";
import { FIRST_REQUEST, isSummary, longScript, markOf, runLongSession, STEPS, SYSTEM, TOOLS } from "./long-session.ts";

const WINDOW = 16_000;

async function session(dialect: Dialect) {
  vi.stubEnv("EIGHTFOLD_CONTEXT", String(WINDOW));
  onTestFinished(() => void vi.unstubAllEnvs());
  await using server = await startWire(dialect, longScript(), { contextLength: WINDOW });
  const { model } = await chooseModel(server.env.EIGHTFOLD_MODEL, { ...server.env });
  const context: Context = { view: wholeLog };
  const events: (ModelEvent | ContextEvent)[] = [];
  const log = await runLongSession(
    model,
    (conversation) => ask(context, { model, system: SYSTEM, conversation, tools: TOOLS, memory: "" }, new AbortController().signal),
    (event) => events.push(event),
  );
  return { log, events, requests: server.requests.filter((r) => !isSummary(r)), summaries: server.requests.filter(isSummary), all: server.requests };
}

describe.each<Dialect>(["responses", "chat", "gemini", "ollama"])("300 steps, %s", (dialect) => {
  test("x", async () => {
    const { log, requests, summaries, all, events } = await session(dialect);
    expect(all.filter(({ refusal }) => refusal)).toEqual([]);
    expect(requests.length).toBe(STEPS);
    const sizes = all.map((r) => Math.ceil(Buffer.byteLength(promptText(dialect, r)) / 4));
    const prompts = requests.map((r) => promptText(dialect, r));
    const shares = prompts.slice(1).map((after, i) => sharedStart(prompts[i]!, after) / after.length);
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    const changes = events.flatMap((e) => e.type === "context_change" ? [e.change.type] : []);
    console.log(dialect, "max", Math.max(...sizes), "mean size", sizes.reduce((a, b) => a + b) / sizes.length, "share", mean, "summaries", summaries.length, "log", messageTokens(log), changes.join(" "));
    console.log("weighted", prompts.slice(1).reduce((s, a, i) => s + sharedStart(prompts[i]!, a), 0) / prompts.join("").length);
    const last = JSON.stringify(requests.at(-1)?.view.messages);
    
    for (const step of [297, 293, 289]) expect(last).toContain(markOf(step));
    expect(last).toContain(FIRST_REQUEST);
  });
});
