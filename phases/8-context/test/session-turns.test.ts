import type { StopReason } from "@eightfold/core";
import { expect, test } from "vitest";
import type { AgentEvent } from "../src/agent.ts";
import { recorded, type Session } from "../src/sessions/session.ts";
import { wholeLog } from "../src/window/view.ts";
import { assistant, begin, emptyFolder, recordsIn, resume, say, user } from "./session-folder.ts";

const reply = (input: number, model = "gpt-6-luna") =>
  ({
    type: "reply_end",
    provider: "demo",
    model,
    stop: "done",
    usage: { input, output: 1 },
    costUsd: 0,
  }) as const;
const call = { id: "1", name: "delegate", input: {} };
const view = { ...wholeLog, keptFrom: 2, resultRoom: 9 };

async function drive(session: Session, turn: AsyncGenerator<AgentEvent, StopReason>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of recorded(session, turn)) types.push(type);
  return types;
}

test("a turn passes through, and what it used and changed is saved", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  async function* turn(): AsyncGenerator<AgentEvent, StopReason> {
    say(session, user("go"), assistant("gone"));
    yield reply(10);
    session.append({ type: "view", view });
    yield { type: "notice", text: "" };
    yield { type: "tool_progress", call, text: "reads", reply: reply(5) };
    return "step_limit";
  }
  expect(await drive(session, turn())).toEqual(["reply_end", "notice", "tool_progress"]);
  expect((await recordsIn(session.file)).at(-1)).toEqual({
    type: "turn_end",
    stop: "step_limit",
    spent: { usage: { input: 15, output: 2 }, costUsd: 0 },
    total: { turns: 1, costUsd: 0 },
  });
  session.close();
  const resumed = await resume(root);
  expect(resumed.session.view).toEqual(view);
  expect(resumed.session.total).toEqual({ turns: 1, costUsd: 0 });
});

test("a turn that throws has ended with an error", async () => {
  const session = await begin(await emptyFolder());
  async function* turn(): AsyncGenerator<AgentEvent, StopReason> {
    say(session, user("go"));
    yield reply(10);
    throw new Error("a bug");
  }
  await expect(drive(session, turn())).rejects.toThrow("a bug");
  expect((await recordsIn(session.file)).at(-1)).toMatchObject({ type: "turn_end", stop: "error" });
});

test("a compaction that the user asks for costs, and is no turn", async () => {
  const session = await begin(await emptyFolder());
  async function* turn(): AsyncGenerator<AgentEvent, StopReason> {
    yield reply(10);
    return "done";
  }
  await drive(session, turn());
  expect(session.total).toEqual({ turns: 0, costUsd: 0 });
});

test("a compaction that does nothing, and a turn that was stopped before it asked, leave an unknown cost unknown", async () => {
  const session = await begin(await emptyFolder());
  async function* nothing(): AsyncGenerator<AgentEvent, StopReason> {
    yield { type: "notice", text: "Nothing was left out." };
    return "done";
  }
  async function* stopped(): AsyncGenerator<AgentEvent, StopReason> {
    say(session, user("go"));
    yield { type: "notice", text: "" };
    return "aborted";
  }
  await drive(session, nothing());
  expect(session.total).toEqual({ turns: 0 });
  async function* refused(): AsyncGenerator<AgentEvent, StopReason> {
    yield { ...reply(0), stop: "error", usage: { input: 0, output: 0 } };
    return "error";
  }
  await drive(session, refused());
  await drive(session, stopped());
  expect(session.total).toEqual({ turns: 1 });
  await drive(session, nothing());
  expect((await recordsIn(session.file)).filter(({ type }) => type === "turn_end")).toHaveLength(1);
});
